using System.Globalization;
using System.Xml.Linq;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>
/// Where everything is, for search engines (sitemaps.org): <c>/sitemap.xml</c> lists one sitemap for each month with articles and one of the lists;
/// <c>/news-sitemap.xml</c> has the last 48 hours (Google's news sitemap). All languages stand in the same ones.
/// </summary>
public static class Sitemaps
{
    private const string ContentType = "application/xml; charset=utf-8";

    /// <summary>The most that a news sitemap may hold.</summary>
    private const int MaxNews = 1000;

    private static readonly TimeSpan News = TimeSpan.FromHours(48);
    private static readonly XNamespace Names = "http://www.sitemaps.org/schemas/sitemap/0.9", NewsNames = "http://www.google.com/schemas/sitemap-news/0.9";

    /// <returns>200; 503 without Articles.</returns>
    public static async Task<IResult> Index(Edition site, HttpContext http, Articles articles, CancellationToken ct)
    {
        if ((await articles.Months(ct)).Body is not { } months) throw new UpstreamDownException("Articles");
        return Answer(http, new XElement(Names + "sitemapindex", months.Items.Prepend("pages").Select(name => new XElement(Names + "sitemap", new XElement(Names + "loc", site.Public($"/sitemaps/{name}.xml"))))));
    }

    /// <summary>The articles of a month in UTC, <c>2026-11</c>; or <c>pages</c>: the front pages and the categories.</summary>
    /// <returns>200; 404 for what is no month, or has no articles; 503 without Articles.</returns>
    public static async Task<IResult> One(Edition site, string name, HttpContext http, Articles articles, CancellationToken ct)
    {
        if (name == "pages") return await Lists(site, http, articles, ct);
        if (!DateTimeOffset.TryParseExact(name, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var month) || month.Year == DateTimeOffset.MaxValue.Year)
            return ErrorPage.Result(http, site, StatusCodes.Status404NotFound);
        if ((await articles.Addresses(month, month.AddMonths(1), null, ct)).Body is not { } found) throw new UpstreamDownException("Articles");
        if (found.Items.Count == 0) return ErrorPage.Result(http, site, StatusCodes.Status404NotFound);
        return Answer(http, new XElement(Names + "urlset", found.Items.Select(a => Url(site, a, new XElement(Names + "lastmod", Dates.Machine(a.UpdatedAt))))));
    }

    /// <returns>200, also where nothing is new; 503 without Articles.</returns>
    public static async Task<IResult> Newest(Edition site, HttpContext http, Articles articles, TimeProvider clock, CancellationToken ct)
    {
        if ((await articles.Addresses(clock.GetUtcNow() - News, null, MaxNews, ct)).Body is not { } found) throw new UpstreamDownException("Articles");
        return Answer(http, new XElement(Names + "urlset", new XAttribute(XNamespace.Xmlns + "news", NewsNames), found.Items.Select(a => Url(site, a, new XElement(NewsNames + "news",
            new XElement(NewsNames + "publication", new XElement(NewsNames + "name", site.In(a.Language).Words["SiteName"]), new XElement(NewsNames + "language", a.Language)),
            new XElement(NewsNames + "publication_date", Dates.Machine(a.PublishedAt)),
            new XElement(NewsNames + "title", Feeds.Clean(a.Title)))))));
    }

    private static async Task<IResult> Lists(Edition site, HttpContext http, Articles articles, CancellationToken ct)
    {
        if ((await articles.Categories(ct)).Body is not { } categories) throw new UpstreamDownException("Articles");
        return Answer(http, new XElement(Names + "urlset", site.Others.Prepend(site).SelectMany(e => categories.Items.Select(c => e.Category(c.Slug)).Prepend(e.Front()))
            .Select(path => new XElement(Names + "url", new XElement(Names + "loc", site.Public(path))))));
    }

    private static XElement Url(Edition site, ArticleAddress article, XElement more)
    {
        var edition = site.In(article.Language);
        return new(Names + "url", new XElement(Names + "loc", edition.Public(edition.Article(article.Slug))), more);
    }

    private static IResult Answer(HttpContext http, XElement root)
    {
        http.Response.Tagged(CacheTags.Articles, CacheTags.Categories);
        return Results.Bytes(Feeds.Xml(root), ContentType);
    }
}
