using MassTransit;
using Platform.Comments.Counting;
using Platform.Comments.People;

namespace Platform.Comments.Reactions;

/// <summary>Erases what was written on an article until a time, page by page. Twice, late or cut short ends in the same state.</summary>
public sealed class EraseThreads(CommentStore comments, ThreadStore threads, ThreadCounter counter, TimeProvider clock) : IConsumer<ThreadErasureAsked>
{
    public async Task Consume(ConsumeContext<ThreadErasureAsked> context)
    {
        if (await threads.Find(context.Message.ArticleId, context.CancellationToken) is { ErasedAt: { } at }) await Erase(context.Message.ArticleId, at, comments, counter, clock, context.CancellationToken);
    }

    /// <summary>Deletes all comments of the article that were written until then.</summary>
    public static async Task Erase(Guid articleId, DateTimeOffset until, CommentStore comments, ThreadCounter counter, TimeProvider clock, CancellationToken ct)
    {
        while (await comments.OfArticleUntil(articleId, until, 200, ct) is { Count: > 0 } written)
            foreach (var comment in written) await CareForGuests.Delete(comment, comments, counter, clock, ct);
    }
}
