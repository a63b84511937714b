using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Webhooks;

/// <summary>Webhooks in MongoDB, and what their topics need to know of articles.</summary>
public sealed class WebhookStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<Webhook> Where = Builders<Webhook>.Filter;
    private readonly IMongoCollection<Webhook> _webhooks = database.GetCollection<Webhook>("webhooks");
    private readonly IMongoCollection<MatchedArticle> _articles = database.GetCollection<MatchedArticle>("webhookArticles");

    static WebhookStore()
    {
        LedgerStore.AbsentNulls<Webhook>();
        LedgerStore.AbsentNulls<Topics>();
    }

    /// <summary>By what an article was matched last: its withdrawal does not say.</summary>
    private sealed record MatchedArticle(Guid Id, long Version, bool Withdrawn, IReadOnlyList<string> Keys);

    public async Task<Webhook?> Find(Guid id, CancellationToken ct) => await _webhooks.Find(w => w.Id == id).FirstOrDefaultAsync(ct);

    public Task<List<Webhook>> Find(IEnumerable<Guid> ids, CancellationToken ct) => _webhooks.Find(Where.In(w => w.Id, ids)).ToListAsync(ct);

    /// <summary>Of all webhooks, disabled ones too.</summary>
    public Task<List<Guid>> Ids(CancellationToken ct) => _webhooks.Find(Where.Gt(w => w.Id, Guid.Empty)).Limit(Webhook.Most * 2).Project(w => w.Id).ToListAsync(ct);

    public Task<long> Count(CancellationToken ct) => _webhooks.EstimatedDocumentCountAsync(cancellationToken: ct);

    /// <returns>The webhook; or, where one with this id is there already (a repeat), that one.</returns>
    public async Task<Webhook> Insert(Webhook webhook, CancellationToken ct)
    {
        try
        {
            await _webhooks.InsertOneAsync(webhook, cancellationToken: ct);
            return webhook;
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { return await Find(webhook.Id, ct) ?? webhook; }
    }

    /// <summary>In the order of the ids, one more than the limit.</summary>
    public Task<List<Webhook>> List(Guid? after, int limit, CancellationToken ct) =>
        _webhooks.Find(Where.Gt(w => w.Id, after ?? Guid.Empty)).SortBy(w => w.Id).Limit(limit + 1).ToListAsync(ct);

    /// <summary>Those that are not disabled and match; ids only.</summary>
    public Task<List<Guid>> Match(IReadOnlyCollection<string> keys, CancellationToken ct) =>
        _webhooks.Find(Where.AnyIn(w => w.Keys, keys) & Where.Exists(w => w.DisabledAt, exists: false)).Limit(Webhook.Most * 2).Project(w => w.Id).ToListAsync(ct);

    /// <summary>What those match by that are not disabled.</summary>
    public async Task<IReadOnlyCollection<string>> Keys(CancellationToken ct) =>
        [.. (await _webhooks.Find(Where.Exists(w => w.DisabledAt, exists: false)).Limit(Webhook.Most * 2).Project(w => w.Keys).ToListAsync(ct)).SelectMany(k => k).Distinct(StringComparer.Ordinal)];

    /// <returns>False where it has another version by now, or is gone.</returns>
    public async Task<bool> Save(Webhook next, CancellationToken ct) =>
        (await _webhooks.ReplaceOneAsync(w => w.Id == next.Id && w.Version == next.Version - 1, next, cancellationToken: ct)).MatchedCount == 1;

    /// <returns>False where it is gone, or disabled already.</returns>
    public async Task<bool> Disable(Guid id, DateTimeOffset now, CancellationToken ct) =>
        (await _webhooks.UpdateOneAsync(Where.Eq(w => w.Id, id) & Where.Exists(w => w.DisabledAt, exists: false), Builders<Webhook>.Update.Set(w => w.DisabledAt, now).Inc(w => w.Version, 1), cancellationToken: ct)).MatchedCount == 1;

    /// <returns>False where there is none.</returns>
    public async Task<bool> Delete(Guid id, CancellationToken ct) => (await _webhooks.DeleteOneAsync(w => w.Id == id, ct)).DeletedCount == 1;

    /// <summary>Remembers what an article matches by, in whatever order messages come.</summary>
    /// <returns>All keys to match a withdrawal by; null where the article was withdrawn before, and nothing more is told of it.</returns>
    public async Task<IReadOnlyList<string>?> Remember(WebhookEvent told, CancellationToken ct)
    {
        IReadOnlyList<string>? keys = null;
        await Upserts.Guarded(async () =>
        {
            var known = await _articles.Find(a => a.Id == told.ArticleId).FirstOrDefaultAsync(ct);
            var withdrawn = told.Type == WebhookEvent.Withdrawn;
            keys = known?.Withdrawn == true && !withdrawn ? null
                // Not every message tells the text: the keywords that were found in it still count.
                : withdrawn ? [.. told.Keys.Union(known?.Keys ?? [], StringComparer.Ordinal)]
                : told.Type == WebhookEvent.Published ? told.Keys : [.. told.Keys.Union((known?.Keys ?? []).Where(k => Topics.ReadKeyword(k) is not null), StringComparer.Ordinal)];
            if (keys is null || (known is not null && known.Version >= told.Version && !withdrawn)) return;
            await _articles.ReplaceOneAsync(a => a.Id == told.ArticleId && !a.Withdrawn && (withdrawn || a.Version < told.Version), new MatchedArticle(told.ArticleId, told.Version, withdrawn, keys), new ReplaceOptions { IsUpsert = true }, ct);
        });
        return keys;
    }

    public Task CreateIndexes(CancellationToken ct) => _webhooks.Indexes.CreateOneAsync(
        // Finds the webhooks that an article matches: Match.
        new CreateIndexModel<Webhook>(Builders<Webhook>.IndexKeys.Ascending(w => w.Keys), new CreateIndexOptions { Name = "match" }), cancellationToken: ct);
}
