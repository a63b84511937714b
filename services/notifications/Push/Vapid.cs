using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Notifications.Mail;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Push;

/// <summary>Says to push services who we are (VAPID, RFC 8292): a JWT signed with ES256, one for each push service and half a day.</summary>
public sealed class Vapid(VapidKeyStore keys, MailSettings mail, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12), Renewed = TimeSpan.FromHours(6);
    private const int MaxTokens = 1_000;
    private readonly ConcurrentDictionary<string, (string Value, DateTimeOffset At)> _tokens = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _once = new(1);
    private ECDsa? _key;

    /// <summary>The public key, for browsers: an uncompressed point in base64url.</summary>
    public async Task<string> PublicKey(CancellationToken ct) => Base64Url.EncodeToString(Curve.Point((await Key(ct)).ExportParameters(includePrivateParameters: false)));

    /// <summary>The Authorization header for an endpoint.</summary>
    public async Task<string> Authorization(string endpoint, CancellationToken ct)
    {
        var audience = new Uri(endpoint).GetLeftPart(UriPartial.Authority);
        var now = clock.GetUtcNow();
        if (_tokens.TryGetValue(audience, out var known) && now - known.At < Renewed && known.At <= now) return known.Value;
        if (_tokens.Count >= MaxTokens) _tokens.Clear();
        var claims = new Dictionary<string, object> { ["aud"] = audience, ["exp"] = (now + Lifetime).ToUnixTimeSeconds(), ["sub"] = "mailto:" + mail.From.Address };
        var signed = Encode("""{"typ":"JWT","alg":"ES256"}"""u8) + "." + Encode(JsonSerializer.SerializeToUtf8Bytes(claims, StrictJson.Options));
        var key = await Key(ct);
        byte[] signature;
        lock (key) signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var value = $"vapid t={signed}.{Encode(signature)}, k={await PublicKey(ct)}";
        _tokens[audience] = (value, now);
        return value;
    }

    public void Dispose()
    {
        _key?.Dispose();
        _once.Dispose();
    }

    private async Task<ECDsa> Key(CancellationToken ct)
    {
        if (_key is { } known) return known;
        await _once.WaitAsync(ct);
        try { return _key ??= await keys.Get(ct); }
        finally { _once.Release(); }
    }

    private static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
