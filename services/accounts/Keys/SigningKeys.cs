using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Keys;

/// <summary>
/// The keys that sign the platform's JWTs (ES256, RFC 7518). Time is cut into periods of 30 days from the epoch, and each period has one key.
/// A key is published two days before its period, so that every service knows it before it signs, and a day after it, until long after its last token is over.
/// The period is in the key's name in the store: replicas need no leader to agree. So is the secret that seals it: after a change of SERVICE_SECRET
/// new keys are made beside the old ones, and both are published.
/// </summary>
public sealed partial class SigningKeys(SigningKeyStore store, PlatformSettings settings, TimeProvider clock, ILogger<SigningKeys> logger)
{
    public static readonly TimeSpan Period = TimeSpan.FromDays(30), PublishedBefore = TimeSpan.FromDays(2), PublishedAfter = TimeSpan.FromDays(1);

    /// <summary>How long a JWT lives. The gateway asks for a new one after at most 5 s.</summary>
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromSeconds(60);

    private readonly byte[] _sealKey = settings.Key("signing-keys");
    private readonly JsonWebTokenHandler _tokens = new() { SetDefaultTimesOnTokenCreation = false };
    private volatile IReadOnlyDictionary<string, ECDsaSecurityKey> _own = new Dictionary<string, ECDsaSecurityKey>();
    private volatile IReadOnlyList<ECDsaSecurityKey> _published = [];

    /// <summary>Keys that a service may meet: the present, the next from two days before, the last one for a day. Public parts alone.</summary>
    public IReadOnlyList<ECDsaSecurityKey> Published => _published;

    /// <summary>A JWT that says who the member is, for <see cref="TokenLifetime"/>.</summary>
    /// <exception cref="Problem">503 before the keys were read.</exception>
    public string Sign(Guid memberId, string name, IEnumerable<string> roles)
    {
        var now = clock.GetUtcNow();
        var key = _own.GetValueOrDefault(KeyOf(now)) ?? throw Problem.Unavailable("keys.unavailable", "The signing keys are not there yet; try again shortly.");
        return _tokens.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = ServiceDefaults.Identity.Issuer,
            Audience = ServiceDefaults.Identity.Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = (now + TokenLifetime).UtcDateTime,
            Claims = new Dictionary<string, object> { ["sub"] = memberId.ToString(), ["name"] = name, ["roles"] = roles.ToArray() },
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    /// <summary>Makes the keys that are due and reads those that are there.</summary>
    public async Task Refresh(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var stored = await store.List(now, ct);
        var missing = new[] { now, now + PublishedBefore }.DistinctBy(KeyOf).Where(at => stored.All(k => k.Id != KeyOf(at))).ToList();
        foreach (var at in missing) await store.Add(New(at, now), ct);
        if (missing.Count > 0) stored = await store.List(now, ct);

        var known = _own;
        _published = [.. stored.Select(Public)];
        _own = stored.Where(k => k.Id.EndsWith(Sealer, StringComparison.Ordinal))
            .ToDictionary(k => k.Id, k => known.GetValueOrDefault(k.Id) is { } key && key.KeyId == k.KeyId ? key : Private(k));
    }

    private string Sealer => "-" + Convert.ToHexStringLower(SHA256.HashData(_sealKey).AsSpan(0, 4));

    /// <summary>Name of the key that signs at this time.</summary>
    private string KeyOf(DateTimeOffset time) => $"{Number(time)}{Sealer}";

    private static long Number(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Period.TotalSeconds;

    private SigningKey New(DateTimeOffset at, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var end = DateTimeOffset.UnixEpoch + ((Number(at) + 1) * Period);
        Log.Made(logger, id, end);
        return new SigningKey(KeyOf(at), id, key.ExportSubjectPublicKeyInfo(), SecretBox.Seal(key.ExportPkcs8PrivateKey(), _sealKey), now, end + PublishedAfter);
    }

    private ECDsaSecurityKey Private(SigningKey stored)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(SecretBox.Open(stored.Sealed, _sealKey), out _);
        return new ECDsaSecurityKey(key) { KeyId = stored.KeyId };
    }

    private static ECDsaSecurityKey Public(SigningKey stored)
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(stored.PublicKey, out _);
        return new ECDsaSecurityKey(key) { KeyId = stored.KeyId };
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Made signing key {KeyId}, to sign until {Until}")]
        public static partial void Made(ILogger logger, string keyId, DateTimeOffset until);
    }
}
