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

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(0.5), All = TimeSpan.FromMinutes(5);

    /// <summary>Replicas' clocks differ, and a write is under way for a while: so much is asked for again.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    private static readonly FilterDefinitionBuilder<Ban> Where = Builders<Ban>.Filter;
    private readonly DocumentStore<Ban> _bans = new(database, Bans, relay, clock);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Recent? _recent;
    private long _forgotten;

    private sealed record Recent(BanList Bans, long At, long AllAt, DateTimeOffset Since);

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
        Forget();
        return inserted;
    }

    /// <returns>False when it was changed since.</returns>
    public async Task<bool> Save(Ban ban, ActionTaken action, CancellationToken ct)
    {
        var saved = await _bans.Save(ban, [action], ct);
        Forget();
        return saved;
    }

    /// <summary>Bans that were not lifted, those that ran out too, newest first.</summary>
    public Task<List<Ban>> List(Position after, int limit, CancellationToken ct)
    {
        var (at, id) = (after.CreatedAt, after.Id);
        return _bans.Collection.Find(Where.Eq(b => b.Lifted, false) & Where.Lte(b => b.CreatedAt, at) & (Where.Lt(b => b.CreatedAt, at) | Where.Lt(b => b.Id, id)))
            .SortByDescending(b => b.CreatedAt).ThenByDescending(b => b.Id).Limit(limit).ToListAsync(ct);
    }

    /// <summary>All that hold, as they were at most <see cref="Remembered"/> ago.</summary>
    public async Task<BanList> ReadRecent(CancellationToken ct)
    {
        if (_recent is { } fresh && IsFresh(fresh)) return fresh.Bans;
        await _reading.WaitAsync(ct);
        try
        {
            if (_recent is { } now && IsFresh(now)) return now.Bans;
            var (at, forgotten) = (System.Diagnostics.Stopwatch.GetTimestamp(), Interlocked.Read(ref _forgotten));
            var since = clock.Now() - Overlap;
            // What ran out goes with the next reading of all.
            if (_recent is not { } recent || System.Diagnostics.Stopwatch.GetElapsedTime(recent.AllAt) > All) return Keep(new(new(await AllThatHold(ct)), at, at, since)).Bans;
            // From the earlier of both: the clock may have been ahead, and set right.
            var from = recent.Since < since ? recent.Since : since;
            var bans = recent.Bans.With(await _bans.Collection.Find(Where.Gte(b => b.ChangedAt, from)).ToListAsync(ct));
            return Keep(recent with { Bans = bans, At = at, Since = since }).Bans;

            Recent Keep(Recent read)
            {
                // What was changed here while it was read may not be in it.
                _recent = read;
                if (forgotten != Interlocked.Read(ref _forgotten)) _recent = read with { At = 0 };
                return read;
            }
        }
        finally
        {
            _reading.Release();
        }
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

    private static bool IsFresh(Recent recent) => System.Diagnostics.Stopwatch.GetElapsedTime(recent.At) < Remembered;

    /// <summary>A ban made or lifted here holds at once here.</summary>
    private void Forget()
    {
        Interlocked.Increment(ref _forgotten);
        if (_recent is { } recent) _recent = recent with { At = 0 };
    }
}
