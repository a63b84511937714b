using Platform.Comments.Counting;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>A reader likes a comment, or does no more. Once for each reader (see <see cref="Readers"/>); the comment's version stays.</summary>
public static class ReactToComment
{
    /// <returns>200 with how many like it now; 404 for what readers do not see.</returns>
    public static async Task<ReactionsView> Like(Guid id, HttpContext http, Readers readers, CommentStore comments, ThreadStore threads, LikeStore likes, LikeCounter counter, TimeProvider clock, CancellationToken ct)
    {
        var comment = await GetComment.Find(id, comments, threads, ct) ?? throw Problem.NotFound("comment");
        return await Set(comment, readers.Of(http), liked: true, likes, counter, clock);
    }

    /// <returns>As for <see cref="Like"/>.</returns>
    public static async Task<ReactionsView> Unlike(Guid id, HttpContext http, Readers readers, CommentStore comments, ThreadStore threads, LikeStore likes, LikeCounter counter, TimeProvider clock, CancellationToken ct)
    {
        var comment = await GetComment.Find(id, comments, threads, ct) ?? throw Problem.NotFound("comment");
        return readers.Known(http) is { } reader ? await Set(comment, reader, liked: false, likes, counter, clock) : new(comment.Likes.Count);   // who was never here likes nothing
    }

    // A write that has begun is not cancelled: its count must follow.
    private static async Task<ReactionsView> Set(Comment comment, byte[] reader, bool liked, LikeStore likes, LikeCounter counter, TimeProvider clock)
    {
        var row = await likes.Set(comment.Id, reader, liked, clock.Now(), CancellationToken.None);
        var count = await counter.Count(comment.Id);
        if (row is not null) await likes.Settle(row, CancellationToken.None);
        return new(count);
    }
}
