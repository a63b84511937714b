using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Platform.Gateway.Caching;

/// <summary>Which coding a client wants its text in (RFC 9110, 12.5.3): Brotli, else gzip, else as it is.</summary>
public static class ContentCoding
{
    public const string Brotli = "br", Gzip = "gzip";

    // Browsers send a handful of values; strangers are read each time.
    private const int MaxKnown = 64;
    private static readonly ConcurrentDictionary<string, string?> Known = new(StringComparer.Ordinal);

    /// <returns>"br", "gzip" or null.</returns>
    public static string? Best(StringValues acceptEncoding)
    {
        if (acceptEncoding.Count == 0) return null;
        var text = acceptEncoding.Count == 1 ? acceptEncoding[0]! : acceptEncoding.ToString();
        if (Known.TryGetValue(text, out var best)) return best;
        best = Accepts(text, Brotli) ? Brotli : Accepts(text, Gzip) ? Gzip : null;
        if (Known.Count < MaxKnown) Known.TryAdd(text, best);
        return best;
    }

    private static bool Accepts(string header, string coding) => header.Split(',').Select(c => c.Split(';', StringSplitOptions.TrimEntries))
        .Any(c => c[0].Equals(coding, StringComparison.OrdinalIgnoreCase) && !c.Skip(1).Any(IsZero));

    private static bool IsZero(string parameter) => parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        && double.TryParse(parameter.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) && weight <= 0;
}
