using System.Globalization;

namespace Platform.Gateway.Caching;

/// <summary>Section <c>Cache</c> of appsettings.json.</summary>
public sealed class CacheSettings
{
    public CacheSettings(IConfiguration configuration)
    {
        MaxBytes = long.Parse(configuration["Cache:MaxBytes"] ?? "67108864", CultureInfo.InvariantCulture);
        MaxAge = TimeSpan.Parse(configuration["Cache:MaxAge"] ?? "00:01:00", CultureInfo.InvariantCulture);
    }

    /// <summary>What all answers together may take, their compressed forms included.</summary>
    public long MaxBytes { get; }

    /// <summary>After so long an answer is asked for anew, whatever the messages said: it bounds what a lost or forgotten one can spoil.</summary>
    public TimeSpan MaxAge { get; }

    /// <summary>The same while the broker is out of touch: long enough to spare the parts a stampede, short enough to notice a withdrawal.</summary>
    public TimeSpan MaxAgeOutOfTouch => TimeSpan.FromSeconds(1);

    /// <summary>Larger answers are passed on and not kept.</summary>
    public const int MaxAnswer = 4 * 1024 * 1024;

    /// <summary>Fingerprinted files (Cache-Control: immutable) are kept up to this size: style sheets and type, not pictures.</summary>
    public const int MaxImmutable = 256 * 1024;
}
