using System.Net;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>Lists of articles, newest first, twenty a page: a category, a tag, an author, and the front page from its second page on.</summary>
public static class ListPage
{
    public sealed record ListModel(PageHead Head, IReadOnlyList<ArticleCard> Articles, string? Next, bool FirstPage);

    /// <returns>200; 301 from a former slug; 400 for a forged cursor; 404 for a category that there is not.</returns>
    public static async Task<IResult> Category(Edition edition, string slug, string? cursor, HttpContext http, Articles articles, CancellationToken ct)
    {
        var asked = articles.List(edition.Language, "category=" + Uri.EscapeDataString(slug), PageRequest.Default, cursor, ct);
        if (await Pages.OrNull(articles.Categories(ct)) is not { } categories) return ErrorPage.Result(http, edition, StatusCodes.Status503ServiceUnavailable);
        var list = await asked;
        var known = await Known(categories, slug, articles, ct);
        if (known.NewName is { } now) return Results.Redirect(edition.Public(edition.Category(now)), permanent: true);
        if (known.Body is not { } category) return ErrorPage.Result(http, edition, StatusCodes.Status404NotFound);
        var path = edition.Category(slug);
        var head = new PageHead(edition, category.Name(edition.Language), path)
        {
            Sections = Pages.Sections(categories),
            Section = slug,
            Feeds = path,
            Translations = edition.Others.ToDictionary(e => e.Language, e => e.Category(slug)),
        };
        return Show(head, list, complete: true, [CacheTags.Category(slug)], http);
    }

    /// <summary>The category, from the list that the navigation needs anyway; asked for by itself where it is beyond that list, or has another slug by now.</summary>
    public static async Task<Answer<Category>> Known(CategoryList categories, string slug, Articles articles, CancellationToken ct) =>
        categories.Items.FirstOrDefault(c => c.Slug == slug) is { } category ? new(HttpStatusCode.OK, category) : await articles.Category(slug, ct);

    /// <returns>200; 301 from a tag that has become another; 400 for a forged cursor; 404 for a tag that no article has.</returns>
    public static async Task<IResult> Tag(Edition edition, string tag, string? cursor, HttpContext http, Articles articles, CancellationToken ct)
    {
        var categories = Pages.OrNull(articles.Categories(ct));
        var known = articles.Tag(tag, ct);
        var list = await articles.List(edition.Language, "tag=" + Uri.EscapeDataString(tag), PageRequest.Default, cursor, ct);
        if ((await known).NewName is { } now) return Results.Redirect(edition.Public(edition.Tag(now)), permanent: true);
        if (list.Body is { Items.Count: 0 }) return ErrorPage.Result(http, edition, StatusCodes.Status404NotFound);
        var head = new PageHead(edition, edition.Words.Format("TagTitle", tag), edition.Tag(tag)) { Sections = Pages.Sections(await categories) };
        return Show(head, list, await categories is not null, [CacheTags.Tag(tag)], http);
    }

    /// <returns>200; 301 from a former slug; 400 for a forged cursor; 404 for an author whom nobody knows.</returns>
    public static async Task<IResult> Author(Edition edition, string slug, string? cursor, HttpContext http, Articles articles, CancellationToken ct)
    {
        var categories = Pages.OrNull(articles.Categories(ct));
        var known = articles.Author(slug, ct);
        var list = await articles.List(edition.Language, "author=" + Uri.EscapeDataString(slug), PageRequest.Default, cursor, ct);
        if ((await known).NewName is { } now) return Results.Redirect(edition.Public(edition.Author(now)), permanent: true);
        if ((await known).Body is not { } author) return ErrorPage.Result(http, edition, StatusCodes.Status404NotFound);
        var name = author.Names.GetValueOrDefault(edition.Language) ?? author.Names.Values.FirstOrDefault() ?? slug;
        var head = new PageHead(edition, edition.Words.Format("AuthorTitle", name), edition.Author(slug)) { Sections = Pages.Sections(await categories) };
        return Show(head, list, await categories is not null, [CacheTags.Author(slug)], http);
    }

    public static IResult Show(PageHead head, Answer<ArticleList> answer, bool complete, IEnumerable<string> tags, HttpContext http)
    {
        if (answer.Body is not { } list)
            return ErrorPage.Result(http, head.Edition, answer.Status == HttpStatusCode.BadRequest ? StatusCodes.Status400BadRequest : StatusCodes.Status404NotFound);
        http.Response.Cacheable(complete, list.Items, tags);
        return Views.ListView.Create(new(head, list.Items, list.Next, !http.Request.Query.ContainsKey("cursor")));
    }
}
