using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Notifications.Outbound;
using Platform.Notifications.Webhooks;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>An admin registers addresses of other systems that are told of articles (Standard Webhooks).</summary>
public static class ManageWebhooks
{
    /// <param name="Url">https and public, or in PLATFORM_ALLOWED_NETWORKS, where http will do; at most 2,048 characters. A name is resolved at sending.</param>
    /// <param name="Language">Of the articles where <c>topics.languages</c> names none; absent means all.</param>
    public sealed record RegisterWebhookRequest(string Url, TopicsRequest Topics, string? Language = null);

    /// <param name="Secret"><c>whsec_…</c>: signs the messages (HMAC-SHA256). It is shown this once.</param>
    public sealed record WebhookSecret(Guid Id, string Secret);

    /// <param name="DisabledAt">It answered 410 Gone and is told nothing more; null while it is in use.</param>
    /// <param name="OldSecretUntil">Until then messages are signed with the secret before, too.</param>
    public sealed record WebhookView(Guid Id, string Url, ManageSubscription.TopicsView Topics, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Language, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, DateTimeOffset? OldSecretUntil);

    /// <param name="MessageId">The webhook-id.</param>
    /// <param name="Answer">The status, or why there was none.</param>
    /// <param name="NextTryAt">For one that waits.</param>
    public sealed record WebhookDeliveryView(string MessageId, string Type, Guid ArticleId, WebhookDeliveryState Status, int Attempts, string? Answer, DateTimeOffset? At, DateTimeOffset? NextTryAt);

    /// <returns>201; 400 malformed; 422 <c>webhook.url</c> where nothing may go, <c>webhook.tooMany</c>, and the topics' own.</returns>
    public static async Task<Created<WebhookSecret>> Register(RegisterWebhookRequest request, NewId id, WebhookStore store, WebhookSender sender, OutboundRules rules, PlatformSettings settings, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        errors.Check(request.Url.Length > 0, "url", "Required.").Check(request.Url.Length <= OutboundRules.MaxUrl, "url", $"At most {OutboundRules.MaxUrl} characters.");
        var topics = PreferencesReader.Read(errors, request.Language ?? settings.Languages[0], request.Topics, new ScheduleRequest(ScheduleKind.Instant), settings).Topics;
        if (rules.Check(request.Url) is { } wrong) throw Problem.Rule("webhook.url", $"Webhooks go to public https addresses only. {wrong}");
        if (await store.Count(ct) >= Webhook.Most) throw Problem.Rule("webhook.tooMany", $"There are {Webhook.Most} webhooks already.");
        var keys = (topics with { Languages = topics.Languages ?? (request.Language is { } one ? [one] : settings.Languages) }).Keys(settings.Languages[0]);
        var webhook = await store.Insert(new(id.Value, 1, request.Url, topics, request.Language, keys, sender.Seal(StandardWebhooks.NewSecret()), null, null, clock.Now(), null), ct);
        return TypedResults.Created(settings.Public($"/api/webhooks/{webhook.Id}"), new WebhookSecret(webhook.Id, StandardWebhooks.Show(sender.Open(webhook.Secret))));
    }

    /// <returns>200, oldest first.</returns>
    public static async Task<Page<WebhookView>> List(PageRequest page, WebhookStore store, Cursors cursors, CancellationToken ct)
    {
        Guid? after = page.Cursor is null ? null : page.Cursor is ["webhooks", var last] && Guid.TryParse(last, out var given) ? given : throw Cursors.Foreign();
        return page.Cut(await store.List(after, page.Limit, ct), cursors, w => ["webhooks", w.Id.ToString()], View);
    }

    /// <returns>200; 404.</returns>
    public static async Task<Versioned<WebhookView>> One(Guid id, WebhookStore store, CancellationToken ct)
    {
        var webhook = await store.Find(id, ct) ?? throw Problem.NotFound("webhook");
        return new(View(webhook), webhook.Version);
    }

    /// <summary>What it was told within 30 days, newest first.</summary>
    /// <returns>200; 404.</returns>
    public static async Task<Page<WebhookDeliveryView>> Deliveries(Guid id, PageRequest page, WebhookStore store, WebhookDeliveryStore deliveries, Cursors cursors, CancellationToken ct)
    {
        Guid? before = page.Cursor is null ? null : page.Cursor is [var of, var last] && of == id.ToString() && Guid.TryParse(last, out var given) ? given : throw Cursors.Foreign();
        _ = await store.Find(id, ct) ?? throw Problem.NotFound("webhook");
        return page.Cut(await deliveries.List(id, before, page.Limit, ct), cursors, d => [id.ToString(), d.Id.ToString()],
            d => new WebhookDeliveryView(d.MessageId, d.Type, d.ArticleId, d.State, d.Attempts, d.Answer, d.At, d.Due));
    }

    /// <summary>What waits for it goes with it.</summary>
    /// <returns>204; 404.</returns>
    public static async Task<NoContent> Delete(Guid id, WebhookStore store, WebhookDeliveryStore deliveries, TimeProvider clock, CancellationToken ct)
    {
        if (!await store.Delete(id, ct)) throw Problem.NotFound("webhook");
        await deliveries.Fail(id, "the webhook is gone", clock.Now(), ct);
        return TypedResults.NoContent();
    }

    /// <summary>A new secret; for 24 hours messages are signed with the one before, too.</summary>
    /// <returns>200; 404.</returns>
    public static async Task<Ok<WebhookSecret>> Rotate(Guid id, WebhookStore store, WebhookSender sender, TimeProvider clock, CancellationToken ct)
    {
        var secret = StandardWebhooks.NewSecret();
        while (true)
        {
            var webhook = await store.Find(id, ct) ?? throw Problem.NotFound("webhook");
            var next = webhook with { Version = webhook.Version + 1, Secret = sender.Seal(secret), OldSecret = webhook.Secret, OldUntil = clock.Now() + Webhook.Overlap };
            if (await store.Save(next, ct)) return TypedResults.Ok(new WebhookSecret(id, StandardWebhooks.Show(secret)));
        }
    }

    private static WebhookView View(Webhook w) =>
        new(w.Id, w.Url, ManageSubscription.TopicsView.From(w.Topics), w.Language, w.CreatedAt, w.DisabledAt, w.OldUntil);
}
