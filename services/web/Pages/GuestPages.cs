using System.Net;
using System.Text.Json;
using static Platform.Web.ErrorPage;

namespace Platform.Web;

/// <summary>Proving the address that a guest comments under, having or erasing what was written under it, and ending mails about replies. Opening a link changes nothing; a button does.</summary>
public static class GuestPages
{
    public static IResult AskToProve(Edition edition, string? token) =>
        Show(new(Head(edition, edition.Words["ProofTitle"]), edition.Words["ProofTitle"], edition.Words["ProofText"], Button: new(edition.Words["Prove"], edition.Prefix + "/comments/proof", "token", token ?? "")));

    /// <returns>200 with what the guest may do now; 410 where the link is old.</returns>
    public static async Task<IResult> Prove(Edition edition, IFormCollection form, HttpContext http, Comments comments, CancellationToken ct)
    {
        if ((await comments.Prove(form["token"].ToString(), http, ct)).Body is not { } proof) return LinkOver(edition);
        return Views.ProvedView.Create(new(Head(edition, edition.Words["ProvedTitle"]) with { Private = true }, proof.GuestToken));
    }

    /// <summary>Everything that was written under the address, as a file, page by page as Comments gives it.</summary>
    /// <returns>200 application/json; 410 where the token is good no more.</returns>
    public static async Task<IResult> Export(Edition edition, IFormCollection form, HttpContext http, Comments comments, CancellationToken ct)
    {
        var token = form["token"].ToString();
        if ((await comments.Own(token, null, ct)).Body is not { } first) return LinkOver(edition);
        http.Response.Headers.ContentDisposition = "attachment; filename=\"comments.json\"";
        return Results.Stream(async stream =>
        {
            await using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All), Indented = true });
            json.WriteStartArray();
            for (var page = first; page is not null; page = page.Next is { } next ? (await comments.Own(token, next, ct)).Body : null)
            {
                foreach (var comment in page.Items) comment.WriteTo(json);
                await json.FlushAsync(ct);
            }
            json.WriteEndArray();
        }, "application/json; charset=utf-8");
    }

    /// <returns>200: it has begun; 410 where the token is good no more.</returns>
    public static async Task<IResult> Erase(Edition edition, IFormCollection form, Comments comments, CancellationToken ct) =>
        (await comments.Erase(form["token"].ToString(), ct)).Status == HttpStatusCode.Accepted ? Done(edition, "ErasedTitle", "ErasedText") : LinkOver(edition);

    public static IResult AskToEndReplyMails(Edition edition, string token) =>
        Show(new(Head(edition, edition.Words["RepliesOffTitle"]), edition.Words["RepliesOffTitle"], edition.Words["RepliesOffText"], Button: new(edition.Words["RepliesOff"], edition.Prefix + "/replies/end", "token", token)));

    /// <returns>200, the second time too; 410 for a link that nobody was given.</returns>
    public static async Task<IResult> EndReplyMails(Edition edition, IFormCollection form, Comments comments, CancellationToken ct) =>
        (await comments.EndReplyMails(form["token"].ToString(), ct)).Status == HttpStatusCode.OK ? Done(edition, "RepliesOffDone", "RepliesOffDoneText") : LinkOver(edition);

    /// <param name="GuestToken">Goes on with the forms; good for a day.</param>
    public sealed record ProvedModel(PageHead Head, string GuestToken);

    private static IResult Done(Edition edition, string title, string text) =>
        Show(new(Head(edition, edition.Words[title]), edition.Words[title], edition.Words[text], Role: "status", Link: new(edition.Words["BackHome"], edition.Front())));

    private static IResult LinkOver(Edition edition) =>
        Show(new(Head(edition, edition.Words["ProofOverTitle"]), edition.Words["ProofOverTitle"], edition.Words["ProofOverText"], Role: "alert", Link: new(edition.Words["BackHome"], edition.Front())), (int)HttpStatusCode.Gone);
}
