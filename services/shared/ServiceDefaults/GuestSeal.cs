using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>GUEST_SECRET: Comments hands guests' addresses, and links that only they may have, to Notifications sealed under it, so that no message, queue or outbox holds one in the clear.</summary>
public sealed class GuestSeal
{
    private readonly byte[] _key;

    public GuestSeal(IConfiguration configuration)
    {
        var secret = configuration["GUEST_SECRET"] is { Length: >= 32 } given ? given
            : throw new SettingException("GUEST_SECRET is missing or too short: at least 32 random characters, the same for Comments and Notifications.");
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "guest:mail"u8.ToArray());
    }

    /// <returns>In base64.</returns>
    public string Seal(string text) => Convert.ToBase64String(SecretBox.Seal(Encoding.UTF8.GetBytes(text), _key));

    /// <returns>Null where it was sealed under another key, or is not sealed at all.</returns>
    public string? Open(string box)
    {
        try { return Encoding.UTF8.GetString(SecretBox.Open(Convert.FromBase64String(box), _key)); }
        catch (Exception e) when (e is CryptographicException or FormatException) { return null; }
    }
}
