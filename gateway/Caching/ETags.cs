using Microsoft.Extensions.Primitives;

namespace Platform.Gateway.Caching;

/// <summary>Whether a client has an answer already (If-None-Match, RFC 9110, 13.1.2: weak comparison).</summary>
public static class ETags
{
    public static bool Match(StringValues known, string? etag)
    {
        if (known.Count == 0 || etag is null) return false;
        foreach (var value in known)
            foreach (var tag in (value ?? "").Split(',', StringSplitOptions.TrimEntries))
                if (tag == "*" || Weak(tag) == Weak(etag)) return true;
        return false;
    }

    private static string Weak(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
}
