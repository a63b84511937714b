using Microsoft.Extensions.Caching.Memory;
using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>Threads, one per known article: the copy of the article, the moderator's override, the count.</summary>
public sealed class ThreadStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock) : IDisposable
{
    public const string Threads = "threads";

    /// <summary>What posting goes by may be so old: closing, opening and withdrawing hold within a second on every replica.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(0.8);

    private static readonly FilterDefinitionBuilder<Thread> Where = Builders<Thread>.Filter;
    private static readonly UpdateDefinitionBuilder<Thread> Change = Builders<Thread>.Update;
    private readonly DocumentStore<Thread> _threads = new(database, Threads, relay, clock);
    private readonly Together<(Guid Id, DueCount Due)> _marks = new(100, lanes: 2, batch => MarkDue(database.GetCollection<Thread>(Threads), batch));
    private long _forgotten;
    private readonly MemoryCache _recent = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _threads.CreateOutboxIndex(ct);
        // For the count sweeper: threads with a count due. Holds nothing else.
        await _threads.Collection.Indexes.CreateOneAsync(new CreateIndexModel<Thread>(Builders<Thread>.IndexKeys.Ascending("due.at"),
            new CreateIndexOptions<Thread> { Name = "due", PartialFilterExpression = Where.Exists("due.at") }), cancellationToken: ct);
        // Threads of which everything was erased until a time, oldest first. Holds nothing else.
        await _threads.Collection.Indexes.CreateOneAsync(new CreateIndexModel<Thread>(Builders<Thread>.IndexKeys.Ascending(t => t.ErasedAt).Ascending(t => t.Id),
            new CreateIndexOptions<Thread> { Name = "erased", PartialFilterExpression = Where.Gt(t => t.ErasedAt, DateTimeOffset.UnixEpoch) }), cancellationToken: ct);
    }

    public Task<Thread?> Find(Guid articleId, CancellationToken ct) => _threads.Find(articleId, ct);

    public Task<List<Thread>> FindMany(IReadOnlyCollection<Guid> articleIds, CancellationToken ct) => _threads.Collection.Find(Where.In(t => t.Id, articleIds)).ToListAsync(ct);

    /// <summary>As <see cref="Find"/>, but up to <see cref="Remembered"/> old; what is not there is asked for each time. Its count is of no use.</summary>
    public async Task<Thread?> FindRecent(Guid articleId, CancellationToken ct)
    {
        if (_recent.TryGetValue<Thread>(articleId, out var recent)) return recent;
        var forgotten = Interlocked.Read(ref _forgotten);
        if (await Find(articleId, ct) is not { } thread) return null;
        _recent.Set(articleId, thread, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered });
        // What was changed here while it was read may not be in it. Asked after it is kept: whoever changes it from now on takes it out himself.
        if (forgotten != Interlocked.Read(ref _forgotten)) _recent.Remove(articleId);
        return thread;
    }

    /// <summary>Learns of an article, unless the same or a newer version of it is known. Twice, late or out of order ends in the same state.</summary>
    public Task Know(Guid articleId, KnownArticle article, CancellationToken ct) => Know(articleId, article, Change.Set(t => t.Article, article), ct);

    /// <summary>Learns that an article is withdrawn; as above.</summary>
    public Task KnowWithdrawn(Guid articleId, long version, DateTimeOffset at, CancellationToken ct) =>
        Know(articleId, new KnownArticle(version, "", "", "", CommentsOpen: false, at, Withdrawn: true), Change.Set(t => t.Article.Version, version).Set(t => t.Article.Withdrawn, true), ct);

    /// <summary>A moderator opens or closes the thread, or (null) leaves it to the rules again.</summary>
    /// <returns>The thread, or null where the article is not known.</returns>
    public async Task<Thread?> SetOverride(Guid articleId, bool? open, ActionTaken action, CancellationToken ct)
    {
        var thread = await _threads.Update(Where.Eq(t => t.Id, articleId), Change.Set(t => t.Override, open),
            [new ThreadOverridden { ArticleId = articleId, OverriddenAt = action.At, Open = open }, action], ct);
        Forget(articleId);
        return thread;
    }

    /// <summary>A moderator wants all gone that was written until then.</summary>
    /// <returns>The thread, or null where the article is not known.</returns>
    public Task<Thread?> SetErased(Guid articleId, DateTimeOffset at, ActionTaken action, CancellationToken ct) =>
        _threads.Update(Where.Eq(t => t.Id, articleId), Change.Max(t => t.ErasedAt, at), [new People.ThreadErasureAsked(articleId), action], ct);

    /// <summary>Threads of which everything was erased until a time, oldest first.</summary>
    /// <param name="after">The last one that was read, or null.</param>
    public Task<List<Thread>> Erased(Thread? after, int limit, CancellationToken ct)
    {
        var (at, id) = (after?.ErasedAt ?? DateTimeOffset.UnixEpoch, after?.Id ?? Guid.Empty);
        return _threads.Collection.Find(Where.Gt(t => t.ErasedAt, DateTimeOffset.UnixEpoch) & Where.Gte(t => t.ErasedAt, at) & (Where.Gt(t => t.ErasedAt, at) | Where.Gt(t => t.Id, id)))
            .SortBy(t => t.ErasedAt).ThenBy(t => t.Id).Limit(limit).ToListAsync(ct);
    }

    /// <summary>Says, before comments change, that the thread must be counted after it.</summary>
    /// <remarks>Threads that are marked at the same moment are marked by one command.</remarks>
    public Task MarkDue(Guid articleId, DueCount due) => _marks.Add((articleId, due));

    /// <summary>Threads with a mark older than this, oldest first.</summary>
    /// <remarks>$exists is said although $lt implies it: only then does the local engine use the partial index.</remarks>
    public Task<List<Thread>> FindDue(DateTimeOffset before, int limit, CancellationToken ct) =>
        _threads.Collection.Find(Where.Exists("due.at") & Where.Lt("due.at", before.UtcDateTime)).Sort(Builders<Thread>.Sort.Ascending("due.at")).Limit(limit).ToListAsync(ct);

    /// <summary>
    /// Counts and stores the count, with <see cref="ThreadCounted"/> where it is another. The version is read before counting and guards the write,
    /// so that of two who count at once the slower one counts again: the last count stored has seen every comment that was written before it began.
    /// </summary>
    /// <param name="done">Ids of the marks that this count settles.</param>
    /// <returns>The thread; null where the article is not known.</returns>
    public async Task<Thread?> Recount(Guid articleId, Func<Task<long>> count, IReadOnlyCollection<Guid> done, CancellationToken ct)
    {
        while (await Find(articleId, ct) is { } thread)
        {
            var (update, events) = Counted(thread, await count(), done);
            if (await _threads.Update(Where.Eq(t => t.Id, articleId) & Where.Eq(t => t.Version, thread.Version), update, events, ct) is { } stored) return stored;
        }
        return null;
    }

    /// <summary>As <see cref="Recount(Guid, Func{Task{long}}, IReadOnlyCollection{Guid}, CancellationToken)"/>, of several threads at once: as many commands as for one.</summary>
    /// <param name="done">The threads, each with the marks that this count settles.</param>
    /// <param name="count">Counts these threads; what it does not name has none.</param>
    public async Task Recount(IReadOnlyDictionary<Guid, IReadOnlyCollection<Guid>> done, Func<IReadOnlyCollection<Guid>, Task<IReadOnlyDictionary<Guid, long>>> count, CancellationToken ct)
    {
        var threads = await FindMany([.. done.Keys], ct);
        if (threads.Count == 0) return;
        var counts = await count([.. threads.Select(t => t.Id)]);
        var all = await _threads.Update([.. threads.Select(thread =>
        {
            var (update, events) = Counted(thread, counts.GetValueOrDefault(thread.Id), done[thread.Id]);
            return (thread.Id, Where.Eq(t => t.Version, thread.Version), update, events);
        })], ct);
        if (all) return;
        // Somebody else has counted one of them at the same time. Those whose marks are there still were not counted; of those without marks nothing says it, and once more is always right.
        var again = (await FindMany([.. done.Keys], ct)).Where(t => done[t.Id].Count == 0 || t.Due.Any(d => done[t.Id].Contains(d.Id))).ToDictionary(t => t.Id, t => done[t.Id]);
        if (again.Count > 0) await Recount(again, count, ct);
    }

    private static (UpdateDefinition<Thread>, IReadOnlyList<object>) Counted(Thread thread, long count, IReadOnlyCollection<Guid> done)
    {
        var counted = new ThreadCounted { ArticleId = thread.Id, Version = thread.Version + 1, Count = count };
        return (Change.Set(t => t.Count, count).Set(t => t.Version, counted.Version).PullFilter(t => t.Due, d => done.Contains(d.Id)), count == thread.Count && done.Count == 0 ? [] : [counted]);
    }

    private static async Task<IReadOnlyDictionary<int, Exception>?> MarkDue(IMongoCollection<Thread> threads, IReadOnlyList<(Guid Id, DueCount Due)> marks)
    {
        // Not the requests' cancellation: others wait for it too.
        if (marks is [var (id, due)]) await threads.UpdateOneAsync(t => t.Id == id, Change.Push(t => t.Due, due), cancellationToken: CancellationToken.None);
        else await threads.BulkWriteAsync(marks.OrderBy(m => m.Id).Select(m => new UpdateOneModel<Thread>(Where.Eq(t => t.Id, m.Id), Change.Push(t => t.Due, m.Due))), new BulkWriteOptions { IsOrdered = false }, CancellationToken.None);
        return null;
    }

    private async Task Know(Guid articleId, KnownArticle article, UpdateDefinition<Thread> update, CancellationToken ct)
    {
        // Not an upsert: of two at once on an unknown article the newer one could lose.
        for (var tries = 0; tries < 2 && !await Learn(); tries++)
        {
            try
            {
                await _threads.Collection.InsertOneAsync(new Thread { Id = articleId, Article = article }, cancellationToken: ct);
                break;
            }
            catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }   // it is there: older (learn again) or newer
        }
        Forget(articleId);

        async Task<bool> Learn() => (await _threads.Collection.UpdateOneAsync(t => t.Id == articleId && t.Article.Version < article.Version, update, cancellationToken: ct)).MatchedCount > 0;
    }

    private void Forget(Guid articleId)
    {
        Interlocked.Increment(ref _forgotten);
        _recent.Remove(articleId);
    }

    public void Dispose() => _recent.Dispose();
}
