using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Webhooks;

/// <summary>Events on their way to webhooks, in MongoDB: a queue for each webhook.</summary>
public sealed class WebhookDeliveryStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<WebhookDelivery> Where = Builders<WebhookDelivery>.Filter;
    private static readonly FilterDefinition<WebhookDelivery> Open = Where.Exists(d => d.Due);
    private readonly IMongoCollection<WebhookDelivery> _deliveries = database.GetCollection<WebhookDelivery>("webhookDeliveries");

    static WebhookDeliveryStore() => LedgerStore.AbsentNulls<WebhookDelivery>();

    /// <summary>Adds those that are not there yet.</summary>
    public async Task Add(IReadOnlyCollection<WebhookDelivery> deliveries, CancellationToken ct)
    {
        if (deliveries.Count == 0) return;
        try { await _deliveries.InsertManyAsync(deliveries, new InsertManyOptions { IsOrdered = false }, ct); }
        catch (MongoBulkWriteException<WebhookDelivery> e) when (StoreFailure.IsDuplicateKey(e)) { }
    }

    /// <summary>What is due, longest due first.</summary>
    public Task<List<WebhookTurn>> FindDue(DateTimeOffset now, int limit, CancellationToken ct) =>
        _deliveries.Find(Open & Where.Lte(d => d.Due, now)).SortBy(d => d.Due).Limit(limit).Project(d => new WebhookTurn(d.Id, d.WebhookId)).ToListAsync(ct);

    /// <summary>What is due for some webhooks, in no order: looked up webhook by webhook, past what waits for others.</summary>
    public Task<List<WebhookTurn>> FindDue(IReadOnlyCollection<Guid> webhooks, DateTimeOffset now, int limit, CancellationToken ct) =>
        _deliveries.Find(Open & Where.In(d => d.WebhookId, webhooks) & Where.Lte(d => d.Due, now), new FindOptions { Hint = "queue" }).Limit(limit).Project(d => new WebhookTurn(d.Id, d.WebhookId)).ToListAsync(ct);

    /// <summary>Takes those that are still due; until <paramref name="until"/> nobody else takes them.</summary>
    public Task Claim(IReadOnlyCollection<Guid> ids, Guid claim, DateTimeOffset now, DateTimeOffset until, CancellationToken ct) =>
        _deliveries.UpdateManyAsync(Where.In(d => d.Id, ids) & Open & Where.Lte(d => d.Due, now), Builders<WebhookDelivery>.Update.Set(d => d.Due, until).Set(d => d.Claim, claim).Inc(d => d.Attempts, 1), cancellationToken: ct);

    /// <summary>Those of them that were taken under this claim.</summary>
    public Task<List<WebhookDelivery>> FindClaimed(IReadOnlyCollection<Guid> ids, Guid claim, CancellationToken ct) =>
        _deliveries.Find(Where.In(d => d.Id, ids) & Where.Eq(d => d.Claim, claim)).ToListAsync(ct);

    /// <summary>Writes how attempts ended, where nobody else has taken them meanwhile.</summary>
    public async Task Settle(IReadOnlyCollection<WebhookSettlement> over, DateTimeOffset now, CancellationToken ct)
    {
        var writes = over.GroupBy(s => (s.Claim, s.State, s.Answer, s.Due)).Select(g => (WriteModel<WebhookDelivery>)new UpdateManyModel<WebhookDelivery>(
            Where.In(d => d.Id, g.Select(s => s.Id)) & Where.Eq(d => d.Claim, g.Key.Claim) & Open, To(g.Key.State, g.Key.Answer, g.Key.Due, now))).ToList();
        if (writes.Count > 0) await _deliveries.BulkWriteAsync(writes, new BulkWriteOptions { IsOrdered = false }, ct);
    }

    /// <summary>Fails all that waits for a webhook: it is gone.</summary>
    public Task Fail(Guid webhook, string reason, DateTimeOffset now, CancellationToken ct) =>
        _deliveries.UpdateManyAsync(Open & Where.Eq(d => d.WebhookId, webhook), To(WebhookDeliveryState.Failed, reason, null, now), cancellationToken: ct);

    /// <summary>Suppresses what waits of an article, save that it was withdrawn.</summary>
    public Task Suppress(Guid article, DateTimeOffset now, CancellationToken ct) =>
        _deliveries.UpdateManyAsync(Open & Where.Eq(d => d.ArticleId, article) & Where.Ne(d => d.Type, WebhookEvent.Withdrawn), To(WebhookDeliveryState.Suppressed, "withdrawn", null, now), cancellationToken: ct);

    /// <summary>Of one webhook, newest first, one more than the limit.</summary>
    /// <remarks>Left to itself the store of the local run takes the index of ids too, and sorts all that the webhook was told.</remarks>
    public Task<List<WebhookDelivery>> List(Guid webhook, Guid? before, int limit, CancellationToken ct) =>
        _deliveries.Find(Where.Eq(d => d.WebhookId, webhook) & Where.Lt(d => d.Id, before ?? Guid.AllBitsSet), new FindOptions { Hint = "told" }).SortByDescending(d => d.Id).Limit(limit + 1).ToListAsync(ct);

    public Task CreateIndexes(CancellationToken ct)
    {
        var keys = Builders<WebhookDelivery>.IndexKeys;
        CreateIndexOptions<WebhookDelivery> Waiting(string name) => new() { Name = name, PartialFilterExpression = Open };
        return _deliveries.Indexes.CreateManyAsync(
        [
            // What is due: FindDue. Holds only what waits, as the next two.
            new(keys.Ascending(d => d.Due), Waiting("due")),
            // The queue of one webhook: FindDue of some, Fail.
            new(keys.Ascending(d => d.WebhookId).Ascending(d => d.Due), Waiting("queue")),
            // What waits of an article that is withdrawn: Suppress.
            new(keys.Ascending(d => d.ArticleId).Ascending(d => d.Due), Waiting("article")),
            // What a webhook was told: List.
            new(keys.Ascending(d => d.WebhookId).Descending(d => d.Id), new CreateIndexOptions { Name = "told" }),
            // Old ones go by themselves.
            new(keys.Ascending(d => d.PurgeAt), new CreateIndexOptions { Name = "purge", ExpireAfter = TimeSpan.Zero }),
        ], ct);
    }

    private static UpdateDefinition<WebhookDelivery> To(WebhookDeliveryState state, string? answer, DateTimeOffset? due, DateTimeOffset now)
    {
        var update = Builders<WebhookDelivery>.Update.Set(d => d.State, state);
        update = answer is null ? update.Unset(d => d.Answer) : update.Set(d => d.Answer, answer);
        return due is { } at ? update.Set(d => d.Due, at) : update.Unset(d => d.Due).Set(d => d.At, now);
    }
}
