using System.Net;
using Microsoft.Net.Http.Headers;

namespace Platform.Web;

/// <summary>Takes what readers do about a comment without script: like it, or report it. With script the page asks the platform itself.</summary>
public static class ReactToComment
{
    /// <returns>303 to the comment, whatever came of it: its count says it; 404 where there is no such article or comment.</returns>
    public static async Task<IResult> Like(Edition edition, string slug, Guid id, HttpContext http, Comments comments, CancellationToken ct)
    {
        try
        {
            var answer = await comments.Like(id, http, ct);
            if (answer.Status == HttpStatusCode.NotFound) return ErrorPage.Result(http, edition, StatusCodes.Status404NotFound);
            Keep(answer.Cookies, http);
        }
        catch (UpstreamDownException) { }   // the count is what it was
        return PostComment.SeeOther(http, $"{edition.Article(slug)}?thread={id}#comment-{id}");
    }

    /// <returns>303 to the page, which says that the report has come, or could not; 404 where there is no such article or comment.</returns>
    public static async Task<IResult> Report(Edition edition, string slug, Guid id, IFormCollection form, HttpContext http, Comments comments, CancellationToken ct)
    {
        var outcome = "unreported";
        try
        {
            var note = form["note"].ToString().ReplaceLineEndings("\n").Trim();
            var answer = await comments.Report(id, new(form["reason"].ToString(), note.Length > 0 ? note : null), http, ct);
            if (answer.Status == HttpStatusCode.NotFound) return ErrorPage.Result(http, edition, StatusCodes.Status404NotFound);
            Keep(answer.Cookies, http);
            if (answer.Status == HttpStatusCode.Accepted) outcome = "reported";
        }
        catch (UpstreamDownException) { }   // said on the page
        return PostComment.SeeOther(http, $"{edition.Article(slug)}?posted={outcome}#comment-outcome");
    }

    /// <summary>Whoever opens the address of such a form wants the comment.</summary>
    public static IResult Elsewhere(Edition edition, string slug, Guid id) => Results.Redirect($"{edition.Public(edition.Article(slug))}?thread={id}#comment-{id}");

    /// <summary>Comments' own cookie, by which it tells readers apart, goes on to the reader's browser.</summary>
    private static void Keep(IReadOnlyList<string> cookies, HttpContext http)
    {
        foreach (var cookie in cookies) http.Response.Headers.Append(HeaderNames.SetCookie, cookie);
    }
}
