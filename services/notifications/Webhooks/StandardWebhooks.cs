using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Notifications.Webhooks;

/// <summary>Signatures of the Standard Webhooks specification (standardwebhooks.com, 1.0.0), symmetric: HMAC-SHA256 over <c>{id}.{timestamp}.{body}</c>.</summary>
public static class StandardWebhooks
{
    public const string Id = "webhook-id", Timestamp = "webhook-timestamp", Signature = "webhook-signature", SecretPrefix = "whsec_";
    private const string Version = "v1,";
    private const int SecretLength = 32, MaxSignatures = 10, MaxId = 256;

    /// <summary>How far the clocks of both sides may lie apart, and how old a message may be.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretLength);

    /// <summary>As people are given it.</summary>
    public static string Show(byte[] secret) => SecretPrefix + Convert.ToBase64String(secret);

    /// <summary>
    /// The keys that a secret somebody has chosen may stand for: with the prefix its base64; else the text itself, and what it would be as base64, since the libraries of the specification read it so.
    /// </summary>
    public static IReadOnlyList<byte[]> Keys(string secret)
    {
        var prefixed = secret.StartsWith(SecretPrefix, StringComparison.Ordinal);
        var bare = prefixed ? secret[SecretPrefix.Length..] : secret;
        var bytes = new byte[bare.Length];
        var decoded = Convert.TryFromBase64String(bare.PadRight((bare.Length + 3) / 4 * 4, '='), bytes, out var length) && length > 0 ? bytes[..length] : null;
        return (prefixed, decoded) switch
        {
            (true, { } key) => [key],
            (_, null) => [Encoding.UTF8.GetBytes(secret)],
            (_, { } key) => [Encoding.UTF8.GetBytes(secret), key],
        };
    }

    /// <summary>The value of <see cref="Signature"/>: one signature for each secret, so that a secret can be changed without a gap.</summary>
    public static string Sign(IEnumerable<byte[]> secrets, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var signed = Signed(id, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), body);
        return string.Join(' ', secrets.Select(s => Version + Convert.ToBase64String(HMACSHA256.HashData(s, signed))));
    }

    /// <summary>Whether a message comes from somebody who holds one of the secrets, and is not an old one sent again.</summary>
    public static bool Verify(IReadOnlyList<byte[]> secrets, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || id.Length > MaxId || string.IsNullOrEmpty(signatures)) return false;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) > (decimal)Tolerance.TotalSeconds) return false;
        var signed = Signed(id, timestamp, body);
        var good = false;
        foreach (var signature in signatures.Split(' ', MaxSignatures + 1).Take(MaxSignatures).Where(s => s.StartsWith(Version, StringComparison.Ordinal)))
        {
            var given = new byte[HMACSHA256.HashSizeInBytes + 1];
            if (!Convert.TryFromBase64String(signature[Version.Length..], given, out var length)) continue;
            foreach (var secret in secrets) good |= CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(secret, signed), given.AsSpan(0, length));
        }
        return good;
    }

    private static byte[] Signed(string id, string timestamp, ReadOnlySpan<byte> body) => [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
}
