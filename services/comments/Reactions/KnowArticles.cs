using MassTransit;
using Platform.Comments.Counting;
using Platform.Contracts;

namespace Platform.Comments.Reactions;

/// <summary>
/// Keeps the copy of every published article: its publication opens the thread, its withdrawal hides it. Each message carries the whole state
/// and its version, so twice, late or out of order ends in the same state.
/// </summary>
public sealed class KnowArticles(ThreadStore threads, ThreadCounter counter) : IConsumer<ArticlePublished>, IConsumer<ArticleUpdated>, IConsumer<ArticleCorrected>, IConsumer<ArticleWithdrawn>
{
    /// <summary>Comments that were imported with the article may be here already: then the new thread is counted.</summary>
    public async Task Consume(ConsumeContext<ArticlePublished> context)
    {
        var m = context.Message;
        await threads.Know(m.ArticleId, new(m.Version, m.Language, m.Title, m.Url, m.CommentsOpen, m.PublishedAt, Withdrawn: false), context.CancellationToken);
        await counter.Count(m.ArticleId);
    }

    public Task Consume(ConsumeContext<ArticleUpdated> context)
    {
        var m = context.Message;
        return threads.Know(m.ArticleId, new(m.Version, m.Language, m.Title, m.Url, m.CommentsOpen, m.PublishedAt, Withdrawn: false), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<ArticleCorrected> context)
    {
        var m = context.Message;
        return threads.Know(m.ArticleId, new(m.Version, m.Language, m.Title, m.Url, m.CommentsOpen, m.PublishedAt, Withdrawn: false), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<ArticleWithdrawn> context) =>
        threads.KnowWithdrawn(context.Message.ArticleId, context.Message.Version, context.Message.WithdrawnAt, context.CancellationToken);
}
