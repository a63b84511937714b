using System.Text;

namespace Platform.Gateway.Caching;

/// <summary>Under what name an answer is kept: the path, and the query in order. Neither host nor scheme matter: answers are made from PLATFORM_PUBLIC_URL.</summary>
public static class CacheKey
{
    // What campaigns and social networks hang on to links; no page knows them.
    private static readonly string[] Tracking = ["utm_", "fbclid", "gclid", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "twclid", "ttclid", "igsh", "mc_cid", "mc_eid", "_ga", "_gl"];

    /// <summary>Readers' links carry tracking parameters, which pages ignore; without them one page is kept once. Under /api everything counts.</summary>
    public static string Of(HttpRequest request, bool api)
    {
        var path = request.Path.Value ?? "/";
        if (!request.QueryString.HasValue) return path;
        var parts = new List<string>();
        foreach (var (name, values) in request.Query)
            if (api || !IsTracking(name))
                foreach (var value in values) parts.Add($"{name}\u001f{value}");
        if (parts.Count == 0) return path;
        parts.Sort(StringComparer.Ordinal);
        return new StringBuilder(path).Append('\u001e').AppendJoin('\u001e', parts).ToString();
    }

    /// <summary>Takes tracking parameters off the request.</summary>
    public static void WithoutTracking(HttpRequest request)
    {
        if (request.QueryString.HasValue && request.Query.Keys.Any(IsTracking)) request.QueryString = QueryString.Create(request.Query.Where(q => !IsTracking(q.Key)));
    }

    private static bool IsTracking(string name) => Array.Exists(Tracking, t => name.StartsWith(t, StringComparison.OrdinalIgnoreCase));
}
