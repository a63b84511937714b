using Platform.Comments.Counting;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>A moderator approves, rejects, or calls spam.</summary>
public static class DecideComments
{
    public enum ModerationDecision { Approve, Reject, Spam }

    /// <param name="Version">The version that the moderator has read; another one is a conflict. Absent: whatever it is now.</param>
    public sealed record DecideItem(Guid Id, long? Version = null);

    /// <param name="Items">1 to 100.</param>
    /// <param name="Reason">For the record; at most 500 characters.</param>
    public sealed record DecideRequest(IReadOnlyList<DecideItem> Items, ModerationDecision Decision, string? Reason = null);

    /// <param name="Status">What the comment is now; null where there is none.</param>
    /// <param name="Conflict">It was changed since the version named, or another moderator has claimed it; it is left as it is.</param>
    public sealed record DecideResult(Guid Id, CommentStatus? Status, bool Conflict);

    public sealed record DecideResults(IReadOnlyList<DecideResult> Results);

    /// <summary>Decides about each item by itself; a repeat changes nothing.</summary>
    /// <returns>200 with a result for each item, in order; 400.</returns>
    public static async Task<DecideResults> Handle(DecideRequest request, CurrentUser user, CommentStore comments, ThreadCounter counter, LogStore log, ClaimStore claims, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors().Check(request.Items.Count is >= 1 and <= 100, "items", "1 to 100.").Check(request.Items.All(i => i is not null), "items", "Each with an id.");
        errors.ThrowIfAny();
        errors.Check(request.Items.Select(i => i.Id).Distinct().Count() == request.Items.Count, "items", "Each comment once.");
        var reason = errors.OptionalText(request.Reason, 500);
        errors.ThrowIfAny();
        var (status, action) = request.Decision switch
        {
            ModerationDecision.Approve => (CommentStatus.Published, ModerationAction.Approved),
            ModerationDecision.Reject => (CommentStatus.Rejected, ModerationAction.Rejected),
            _ => (CommentStatus.Spam, ModerationAction.MarkedSpam),
        };
        var found = (await comments.FindMany([.. request.Items.Select(i => i.Id)], ct)).ToDictionary(c => c.Id);
        var claimed = await claims.Of(found.Keys, clock.Now(), ct);
        var results = new DecideResult[request.Items.Count];
        var lines = new System.Collections.Concurrent.ConcurrentBag<ActionTaken>();
        await Parallel.ForEachAsync(request.Items.Index(), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (item, token) =>
            results[item.Index] = await Decide(item.Item, found.GetValueOrDefault(item.Item.Id)));
        await log.Hasten(lines, ct);
        await claims.Release([.. claimed.Where(c => c.Value.By == user.Id).Select(c => c.Key)], user.Id, ct);
        return new(results);

        async Task<DecideResult> Decide(DecideItem item, Comment? comment)
        {
            while (comment is not null and not { Status: CommentStatus.Deleted })
            {
                if (claimed.TryGetValue(item.Id, out var claim) && claim.By != user.Id) return new(item.Id, comment.Status, Conflict: true);
                if (item.Version is { } seen && seen != comment.Version) return new(item.Id, comment.Status, Conflict: true);
                // Approving what readers see already is a decision too: it answers reports, and later ones alone take it from nobody.
                if (comment.Status == status && comment.Reports.Open == 0 && (status != CommentStatus.Published || comment.IsApproved)) return new(item.Id, status, Conflict: false);
                var now = clock.Now();
                var line = ActionTaken.Of(user, action, item.Id, now) with { ArticleId = comment.ArticleId, Was = comment.Status, Reason = reason };
                if (await counter.Save(comment, comment.Decide(status, user.Id, reason, now), line))
                {
                    lines.Add(line);
                    return new(item.Id, status, Conflict: false);
                }
                comment = await comments.Find(item.Id, ct);
            }
            return new(item.Id, null, Conflict: false);
        }
    }
}
