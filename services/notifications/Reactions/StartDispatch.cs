using MassTransit;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Reactions;

/// <summary>Readers are told of a new edition: a publish, or a correction that says so. One dispatch per article and edition, however often the message comes. What was imported is old news: it is remembered only.</summary>
public sealed class StartDispatch(KnownArticleStore articles, DispatchStore dispatches, Worker worker, Signals signals, TimeProvider clock) : IConsumer<ArticlePublished>, IConsumer<ArticleCorrected>
{
    public Task Consume(ConsumeContext<ArticlePublished> context) => context.Message.Imported
        ? articles.Remember(KnownArticle.From(context.Message), context.CancellationToken)
        : Start(KnownArticle.From(context.Message), Dispatch.Of(context.Message, worker.Id, clock.Now()), context.CancellationToken);

    public Task Consume(ConsumeContext<ArticleCorrected> context) => context.Message.Notify
        ? Start(KnownArticle.From(context.Message), Dispatch.Of(context.Message, worker.Id, clock.Now()), context.CancellationToken)
        : articles.Remember(KnownArticle.From(context.Message), context.CancellationToken);

    private async Task Start(KnownArticle article, Dispatch dispatch, CancellationToken ct)
    {
        await articles.Remember(article, ct);
        if (await dispatches.TryStart(dispatch, ct)) signals.Planning.Raise();
    }
}
