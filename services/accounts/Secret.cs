using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Accounts;

/// <summary>Opaque credentials: 256 random bits behind a prefix that says what they are. Only their hash is stored, and it needs no salt: they can't be guessed.</summary>
public static class Secret
{
    public const string Session = "ses_", Token = "pat_";

    public static string New(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256, base64url.</summary>
    public static string Hash(string secret) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
