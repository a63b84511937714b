using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Live;

/// <summary>The log of new articles in MongoDB: numbered in the order in which they came, bounded by time.</summary>
public sealed class LiveLogStore(IMongoDatabase database)
{
    private const string Counter = "live";
    private readonly IMongoCollection<LiveEntry> _log = database.GetCollection<LiveEntry>("liveLog");
    private readonly IMongoCollection<Count> _counters = database.GetCollection<Count>("counters");

    static LiveLogStore() => LedgerStore.AbsentNulls<LiveEntry>();

    private sealed record Count([property: BsonId] string Id, long Value);

    /// <summary>Adds an article, once.</summary>
    /// <returns>The number of its entry.</returns>
    public async Task<long> Append(LiveEntry entry, CancellationToken ct)
    {
        if (await Find(entry.ArticleId, ct) is { } known) return known;
        var number = (await _counters.FindOneAndUpdateAsync<Count>(c => c.Id == Counter, Builders<Count>.Update.Inc(c => c.Value, 1), new FindOneAndUpdateOptions<Count> { IsUpsert = true, ReturnDocument = ReturnDocument.After }, ct)).Value;
        try
        {
            await _log.InsertOneAsync(entry with { Id = number }, cancellationToken: ct);
            return number;
        }
        // Another worker was first; the number stays unused, which readers wait out.
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { return await Find(entry.ArticleId, ct) ?? number; }
    }

    /// <summary>Shows an article to nobody any more.</summary>
    /// <returns>False where it is not in the log.</returns>
    public async Task<bool> Blank(Guid article, CancellationToken ct) =>
        (await _log.UpdateOneAsync(e => e.ArticleId == article, Builders<LiveEntry>.Update.Unset(e => e.Data).Set(e => e.Keys, []), cancellationToken: ct)).MatchedCount == 1;

    /// <summary>The number of the newest entry, also where that has gone by itself; 0 where there never was one.</summary>
    public async Task<long> Last(CancellationToken ct)
    {
        // The counter may be ahead of what is written.
        var newest = await _log.Find(e => e.Id > 0).SortByDescending(e => e.Id).Limit(1).Project(e => e.Id).FirstOrDefaultAsync(ct);
        return newest > 0 ? newest : (await _counters.Find(c => c.Id == Counter).FirstOrDefaultAsync(ct))?.Value ?? 0;
    }

    /// <summary>The entries after a number, in order.</summary>
    /// <param name="until">The last one wanted.</param>
    public Task<List<LiveEntry>> Read(long after, long until, int limit, CancellationToken ct) =>
        _log.Find(e => e.Id > after && e.Id <= until).SortBy(e => e.Id).Limit(limit).ToListAsync(ct);

    public Task CreateIndexes(CancellationToken ct) => _log.Indexes.CreateManyAsync(
    [
        // One entry per article: Append, Blank.
        new(Builders<LiveEntry>.IndexKeys.Ascending(e => e.ArticleId), new CreateIndexOptions { Name = "article", Unique = true }),
        // Old entries go by themselves.
        new(Builders<LiveEntry>.IndexKeys.Ascending(e => e.PurgeAt), new CreateIndexOptions { Name = "purge", ExpireAfter = TimeSpan.Zero }),
    ], ct);

    private async Task<long?> Find(Guid article, CancellationToken ct)
    {
        var id = await _log.Find(e => e.ArticleId == article).Project(e => e.Id).FirstOrDefaultAsync(ct);
        return id == 0 ? null : id;
    }
}
