using MassTransit;
using Platform.Contracts;

namespace Platform.Articles.Reactions;

/// <summary>Comments has counted a thread: the article shows that number. Not a change of the article; its version stays.</summary>
public sealed class CountComments(ArticleStore store) : IConsumer<ThreadCounted>
{
    public Task Consume(ConsumeContext<ThreadCounted> context) =>
        store.Count(context.Message.ArticleId, context.Message.Count, context.Message.Version, context.CancellationToken);
}
