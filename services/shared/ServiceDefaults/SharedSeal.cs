using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>What one service hands another sealed under a secret that both know, so that no message, queue or outbox holds it in the clear.</summary>
public abstract class SharedSeal
{
    private readonly byte[] _key;

    /// <param name="setting">Holds the secret.</param>
    /// <param name="parties">Whom it must be the same for, as the operator is told.</param>
    /// <param name="purpose">Keeps keys of one secret apart.</param>
    protected SharedSeal(IConfiguration configuration, string setting, string parties, string purpose)
    {
        var secret = configuration[setting] is { Length: >= 32 } given ? given
            : throw new SettingException($"{setting} is missing or too short: at least 32 random characters, the same for {parties}.");
        _key = SecretBox.Key(secret, purpose);
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
