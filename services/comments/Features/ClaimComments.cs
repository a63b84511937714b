using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>A moderator takes comments of the queue for himself for a while, so that no other reads and decides the same ones.</summary>
public static class ClaimComments
{
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(10);

    /// <summary>So many comments are looked at for unclaimed ones.</summary>
    private const int MostLooked = 1000;

    /// <param name="Until">Then it is anybody's again.</param>
    public sealed record ClaimView(ReadLog.ActorView By, DateTimeOffset Until)
    {
        internal static ClaimView From(Claim c) => new(new(c.By, c.ByName), c.Until);
    }

    /// <param name="Limit">1 to 50; absent: 10.</param>
    /// <param name="Status"><c>held</c> (default) or <c>reported</c>.</param>
    /// <param name="ArticleId">Of this article only.</param>
    public sealed record TakeRequest(int? Limit = null, string? Status = null, Guid? ArticleId = null);

    public sealed record TakenComments(IReadOnlyList<QueuedComment> Items);

    /// <summary>Takes the next comments of a queue that nobody has, newest first, for ten minutes; those that the moderator has already are not among them.</summary>
    /// <returns>200, with fewer or none where there are no more; 400.</returns>
    public static async Task<TakenComments> Take(TakeRequest request, CurrentUser user, CommentStore comments, ClaimStore claims, ReportStore reports, Guests guests, TimeProvider clock, CancellationToken ct)
    {
        var limit = request.Limit ?? 10;
        new FieldErrors().Check(limit is >= 1 and <= 50, "limit", "1 to 50.").Check(request.Status is null or "held" or "reported", "status", "held or reported.").ThrowIfAny();
        var taken = new List<Comment>();
        var position = Position.AfterNewest;
        for (var looked = 0; looked < MostLooked && taken.Count < limit;)
        {
            var page = request.Status == "reported" ? await comments.Reported(request.ArticleId, position, 100, ct) : await comments.Queue(CommentStatus.Held, request.ArticleId, position, 100, ct);
            var claimed = await claims.Of([.. page.Select(c => c.Id)], clock.Now(), ct);
            foreach (var comment in page.Where(c => !claimed.ContainsKey(c.Id)))
            {
                if (taken.Count == limit) break;
                if ((await claims.Take(New(comment.Id, user, clock), clock.Now(), ct)).By == user.Id) taken.Add(comment);
            }
            if (page.Count < 100) break;
            looked += page.Count;
            position = new(page[^1].CreatedAt, page[^1].Id);
        }
        return new(await ReviewQueue.View(taken, reports, guests, claims, clock, ct));
    }

    /// <summary>Claims one comment for ten minutes, or holds on to it for ten more.</summary>
    /// <returns>200; 404; 409 <c>claim.taken</c> with <c>claim</c>: another moderator has it.</returns>
    public static async Task<ClaimView> Claim(Guid id, CurrentUser user, CommentStore comments, ClaimStore claims, TimeProvider clock, CancellationToken ct)
    {
        if (await comments.Find(id, ct) is not { Status: not CommentStatus.Deleted }) throw Problem.NotFound("comment");
        var claim = await claims.Take(New(id, user, clock), clock.Now(), ct);
        return claim.By == user.Id ? ClaimView.From(claim)
            : throw new Problem(409, "claim.taken", "Another moderator has this comment before him.") { Extensions = new Dictionary<string, object?> { ["claim"] = ClaimView.From(claim) } };
    }

    /// <summary>Gives a comment back; deciding about it does so too.</summary>
    /// <returns>204, also where it is not claimed or another's.</returns>
    public static async Task<IResult> Release(Guid id, CurrentUser user, ClaimStore claims, CancellationToken ct)
    {
        await claims.Release([id], user.Id, ct);
        return TypedResults.NoContent();
    }

    private static Claim New(Guid comment, CurrentUser user, TimeProvider clock) => new(comment, user.Id, user.Name, clock.Now() + Holds);
}
