using MongoDB.Bson;
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
            await _dispatches.Insert(dispatch with { ChangedAt = clock.Now() }, [], ct);
            return true;
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { return false; }
    }

    /// <returns>False where somebody else has changed it; then nothing is written.</returns>
    public Task<bool> Save(Dispatch next, IReadOnlyList<object> events, CancellationToken ct) => _dispatches.Save(next with { ChangedAt = clock.Now() }, events, ct);

    /// <summary>Those that this process plans, or that a planner has left behind.</summary>
    public Task<List<Dispatch>> FindToPlan(Guid planner, DateTimeOffset now, CancellationToken ct) =>
        _dispatches.Collection.Find(d => d.Phase == DispatchPhase.Planning && (d.Planner == planner || d.PlannerUntil < now)).SortBy(d => d.Id).Limit(100).ToListAsync(ct);

    public Task<List<Dispatch>> FindSending(CancellationToken ct) => _dispatches.Collection.Find(d => d.Phase == DispatchPhase.Sending).Limit(1_000).ToListAsync(ct);

    /// <summary>Those that are planned or sent.</summary>
    public Task<List<Dispatch>> FindUnderWay(int limit, CancellationToken ct) => _dispatches.Collection.Find(Where.In(d => d.Phase, [DispatchPhase.Planning, DispatchPhase.Sending])).Limit(limit).ToListAsync(ct);

    /// <summary>Those that were written at this moment or later, the last one first.</summary>
    public Task<List<Dispatch>> FindChanged(DateTimeOffset since, int limit, CancellationToken ct) =>
        _dispatches.Collection.Find(Where.Exists("changedAt") & Where.Gte(d => d.ChangedAt, since)).SortByDescending(d => d.ChangedAt).Limit(limit).ToListAsync(ct);

    public Task<List<Dispatch>> Find(IEnumerable<Guid> ids, CancellationToken ct) => _dispatches.Collection.Find(Where.In(d => d.Id, ids)).ToListAsync(ct);

    /// <summary>The run of digests of an hour (see <see cref="Dispatch.OfDigests"/>), made where it is not there.</summary>
    public async Task<Dispatch> FindRun(DateTimeOffset now, CancellationToken ct)
    {
        while (true)
        {
            var hour = Dispatch.HourOf(now);
            if (await _dispatches.Collection.Find(d => d.ArticleId == Guid.Empty && d.Edition == hour).FirstOrDefaultAsync(ct) is { } run) return run;
            var fresh = Dispatch.OfDigests(now);
            if (await TryStart(fresh, ct)) return fresh;
        }
    }

    /// <summary>The editions of articles that came after the one moment and up to the other, the first one first. The ids of dispatches begin with their time.</summary>
    public Task<List<Dispatch>> FindStarted(DateTimeOffset after, DateTimeOffset upTo, int limit, CancellationToken ct) =>
        _dispatches.Collection.Find(Where.Gte(d => d.Id, HashedId.First(after.ToUnixTimeMilliseconds() + 1)) & Where.Lt(d => d.Id, HashedId.First(upTo.ToUnixTimeMilliseconds() + 1)) & Where.Ne(d => d.ArticleId, Guid.Empty))
            .SortBy(d => d.Id).Limit(limit).ToListAsync(ct);

    /// <summary>All editions of an article, the first one first.</summary>
    public Task<List<Dispatch>> FindEditions(Guid article, CancellationToken ct) => _dispatches.Collection.Find(d => d.ArticleId == article).SortBy(d => d.Edition).Limit(1_000).ToListAsync(ct);

    public Task<List<Dispatch>> FindUnfinished(Guid article, CancellationToken ct) => _dispatches.Collection.Find(d => d.ArticleId == article && d.Phase != DispatchPhase.Done).ToListAsync(ct);

    /// <summary>Newest first, one more than the limit.</summary>
    /// <param name="before">The last one of the page before.</param>
    public Task<List<Dispatch>> List(Guid? before, int limit, CancellationToken ct) =>
        _dispatches.Collection.Find(Where.Lt(d => d.Id, before ?? Guid.AllBitsSet) & Where.Ne(d => d.ArticleId, Guid.Empty)).SortByDescending(d => d.Id).Limit(limit + 1).ToListAsync(ct);

    /// <summary>The editions of one article, newest first, one more than the limit.</summary>
    /// <param name="article">The empty id for the runs of digests.</param>
    /// <param name="before">The edition of the last one of the page before.</param>
    public Task<List<Dispatch>> ListEditions(Guid article, int? before, int limit, CancellationToken ct) =>
        _dispatches.Collection.Find(Where.Eq(d => d.ArticleId, article) & Where.Lt(d => d.Edition, before ?? int.MaxValue)).SortByDescending(d => d.Edition).Limit(limit + 1).ToListAsync(ct);

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _dispatches.CreateOutboxIndex(ct);
        await _dispatches.Collection.Indexes.CreateManyAsync(
        [
            // One dispatch per article and edition: TryStart. And the dispatches of one article: ListEditions, FindEditions, FindUnfinished.
            new(Builders<Dispatch>.IndexKeys.Ascending(d => d.ArticleId).Ascending(d => d.Edition), new CreateIndexOptions { Name = "edition", Unique = true }),
            // Those that changed lately: FindChanged.
            new(new BsonDocument("changedAt", 1), new CreateIndexOptions { Name = "changed", Sparse = true }),
            // The few that are under way: FindToPlan, FindSending, FindUnderWay.
            new(Builders<Dispatch>.IndexKeys.Ascending(d => d.Phase), new CreateIndexOptions { Name = "phase" }),
        ], ct);
    }
}
