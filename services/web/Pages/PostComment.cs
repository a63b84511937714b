using System.Net;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>Takes the comment form, with or without script, and passes it to Comments.</summary>
public static class PostComment
{
    /// <returns>303 to the page, which says whether the comment is published or held; 422 with the page, the text kept and what is wrong said; as the page's own for an article that is not there.</returns>
    public static async Task<IResult> Handle(Edition edition, string slug, IFormCollection form, HttpContext http, Articles articles, Comments comments, CancellationToken ct)
    {
        var answer = await articles.Page(slug, ct);
        if (await ArticlePage.Moved(answer.NewName, answer.Body?.Article, edition, articles, ct) is { } address)
            return Results.Redirect(address + "/comments", permanent: true, preserveMethod: true);
        if (answer.Body is not { Article: var article } parts)
            return ErrorPage.Result(http, edition, answer.Status == HttpStatusCode.Gone ? StatusCodes.Status410Gone : StatusCodes.Status404NotFound);

        var read = CommentForm.Read(form);
        if (read.Errors.Count == 0)
        {
            try
            {
                var posted = await comments.Post(article.Id, new(read.Name, read.Email, read.Body, read.ParentId, read.NotifyReplies ? true : null), Key(form), http, ct);
                if (posted.Body is { Status: not "held" }) http.Response.Changed(CacheTags.Article(article.Id));
                if (posted.Body is { } comment) return SeeOther(http, $"{edition.Article(article.Slug)}?posted={(comment.Status == "held" ? "held" : "published")}#comment-outcome");
                read = read.Refused(posted.Status, posted.Problem);
            }
            catch (UpstreamDownException)
            {
                read = read with { Alert = "CommentLost" };
            }
        }
        return await ArticlePage.Render(edition, parts, new(null, null, null, null, null), read, http, comments, ct);
    }

    /// <summary>Whoever opens the address that the form is sent to wants the comments.</summary>
    public static IResult Elsewhere(Edition edition, string slug) => Results.Redirect(edition.Public(edition.Article(slug)) + "#comments", permanent: true);

    /// <summary>After a form: the reader's browser gets the page, and reloading it sends nothing again.</summary>
    public static IResult SeeOther(HttpContext http, string path)
    {
        // Relative, so that the answer stays at the origin that the form came from, as form-action 'self' asks.
        http.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>The Idempotency-Key that the script made for this form, or null: without script a page that everybody shares cannot hold one.</summary>
    private static string? Key(IFormCollection form) =>
        form["key"].ToString() is { Length: > 0 and <= 128 } key && key.All(c => c is > ' ' and <= '~') ? key : null;
}
