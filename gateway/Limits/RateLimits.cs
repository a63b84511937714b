using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Limits;

/// <summary>PLATFORM_RATE_READS and PLATFORM_RATE_WRITES: requests per client and 10 s; 0 is no limit.</summary>
public sealed class RateSettings
{
    public RateSettings(IConfiguration configuration) => (Reads, Writes) = (Read(configuration, "PLATFORM_RATE_READS", 1000), Read(configuration, "PLATFORM_RATE_WRITES", 300));

    public int Reads { get; }
    public int Writes { get; }

    private static int Read(IConfiguration configuration, string name, int usual)
    {
        if (configuration[name] is not { Length: > 0 } text) return usual;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new SettingException($"{name} must be a whole number of requests per 10 seconds; 0 is no limit.");
    }
}

/// <summary>
/// Limits each client address (IPv6 per /64) over a sliding 10 s. Addresses share 2^18 counters by a secret hash, so that no flood of addresses fills the memory;
/// counters without traffic are dropped. What the cache answers never comes here.
/// </summary>
public sealed class RateLimits : IDisposable
{
    private const int Counters = 1 << 18, Segments = 10;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);
    private readonly PartitionedRateLimiter<int>? _reads, _writes;

    public RateLimits(RateSettings settings) => (_reads, _writes) = (Limiter(settings.Reads), Limiter(settings.Writes));

    /// <returns>When to come again, or null where the request is within the limit.</returns>
    public TimeSpan? Refuses(HttpContext http)
    {
        var method = http.Request.Method;
        var limiter = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ? _reads : _writes;
        if (limiter is null) return null;
        using var lease = limiter.AttemptAcquire(Counter(http.Connection.RemoteIpAddress ?? IPAddress.Loopback));
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window / Segments;
    }

    public void Dispose()
    {
        _reads?.Dispose();
        _writes?.Dispose();
    }

    private int Counter(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16 + 16];
        _salt.CopyTo(bytes);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        address.TryWriteBytes(bytes[16..], out var length);
        if (address.AddressFamily == AddressFamily.InterNetworkV6) length = 8;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..(16 + length)], hash);
        return (int)(BitConverter.ToUInt32(hash) % Counters);
    }

    private static PartitionedRateLimiter<int>? Limiter(int permits) => permits == 0 ? null : PartitionedRateLimiter.Create<int, int>(counter =>
        RateLimitPartition.GetSlidingWindowLimiter(counter, _ => new SlidingWindowRateLimiterOptions { PermitLimit = permits, Window = Window, SegmentsPerWindow = Segments, QueueLimit = 0 }));
}

public static class LimitsPipeline
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete, HttpMethods.Options];

    public static void UseRateLimits(this WebApplication app)
    {
        var (limits, failures) = (app.Services.GetRequiredService<RateLimits>(), app.Services.GetRequiredService<Failures>());
        app.Use(next => http => !http.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase) && limits.Refuses(http) is { } wait
            ? failures.Write(http, new Problem(429, "request.tooMany", "Too many requests from your address; come again later.") { RetryAfter = wait })
            : next(http));
    }

    /// <summary>TRACE, CONNECT and what nobody knows go no further: the proxy would pass them on.</summary>
    public static void UseKnownMethods(this WebApplication app)
    {
        var failures = app.Services.GetRequiredService<Failures>();
        app.Use(next => http =>
        {
            if (Methods.Contains(http.Request.Method, StringComparer.Ordinal)) return next(http);
            http.Response.Headers.Allow = string.Join(", ", Methods);
            return failures.Write(http, new Problem(405, "request.method", "There is no such method here; see Allow."));
        });
    }

    /// <summary>A body that says it is too large is refused before a part hears of it; one that turns out so, as it comes (Kestrel). Routes say how much they take (MaxRequestBodySize).</summary>
    public static void UseBodyLimits(this IReverseProxyApplicationBuilder proxy) => proxy.Use((http, next) =>
        http.Request.ContentLength > (http.GetReverseProxyFeature().Route.Config.MaxRequestBodySize ?? Defaults.MaxJsonBody)
            ? throw new Problem(413, "request.tooLarge", "The body is too large.")
            : next(http));
}
