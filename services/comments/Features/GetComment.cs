using Platform.Comments.Counting;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>One comment, by its id.</summary>
public static class GetComment
{
    /// <summary>A comment that readers see.</summary>
    /// <returns>200 with ETag; 404 for everything else, held ones and those of withdrawn articles included.</returns>
    public static async Task<Versioned<CommentView>> Handle(Guid id, HttpResponse response, CommentStore comments, ThreadStore threads, ThreadCounter counter, CancellationToken ct)
    {
        var comment = await Find(id, comments, threads, ct) ?? throw Problem.NotFound("comment");
        if (await counter.Settle(comment.ArticleId)) comment = await Find(id, comments, threads, ct) ?? throw Problem.NotFound("comment");
        response.Tagged(CacheTags.Article(comment.ArticleId));
        return new(new CommentView(comment), comment.Version);
    }

    /// <summary>The comment where readers see it, in an article that they see.</summary>
    internal static async Task<Comment?> Find(Guid id, CommentStore comments, ThreadStore threads, CancellationToken ct) =>
        await comments.FindSeen(id, ct) is { } comment && await threads.FindRecent(comment.ArticleId, ct) is { IsVisible: true } ? comment : null;
}
