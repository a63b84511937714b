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
    public async Task Consume(ConsumeContext<ArticlePublished> context)
    {
        var (m, ct) = (context.Message, context.CancellationToken);
        await Tell(await WithKeywords(WebhookEvent.From(m), m.Language, [m.Title, m.Summary, m.Text], ct), !m.Imported, ct);
    }

    public async Task Consume(ConsumeContext<ArticleUpdated> context)
    {
        var (m, ct) = (context.Message, context.CancellationToken);
        await Tell(await WithKeywords(WebhookEvent.From(m), m.Language, [m.Title, m.Summary], ct), true, ct);
    }

    public async Task Consume(ConsumeContext<ArticleCorrected> context)
    {
        var (m, ct) = (context.Message, context.CancellationToken);
        await Tell(await WithKeywords(WebhookEvent.From(m), m.Language, [m.Title, m.Summary, m.Text], ct), true, ct);
    }

    public async Task Consume(ConsumeContext<ArticleWithdrawn> context)
    {
        await Tell(WebhookEvent.From(context.Message, settings.Languages), true, context.CancellationToken);
        await deliveries.Suppress(context.Message.ArticleId, clock.Now(), context.CancellationToken);
    }

    /// <summary>Webhooks are few: their keywords are read anew for each article.</summary>
    private async Task<WebhookEvent> WithKeywords(WebhookEvent told, string language, IEnumerable<string?> texts, CancellationToken ct)
    {
        var keywords = new Keywords();
        foreach (var key in await webhooks.Keys(ct))
            if (Topics.ReadKeyword(key) is var (of, phrase) && of == language) keywords.Add(phrase);
        return told with { Keys = [.. told.Keys, .. keywords.In(texts).Select(phrase => Topics.KeyOfKeyword(language, phrase))] };
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
