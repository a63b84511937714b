using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Platform.LocalStore;

/// <summary>Who may connect, from a file with a name and a password to a line. Only what SCRAM needs of a password is kept.</summary>
internal sealed class Users
{
    /// <summary>May touch every database; the others only the one that is called as they are.</summary>
    public const string Administrator = "admin";

    /// <summary>The least that RFC 7677 allows; the passwords are random, and long.</summary>
    public const int Iterations = 4096;

    private readonly FrozenDictionary<string, Credential> _known;

    // A name that is unknown is asked for its proof like any other, with a salt that stays the same.
    private readonly byte[] _unknownSalts = RandomNumberGenerator.GetBytes(32);

    private Users(IEnumerable<(string Name, string Password)> users) => _known = users.ToFrozenDictionary(u => u.Name, u => Credential.Of(u.Password, RandomNumberGenerator.GetBytes(16)));

    /// <exception cref="FormatException">A line is not a name and a password.</exception>
    public static Users From(IEnumerable<string> lines) => new(lines.Where(l => l.Length > 0).Select(line =>
        line.Split(' ') is [{ Length: > 0 } name, { Length: > 0 } password] ? (name, password) : throw new FormatException("a user is a name and a password with a space between them")));

    public bool Knows(string name) => _known.ContainsKey(name);

    public Credential Find(string name) => _known.TryGetValue(name, out var credential) ? credential
        : new(HMACSHA256.HashData(_unknownSalts, Encoding.UTF8.GetBytes(name))[..16], RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));

    /// <summary>What a server keeps of a password (RFC 5802, section 3).</summary>
    internal sealed record Credential(byte[] Salt, byte[] StoredKey, byte[] ServerKey)
    {
        public static Credential Of(string password, byte[] salt)
        {
            var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
            return new(salt, SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8)), HMACSHA256.HashData(salted, "Server Key"u8));
        }
    }
}
