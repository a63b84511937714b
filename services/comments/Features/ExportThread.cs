using System.Runtime.CompilerServices;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>A moderator takes out everything that was written on one article.</summary>
public static class ExportThread
{
    /// <summary>
    /// All comments of the article as moderators see them, whatever their status, one JSON object a line (NDJSON), oldest first; of those written at the same millisecond, in the order of their ids.
    /// So what is answered comes before its answers, save where the times say otherwise, as in imports. What was deleted has no name, text and address any more, and is there only where something
    /// stands under it, so that <c>parentId</c> leads from every comment to the top of its thread.
    /// </summary>
    /// <remarks>
    /// Each line is what the store held at one moment; the lines have no moment in common: of what is changed meanwhile it is one state or the other, and what is written meanwhile may be missing.
    /// It goes as fast as the client reads. Where it cannot go on, the connection breaks off: an answer that ends as it should is complete. That it was asked for is in the log of moderation before it begins.
    /// </remarks>
    /// <returns>200, streamed; 404 no such article. A withdrawn article's too can be had.</returns>
    public static async Task Handle(Guid articleId, HttpContext http, CurrentUser user, ThreadStore threads, CommentStore comments, ReportStore reports, Guests guests, ClaimStore claims, LogStore log, TimeProvider clock, CancellationToken ct)
    {
        if (await threads.Find(articleId, ct) is null) throw Problem.NotFound("article");
        // It holds addresses: who has taken them is on record, or nobody gets them.
        await log.Keep(ActionTaken.Of(user, ModerationAction.ThreadExported, articleId, clock.Now()) with { ArticleId = articleId }, ct);
        await CommentLines.Send(http.Response, $"comments-{articleId}.ndjson", Pages(ct), ct);

        async IAsyncEnumerable<IReadOnlyList<QueuedComment>> Pages([EnumeratorCancellation] CancellationToken token)
        {
            var position = Position.BeforeOldest;
            while (await comments.OfArticleAfter(articleId, position, CommentLines.PageSize, token) is { Count: > 0 } page)
            {
                position = new(page[^1].CreatedAt, page[^1].Id);
                var places = await comments.WithAnythingBeneath([.. page.Where(c => c.Status == CommentStatus.Deleted)], token);
                yield return await ReviewQueue.View([.. page.Where(c => c.Status != CommentStatus.Deleted || places.Contains(c.Id))], reports, guests, claims, clock, token);
                if (page.Count < CommentLines.PageSize) yield break;
            }
        }
    }
}
