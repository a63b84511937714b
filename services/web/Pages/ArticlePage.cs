using System.Net;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>The page of one article, with what is related to it, its comments and the form to comment.</summary>
public static class ArticlePage
{
    public sealed record ArticleModel(PageHead Head, ArticlePageParts Parts, CommentsModel Comments);

    /// <summary>What the address asks for beyond the article; whatever cannot be read is as if it were not there.</summary>
    /// <param name="Cursor">Of the page of comments, as Comments gave it.</param>
    /// <param name="Thread">The comment whose replies alone are shown.</param>
    /// <param name="Reply">The comment that the form answers.</param>
    /// <param name="Report">The comment that the reader wants to report.</param>
    /// <param name="Posted"><c>published</c> or <c>held</c>: what became of the comment just sent; <c>reported</c> or <c>unreported</c>: of the report.</param>
    public sealed record ArticleQuery(string? Cursor, string? Thread, string? Reply, string? Report, string? Posted);

    /// <returns>200; 301 to an article's present address; 400 for a forged cursor; 404; 410 withdrawn; 503 without Articles. Without Comments the page comes without them.</returns>
    public static async Task<IResult> Show(Edition edition, string slug, [AsParameters] ArticleQuery query, HttpContext http, Articles articles, Comments comments, CancellationToken ct)
    {
        var answer = await articles.Page(slug, ct);
        return await Moved(answer.NewName, answer.Body?.Article, edition, articles, ct) is { } address ? Results.Redirect(edition.Public(address), permanent: true)
            : answer.Body is not { } parts ? ErrorPage.Result(http, edition, answer.Status == HttpStatusCode.Gone ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound)
            : await Render(edition, parts, query, CommentForm.Empty(Id(query.Reply)), http, comments, ct);
    }

    /// <summary>The page with the form as it stands: empty, or with what a guest wrote and what is wrong with it.</summary>
    public static async Task<IResult> Render(Edition edition, ArticlePageParts parts, ArticleQuery query, CommentForm form, HttpContext http, Comments comments, CancellationToken ct)
    {
        var (article, thread) = (parts.Article, Id(query.Thread));
        var parent = thread is { } id ? Pages.OrNull(comments.Find(id, ct)) : Task.FromResult<Comment?>(null);
        var report = Id(query.Report) is { } reported ? Pages.OrNull(comments.Find(reported, ct)) : Task.FromResult<Comment?>(null);
        var listed = await List(comments, article.Id, thread, query.Cursor, ct);
        if (thread is not null && listed is { Status: HttpStatusCode.NotFound }) listed = await List(comments, article.Id, null, null, ct);
        if (listed is { Status: HttpStatusCode.BadRequest }) return ErrorPage.Result(http, edition, StatusCodes.Status400BadRequest);

        var head = new PageHead(edition, article.Title, edition.Article(article.Slug))
        {
            Description = article.Summary,
            Article = article,
            Sections = Pages.Sections(parts.Categories),
            Section = article.Categories.Count > 0 ? article.Categories[0].Slug : null,
            Translations = article.Translations.Where(t => edition.In(t.Language).Language == t.Language).DistinctBy(t => t.Language).ToDictionary(t => t.Language, t => edition.In(t.Language).Article(t.Slug)),
        };
        var above = (await parent)?.ParentId is { } over ? await Pages.OrNull(comments.Find(over, ct)) : null;
        var model = new CommentsModel(edition, article.Id, head.Path, listed?.Body?.Open ?? article.CommentsOpen, listed, await parent, form, query.Posted, above, await report);
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            // What a guest is told about the comment just sent is for this guest, and must show that comment.
            var complete = query.Posted is null && listed?.Body is not null;
            http.Response.Cacheable(complete, [article, .. parts.Related], [.. article.Translations.Select(t => CacheTags.Article(t.Id)), .. article.Authors.Select(a => CacheTags.Author(a.Slug))]);
        }
        var view = Views.ArticleView.Create(new(head, parts, model));
        view.StatusCode = form.Errors.Count > 0 || form.Alert is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        return view;
    }

    /// <summary>The path of the page to go to instead: for an old slug, and for an article of another edition. Null where this is the place.</summary>
    /// <param name="newName">The slug that the asked-for one has become, or null.</param>
    /// <param name="article">The one that was found, or null.</param>
    public static async Task<string?> Moved(string? newName, Article? article, Edition edition, Articles articles, CancellationToken ct)
    {
        if (newName is { } slug)
        {
            return (await articles.BySlug(slug, ct)).Body is { } moved ? edition.In(moved.Language).Article(moved.Slug) : edition.Article(slug);
        }
        return article is not null && edition.In(article.Language) is var home && home != edition ? home.Article(article.Slug) : null;
    }

    private static async Task<Answer<CommentList>?> List(Comments comments, Guid article, Guid? thread, string? cursor, CancellationToken ct)
    {
        try
        {
            return await comments.List(article, thread, cursor, ct);
        }
        catch (UpstreamDownException)
        {
            return null;
        }
    }

    private static Guid? Id(string? text) => Guid.TryParse(text, out var id) ? id : null;
}
