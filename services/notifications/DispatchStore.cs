using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

/// <summary>Dispatches in MongoDB, with the outbox that tells workers of their pages.</summary>
public sealed class DispatchStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    public const string Collection = "dispatches";
    private static readonly FilterDefinitionBuilder<Dispatch> Where = Builders<Dispatch>.Filter;
    static DispatchStore() => LedgerStore.AbsentNulls<Dispatch>();

    private readonly DocumentStore<Dispatch> _dispatches = new(database, Collection, relay, clock);

    public Task<Dispatch?> Find(Guid id, CancellationToken ct) => _dispatches.Find(id, ct);

    /// <returns>False where this article's edition has its dispatch already.</returns>
    public async Task<bool> TryStart(Dispatch dispatch, CancellationToken ct)
    {
        try
        {
            await _dispatches.Insert(dispatch, [], ct);
            return true;
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { return false; }
    }

    /// <returns>False where somebody else has changed it; then nothing is written.</returns>
    public Task<bool> Save(Dispatch next, IReadOnlyList<object> events, CancellationToken ct) => _dispatches.Save(next, events, ct);

    /// <summary>Those that this process plans, or that a planner has left behind.</summary>
    public Task<List<Dispatch>> FindToPlan(Guid planner, DateTimeOffset now, CancellationToken ct) =>
        _dispatches.Collection.Find(d => d.Phase == DispatchPhase.Planning && (d.Planner == planner || d.PlannerUntil < now)).SortBy(d => d.Id).Limit(100).ToListAsync(ct);

    public Task<List<Dispatch>> FindSending(CancellationToken ct) => _dispatches.Collection.Find(d => d.Phase == DispatchPhase.Sending).Limit(1_000).ToListAsync(ct);

    /// <summary>All editions of an article, the first one first.</summary>
    public Task<List<Dispatch>> FindEditions(Guid article, CancellationToken ct) => _dispatches.Collection.Find(d => d.ArticleId == article).SortBy(d => d.Edition).Limit(1_000).ToListAsync(ct);

    public Task<List<Dispatch>> FindUnfinished(Guid article, CancellationToken ct) => _dispatches.Collection.Find(d => d.ArticleId == article && d.Phase != DispatchPhase.Done).ToListAsync(ct);

    /// <summary>Newest first, one more than the limit.</summary>
    /// <param name="before">The last one of the page before.</param>
    public Task<List<Dispatch>> List(Guid? article, Guid? before, int limit, CancellationToken ct)
    {
        var filter = Where.Lt(d => d.Id, before ?? Guid.AllBitsSet);
        if (article is { } id) filter &= Where.Eq(d => d.ArticleId, id);
        return _dispatches.Collection.Find(filter).SortByDescending(d => d.Id).Limit(limit + 1).ToListAsync(ct);
    }

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _dispatches.CreateOutboxIndex(ct);
        await _dispatches.Collection.Indexes.CreateManyAsync(
        [
            // One dispatch per article and edition: TryStart. And the dispatches of one article: List, FindEditions, FindUnfinished.
            new(Builders<Dispatch>.IndexKeys.Ascending(d => d.ArticleId).Ascending(d => d.Edition), new CreateIndexOptions { Name = "edition", Unique = true }),
            // The few that are under way: FindToPlan, FindSending.
            new(Builders<Dispatch>.IndexKeys.Ascending(d => d.Phase), new CreateIndexOptions { Name = "phase" }),
        ], ct);
    }
}
