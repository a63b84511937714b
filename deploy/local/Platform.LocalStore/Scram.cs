using System.Security.Cryptography;
using System.Text;

namespace Platform.LocalStore;

/// <summary>The server's side of one SCRAM-SHA-256 conversation (RFC 5802, RFC 7677), without channel binding.</summary>
internal sealed class Scram
{
    public const string Mechanism = "SCRAM-SHA-256";

    private readonly Users.Credential _credential;
    private readonly string _nonce, _clientFirstBare, _serverFirst;
    private readonly bool _known;

    /// <summary>Takes the client's first message, such as <c>n,,n=articles,r=…</c>.</summary>
    /// <exception cref="StoreError">18 AuthenticationFailed: the message is malformed.</exception>
    public Scram(Users users, byte[] clientFirst)
    {
        var text = Encoding.UTF8.GetString(clientFirst);
        if (!text.StartsWith("n,,", StringComparison.Ordinal)) throw Failed();
        _clientFirstBare = text[3..];
        User = Attribute(_clientFirstBare, 'n').Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        _nonce = Attribute(_clientFirstBare, 'r') + Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        (_known, _credential) = (users.Knows(User), users.Find(User));
        _serverFirst = $"r={_nonce},s={Convert.ToBase64String(_credential.Salt)},i={Users.Iterations}";
    }

    /// <summary>Who the client says he is; proven once <see cref="Finish"/> has returned.</summary>
    public string User { get; }

    public byte[] Challenge => Encoding.UTF8.GetBytes(_serverFirst);

    /// <summary>Checks the client's proof, and answers with the server's own.</summary>
    /// <exception cref="StoreError">18 AuthenticationFailed, the same for a wrong name and a wrong password.</exception>
    public byte[] Finish(byte[] clientFinal)
    {
        var text = Encoding.UTF8.GetString(clientFinal);
        var proofAt = text.LastIndexOf(",p=", StringComparison.Ordinal);
        if (proofAt < 0 || Attribute(text, 'c') != "biws" || Attribute(text, 'r') != _nonce) throw Failed();
        var proof = new byte[32];
        if (!Convert.TryFromBase64String(text[(proofAt + 3)..], proof, out var length) || length != proof.Length) throw Failed();

        var signed = Encoding.UTF8.GetBytes($"{_clientFirstBare},{_serverFirst},{text[..proofAt]}");
        var signature = HMACSHA256.HashData(_credential.StoredKey, signed);
        for (var i = 0; i < proof.Length; i++) proof[i] ^= signature[i];
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(proof), _credential.StoredKey) || !_known) throw Failed();
        return Encoding.UTF8.GetBytes("v=" + Convert.ToBase64String(HMACSHA256.HashData(_credential.ServerKey, signed)));
    }

    private static string Attribute(string message, char name) =>
        message.Split(',').FirstOrDefault(part => part.Length > 2 && part[0] == name && part[1] == '=')?[2..] ?? throw Failed();

    private static StoreError Failed() => new(StoreError.AuthenticationFailed, "Authentication failed.");
}
