using MassTransit;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Reactions;

/// <summary>Of a withdrawn article nothing more is sent.</summary>
public sealed class StopDispatches(KnownArticleStore articles, DispatchStore dispatches, LedgerStore ledger, Deliverer deliverer, TimeProvider clock) : IConsumer<ArticleWithdrawn>
{
    public async Task Consume(ConsumeContext<ArticleWithdrawn> context)
    {
        // First what every wave reads before it sends; then what waits, so that the dispatches come to their end now and not at the next try.
        await articles.Remember(KnownArticle.From(context.Message), context.CancellationToken);
        foreach (var dispatch in await dispatches.FindUnfinished(context.Message.ArticleId, context.CancellationToken))
        {
            await ledger.Suppress(dispatch.Id, "withdrawn", clock.Now(), context.CancellationToken);
            await deliverer.Finish(dispatch.Id, context.CancellationToken);
        }
    }
}
