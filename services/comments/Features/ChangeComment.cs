using Microsoft.AspNetCore.Mvc;
using Platform.Comments.Counting;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>Its author changes a comment or takes it back, for a short while, by the token that posting it gave.</summary>
public static class ChangeComment
{
    public const string TokenHeader = "X-Edit-Token";

    /// <param name="Body">As in posting.</param>
    public sealed record EditCommentRequest(string? Body = null);

    /// <summary>Changes the text; the rules judge it anew.</summary>
    /// <returns>200; 400; 403 <c>comment.editToken</c>, <c>comment.editWindowOver</c>, <c>comment.banned</c>; 404; 409 <c>comment.repeat</c>; 412 where If-Match is sent; 422 <c>comment.bannedWord</c>.</returns>
    public static Task<Versioned<CommentView>> Edit(Guid id, EditCommentRequest request, [FromHeader(Name = TokenHeader)] string? token, HttpContext http, CommentStore comments,
        ThreadStore threads, SettingsStore settings, Moderator moderator, ThreadCounter counter, Guests guests, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var body = errors.Text(PlainText.Lines(request.Body), Comment.MaxBody, "body");
        errors.ThrowIfAny();
        return Change(id, token, http, comments, threads, settings, counter, guests, clock, async (comment, thread) =>
        {
            if (comment.Body == body) return comment;
            var judgement = await moderator.JudgeEdit(comment with { Body = body }, thread, ClientAddress.Of(http), ct);
            if (judgement.Refusal is { } refusal) throw refusal;
            // Under the newest key, as all that is written.
            var (current, email) = (guests.Renew(comment) ?? comment, guests.Reveal(comment));
            return current.Edit(body, email is null ? guests.RepeatKey(comment.ArticleId, comment.Id, body) : guests.RepeatKey(comment.ArticleId, email, body), judgement, clock.Now());
        }, ct);
    }

    /// <summary>Takes it back; its text, name and address are erased.</summary>
    /// <returns>204; 403 and 404 as for <see cref="Edit"/>.</returns>
    public static async Task<IResult> Delete(Guid id, [FromHeader(Name = TokenHeader)] string? token, HttpContext http, CommentStore comments,
        ThreadStore threads, SettingsStore settings, ThreadCounter counter, Guests guests, TimeProvider clock, CancellationToken ct)
    {
        await Change(id, token, http, comments, threads, settings, counter, guests, clock, (comment, _) => Task.FromResult(comment.Delete(clock.Now())), ct);
        return TypedResults.NoContent();
    }

    private static async Task<Versioned<CommentView>> Change(Guid id, string? token, HttpContext http, CommentStore comments, ThreadStore threads, SettingsStore settings,
        ThreadCounter counter, Guests guests, TimeProvider clock, Func<Comment, Thread, Task<Comment>> change, CancellationToken ct)
    {
        var expected = IfMatch.Optional(http);
        if (!guests.IsEditToken(id, token))
        {
            // Who holds no token learns no more than who reads.
            throw await GetComment.Find(id, comments, threads, ct) is null ? Problem.NotFound("comment") : Problem.Forbidden("comment.editToken", "Send the token that posting this comment gave.");
        }
        while (true)
        {
            if (await comments.Find(id, ct) is not { Status: not CommentStatus.Deleted } before || await threads.FindRecent(before.ArticleId, ct) is not { IsVisible: true } thread) throw Problem.NotFound("comment");
            before.CheckEditWindow((await settings.ReadRecent(ct)).EditWindowMinutes, clock.Now());
            expected.Check(before.Version, "comment");
            var after = await change(before, thread);
            if (after == before || await counter.Save(before, after)) return new(new CommentView(after), after.Version);
        }
    }
}
