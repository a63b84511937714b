using Microsoft.AspNetCore.Http;

namespace Platform.ServiceDefaults;

/// <summary>
/// Says what a public answer shows, so that the gateway may keep it until something of that changes; and what a request has changed.
/// The gateway takes these headers off; clients and CDNs see Cache-Control alone (RFC 9111, RFC 5861).
/// </summary>
public static class CacheTags
{
    public const string Header = "Cache-Tag", ChangedHeader = "Cache-Group-Invalidation";

    /// <summary>The front pages and the feeds.</summary>
    public const string Front = "front";

    /// <summary>Every list of articles.</summary>
    public const string Articles = "articles";

    /// <summary>Whatever shows names of categories, authors or tags: all that shows articles.</summary>
    public const string Categories = "categories";

    /// <summary>One article: its page, its data, its comments, its related ones.</summary>
    public static string Article(Guid id) => $"article:{id}";

    /// <summary>The pictures that an article shows. Whatever changes the article may take them from readers; comments, which its own tag goes by too, can't.</summary>
    public static string Pictures(Guid article) => $"pictures:{article}";

    public static string Category(string slug) => "category:" + Uri.EscapeDataString(slug);
    public static string Tag(string tag) => "tag:" + Uri.EscapeDataString(tag);
    public static string Author(string slug) => "author:" + Uri.EscapeDataString(slug);

    /// <summary>Marks the response as public and cacheable under these tags. Call it only where the answer is the same for every caller.</summary>
    public static void Tagged(this HttpResponse response, params IEnumerable<string> tags)
    {
        response.Headers[Header] = string.Join(',', tags.Distinct());
        response.Headers.CacheControl = "public, max-age=0, s-maxage=5, stale-while-revalidate=30";
    }

    /// <summary>Says what the request has changed: the gateway that it came by forgets that without waiting for a message (RFC 9875, 3).</summary>
    public static void Changed(this HttpResponse response, params IEnumerable<string> tags) => response.Headers[ChangedHeader] = string.Join(", ", tags.Select(t => $"\"{t}\""));
}
