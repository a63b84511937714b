using MassTransit;
using Platform.Contracts;
using Platform.Notifications.Webhooks;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Reactions;

/// <summary>Queues what happens to articles for every webhook whose topics match. However often a message comes, each webhook is told once; of a withdrawn article nothing but that.</summary>
public sealed class TellWebhooks(WebhookStore webhooks, WebhookDeliveryStore deliveries, Signals signals, PlatformSettings settings, TimeProvider clock) :
    IConsumer<ArticlePublished>, IConsumer<ArticleUpdated>, IConsumer<ArticleCorrected>, IConsumer<ArticleWithdrawn>
{
    /// <summary>What was imported is old news: it is remembered, so that a withdrawal finds its way.</summary>
    public Task Consume(ConsumeContext<ArticlePublished> context) => Tell(WebhookEvent.From(context.Message), !context.Message.Imported, context.CancellationToken);

    public Task Consume(ConsumeContext<ArticleUpdated> context) => Tell(WebhookEvent.From(context.Message), true, context.CancellationToken);

    public Task Consume(ConsumeContext<ArticleCorrected> context) => Tell(WebhookEvent.From(context.Message), true, context.CancellationToken);

    public async Task Consume(ConsumeContext<ArticleWithdrawn> context)
    {
        await Tell(WebhookEvent.From(context.Message, settings.Languages), true, context.CancellationToken);
        await deliveries.Suppress(context.Message.ArticleId, clock.Now(), context.CancellationToken);
    }

    private async Task Tell(WebhookEvent told, bool news, CancellationToken ct)
    {
        if (await webhooks.Remember(told, ct) is not { } keys || !news) return;
        var now = clock.Now();
        var matching = await webhooks.Match(keys, ct);
        if (matching.Count == 0) return;
        await deliveries.Add([.. matching.Select(w => WebhookDelivery.Of(w, told, now))], ct);
        signals.Webhooks.Raise();
    }
}
