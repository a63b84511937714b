using System.Collections.Concurrent;
using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Mail;

/// <summary>How many mails may be on their way to one domain at the same time, and how many a minute.</summary>
public sealed record DomainLimit(int AtOnce, int PerMinute);

/// <summary>A sender that is new to the world's mail servers begins slowly: so many mails on the first day, twice as many on each one after.</summary>
public sealed record WarmUp(DateOnly From, int FirstDay)
{
    private const int Days = 20;

    /// <returns>How many on that day (UTC); null where there is no limit any more.</returns>
    public long? On(DateOnly day)
    {
        var passed = day.DayNumber - From.DayNumber;
        return passed >= Days ? null : passed < 0 ? 0 : (long)FirstDay << passed;
    }
}

/// <summary>
/// Holds mass mail to the pace that receivers bear: MAIL_DOMAIN_LIMITS (<c>example.com=2/600,*=20/6000</c>: at once / per minute, each for its own domain, in each process) and
/// MAIL_WARMUP (<c>2026-01-31=500</c>, over all processes). What comes too early is put off, which is no failure and no try. Without settings nothing is held.
/// </summary>
public sealed class MailPace(IReadOnlyDictionary<string, DomainLimit> limits, WarmUp? warmUp, MailPaceStore store, TimeProvider clock)
{
    private const string Any = "*";
    private const int MaxDomains = 100_000;
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, Domain> _domains = new(StringComparer.Ordinal);

    /// <exception cref="SettingException">One of the two is malformed.</exception>
    public static (IReadOnlyDictionary<string, DomainLimit> Limits, WarmUp? WarmUp) Read(IConfiguration configuration)
    {
        var limits = new Dictionary<string, DomainLimit>(StringComparer.Ordinal);
        foreach (var part in (configuration["MAIL_DOMAIN_LIMITS"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            limits[part.Split('=')[0].ToLowerInvariant()] = part.Split('=', '/') is [{ Length: > 0 }, var atOnce, var perMinute] && Number(atOnce) is { } n && Number(perMinute) is { } m ? new(n, m)
                : throw new SettingException("MAIL_DOMAIN_LIMITS must be domain=at once/per minute with commas between them, * for all others, such as 'example.com=2/600,*=20/6000'.");
        if (configuration["MAIL_WARMUP"] is not { Length: > 0 } text) return (limits, null);
        return text.Split('=') is [var day, var first] && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from) && Number(first) is { } count ? (limits, new(from, count))
            : throw new SettingException("MAIL_WARMUP must be the first day and its number of mails, such as '2026-01-31=500'.");

        static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }

    /// <summary>Asks for leave to send one mail.</summary>
    /// <param name="address">Of the reader, with an ASCII domain.</param>
    /// <returns>When to ask again; or null and, where the domain is limited, what to dispose of when the mail is over.</returns>
    public async Task<(DateTimeOffset? NotBefore, IDisposable? Slot)> Enter(string address)
    {
        var now = clock.GetUtcNow();
        IDisposable? slot = null;
        if (limits.Count > 0)
        {
            var name = address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();
            if ((limits.GetValueOrDefault(name) ?? limits.GetValueOrDefault(Any)) is { } limit)
            {
                if (_domains.Count >= MaxDomains) _domains.Clear();
                var (wait, taken) = _domains.GetOrAdd(name, static (_, of) => new Domain(of), limit).Enter(now);
                if (wait is { } time) return (now + time, null);
                slot = taken;
            }
        }
        if (warmUp?.On(DateOnly.FromDateTime(now.UtcDateTime)) is not { } today || await store.Take(DateOnly.FromDateTime(now.UtcDateTime), today, CancellationToken.None)) return (null, slot);
        slot?.Dispose();
        return (new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero), null);
    }

    /// <summary>One domain's mails: a bucket that fills evenly, and those on their way.</summary>
    private sealed class Domain(DomainLimit limit)
    {
        private readonly Lock _lock = new();
        private double _tokens = Math.Max(1, limit.PerMinute / 60.0);
        private DateTimeOffset _at;
        private int _sending;

        public (TimeSpan? Wait, IDisposable? Slot) Enter(DateTimeOffset now)
        {
            lock (_lock)
            {
                var perSecond = limit.PerMinute / 60.0;
                if (now > _at)
                {
                    _tokens = Math.Min(Math.Max(1, perSecond), _at == default ? _tokens : _tokens + ((now - _at).TotalSeconds * perSecond));
                    _at = now;
                }
                if (_tokens < 1) return (TimeSpan.FromSeconds((1 - _tokens) / perSecond), null);
                if (_sending >= limit.AtOnce) return (Busy, null);
                _tokens--;
                _sending++;
                return (null, new Slot(this));
            }
        }

        private sealed class Slot(Domain domain) : IDisposable
        {
            public void Dispose() { lock (domain._lock) domain._sending--; }
        }
    }
}
