using System.Net;
using System.Text;
using System.Xml.Linq;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>The newest twenty as a feed, for the site and for each category: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1.</summary>
public static class Feeds
{
    public static readonly FeedFormat[] Formats =
    [
        new("xml", "application/rss+xml; charset=utf-8", feed => Xml(Rss.Write(feed))),
        new("atom", "application/atom+xml; charset=utf-8", feed => Xml(Atom.Write(feed))),
        new("json", "application/feed+json; charset=utf-8", JsonFeed.Write),
    ];

    /// <summary>One way to write a feed; its name is the ending of the feed's address.</summary>
    public sealed record FeedFormat(string Name, string ContentType, Func<Feed, byte[]> Write)
    {
        public static ValueTask<FeedFormat?> BindAsync(HttpContext http) => ValueTask.FromResult(http.GetEndpoint()?.Metadata.GetMetadata<FeedFormat>());

        public override string ToString() => Name;
    }

    /// <param name="Page">Path of the page that shows the same.</param>
    /// <param name="Path">The feed's own path.</param>
    public sealed record Feed(Edition Edition, string Title, string Page, string Path, IReadOnlyList<ArticleCard> Articles)
    {
        public DateTimeOffset Updated => Articles.Count == 0 ? DateTimeOffset.UnixEpoch : Articles.Max(a => a.UpdatedAt);

        public string Url(ArticleCard article) => Edition.Public(Edition.Article(article.Slug));

        /// <summary>The whole text as it can be read elsewhere.</summary>
        public string Html(ArticleCard article) => Clean(Variants.ForFeeds(article.Body ?? "", Edition.PublicUrl.GetLeftPart(UriPartial.Authority)));

        /// <summary>The same for ever, whatever becomes of the slug.</summary>
        public static string Id(ArticleCard article) => "urn:uuid:" + article.Id;
    }

    public static async Task<IResult> Site(Edition edition, FeedFormat format, HttpContext http, Articles articles, CancellationToken ct)
    {
        var list = await articles.List(edition.Language, "", PageRequest.Default, null, ct);
        return Answer(new(edition, edition.Words["SiteName"], edition.Front(), $"{edition.Prefix}/feed.{format}", list.Body?.Items ?? []), format, list.Status, http, CacheTags.Front);
    }

    /// <returns>200; 301 from a former slug; 404 for a category that there is not; 503 without Articles.</returns>
    public static async Task<IResult> Category(Edition edition, string slug, FeedFormat format, HttpContext http, Articles articles, CancellationToken ct)
    {
        var asked = articles.List(edition.Language, "category=" + Uri.EscapeDataString(slug), PageRequest.Default, null, ct);
        if (await Pages.OrNull(articles.Categories(ct)) is not { } categories) return ErrorPage.Result(http, edition, StatusCodes.Status503ServiceUnavailable);
        var list = await asked;
        var known = await ListPage.Known(categories, slug, articles, ct);
        if (known.NewName is { } now) return Results.Redirect(edition.Public($"{edition.Category(now)}/feed.{format}"), permanent: true);
        if (known.Body is not { } category) return ErrorPage.Result(http, edition, StatusCodes.Status404NotFound);
        var page = edition.Category(slug);
        return Answer(new(edition, $"{category.Name(edition.Language)} | {edition.Words["SiteName"]}", page, $"{page}/feed.{format}", list.Body?.Items ?? []), format, list.Status, http, CacheTags.Category(slug));
    }

    private static IResult Answer(Feed feed, FeedFormat format, HttpStatusCode status, HttpContext http, string tag)
    {
        if (status != HttpStatusCode.OK) return ErrorPage.Result(http, feed.Edition, StatusCodes.Status503ServiceUnavailable);
        http.Response.Cacheable(complete: true, feed.Articles, tag);
        return Results.Bytes(format.Write(feed), format.ContentType);
    }

    /// <summary>Text as XML 1.0 can hold it: without the control characters that it cannot.</summary>
    public static string Clean(string? text) => text is null ? "" : string.Concat(text.EnumerateRunes().Where(r => r.Value is '\t' or '\n' or '\r' or >= 0x20 and <= 0xD7FF or >= 0xE000 and <= 0xFFFD or >= 0x10000));

    internal static byte[] Xml(XElement root)
    {
        var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true)) new XDocument(root).Save(writer, SaveOptions.DisableFormatting);
        return stream.ToArray();
    }
}
