using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>What Web writes sitemaps from: addresses alone, many at once. Not for clients; the gateway has no route to it.</summary>
public static class ReadSitemap
{
    /// <summary>As many addresses as one sitemap may hold (sitemaps.org).</summary>
    private const int MaxAddresses = 50_000;

    /// <param name="Items">Months with published articles, in UTC, newest first: <c>2026-11</c>.</param>
    public sealed record SitemapMonths(IReadOnlyList<string> Items);

    public sealed record SitemapAddresses(IReadOnlyList<ArticleAddress> Items);

    /// <param name="From">Published then or later: ISO 8601, with offset, or a date (UTC).</param>
    /// <param name="To">Published before that time.</param>
    /// <param name="Limit">1 to 50,000, which is also what holds without it.</param>
    public sealed record SitemapQuery([FromQuery(Name = "from")] string From, [FromQuery(Name = "to")] string? To, [FromQuery(Name = "limit")] int? Limit);

    /// <summary>The months that have a sitemap of their own.</summary>
    public static async Task<SitemapMonths> Months(HttpResponse response, ArticleListStore lists, CancellationToken ct)
    {
        var months = new List<string>();
        for (var newest = await lists.NewestBefore(null, ct); newest is { } time; newest = await lists.NewestBefore(Start(time), ct))
            months.Add(time.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        response.Tagged(CacheTags.Articles);
        return new(months);
    }

    /// <summary>The published articles of a time span, newest first.</summary>
    /// <returns>200; 400 for a malformed value.</returns>
    public static async Task<SitemapAddresses> Addresses([AsParameters] SitemapQuery query, HttpResponse response, ArticleListStore lists, CancellationToken ct)
    {
        if (query.Limit is < 1 or > MaxAddresses) throw Problem.Invalid("limit", $"1 to {MaxAddresses}.");
        var filter = new ArticleFilter(ArticleStatus.Published, From: ListArticles.Time(query.From, "from", endOfDay: false), To: ListArticles.Time(query.To, "to", endOfDay: false));
        response.Tagged(CacheTags.Articles);
        return new(await lists.Addresses(filter, query.Limit ?? MaxAddresses, ct));
    }

    private static DateTimeOffset Start(DateTimeOffset time) => new(time.UtcDateTime.Year, time.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
}
