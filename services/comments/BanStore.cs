using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>Bans. Each replica keeps those that hold in memory, and asks at most twice a second for what has changed.</summary>
public sealed class BanStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    public const string Bans = "bans";

    /// <summary>How many may hold at once: they are in every replica's memory.</summary>
    public const int Most = 20_000;

    private static readonly TimeSpan All = TimeSpan.FromMinutes(5);

    /// <summary>Replicas' clocks differ, and a write is under way for a while: so much is asked for again.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    private static readonly FilterDefinitionBuilder<Ban> Where = Builders<Ban>.Filter;
    private readonly DocumentStore<Ban> _bans = new(database, Bans, relay, clock);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Remembered<Recent> _recent = new(TimeSpan.FromSeconds(0.5));

    private sealed record Recent(BanList Bans, long AllAt, DateTimeOffset Since);

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _bans.CreateOutboxIndex(ct);
        var keys = Builders<Ban>.IndexKeys;
        await _bans.Collection.Indexes.CreateManyAsync(
        [
            // The list for moderators, newest first; and all that hold.
            new(keys.Ascending(b => b.Lifted).Descending(b => b.CreatedAt).Descending(b => b.Id), new CreateIndexOptions { Name = "list" }),
            // What has changed since a replica asked last.
            new(keys.Ascending(b => b.ChangedAt), new CreateIndexOptions { Name = "changed" }),
        ], ct);
    }

    public Task<Ban?> Find(Guid id, CancellationToken ct) => _bans.Find(id, ct);

    /// <returns>The ban; or the one that is there under its id, where the request runs a second time.</returns>
    public async Task<Ban> Insert(Ban ban, ActionTaken action, CancellationToken ct)
    {
        var inserted = await _bans.Insert(ban, [action], ct);
        _recent.Forget();   // it holds at once here
        return inserted;
    }

    /// <returns>False when it was changed since.</returns>
    public async Task<bool> Save(Ban ban, ActionTaken action, CancellationToken ct)
    {
        var saved = await _bans.Save(ban, [action], ct);
        _recent.Forget();   // it holds at once here
        return saved;
    }

    /// <summary>Bans that were not lifted, those that ran out too, newest first.</summary>
    public Task<List<Ban>> List(Position after, int limit, CancellationToken ct)
    {
        var (at, id) = (after.CreatedAt, after.Id);
        return _bans.Collection.Find(Where.Eq(b => b.Lifted, false) & Where.Lte(b => b.CreatedAt, at) & (Where.Lt(b => b.CreatedAt, at) | Where.Lt(b => b.Id, id)))
            .SortByDescending(b => b.CreatedAt).ThenByDescending(b => b.Id).Limit(limit).ToListAsync(ct);
    }

    /// <summary>All that hold, as they were at most half a second ago; one asks at a time.</summary>
    public async Task<BanList> ReadRecent(CancellationToken ct)
    {
        if (_recent.Fresh is { } fresh) return fresh.Bans;
        await _reading.WaitAsync(ct);
        try { return (await _recent.Read(known => Read(known, ct))).Bans; }
        finally { _reading.Release(); }
    }

    private async Task<Recent> Read(Recent? known, CancellationToken ct)
    {
        var (at, since) = (System.Diagnostics.Stopwatch.GetTimestamp(), clock.Now() - Overlap);
        // What ran out goes with the next reading of all.
        if (known is null || System.Diagnostics.Stopwatch.GetElapsedTime(known.AllAt) > All) return new(new(await AllThatHold(ct)), at, since);
        // From the earlier of both: the clock may have been ahead, and set right.
        var from = known.Since < since ? known.Since : since;
        return known with { Bans = known.Bans.With(await _bans.Collection.Find(Where.Gte(b => b.ChangedAt, from)).ToListAsync(ct)), Since = since };
    }

    private async Task<List<Ban>> AllThatHold(CancellationToken ct)
    {
        var bans = new List<Ban>();
        for (var after = Position.AfterNewest; ;)
        {
            var page = await List(after, 1000, ct);
            bans.AddRange(page.Where(b => b.Holds(clock.Now())));
            if (page.Count < 1000 || bans.Count >= Most) return bans;
            after = new(page[^1].CreatedAt, page[^1].Id);
        }
    }
}
