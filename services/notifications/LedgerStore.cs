using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Platform.Notifications.Channels;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

/// <summary>The ledger of deliveries in MongoDB. All writes are bulk writes, guarded by the state and the claim that they expect.</summary>
public sealed class LedgerStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<Delivery> Where = Builders<Delivery>.Filter;
    private static readonly DeliveryState[] Unclaimed = [DeliveryState.Planned, DeliveryState.Waiting], Open = [DeliveryState.Planned, DeliveryState.Sending, DeliveryState.Waiting];
    private readonly IMongoCollection<Delivery> _ledger = database.GetCollection<Delivery>("ledger");

    static LedgerStore() => AbsentNulls<Delivery>();

    /// <summary>Writes the rows that are not there yet; a page planned again after a crash changes nothing.</summary>
    public async Task Plan(IEnumerable<Delivery> page, CancellationToken ct)
    {
        try { await _ledger.InsertManyAsync(page, new InsertManyOptions { IsOrdered = false }, ct); }
        catch (MongoBulkWriteException<Delivery> e) when (StoreFailure.IsDuplicateKey(e)) { }
    }

    /// <summary>The rows of a page that nobody has begun, of one channel.</summary>
    public Task<List<Delivery>> FindPlanned(Guid dispatch, int page, Channel? channel, CancellationToken ct) =>
        _ledger.Find(d => d.DispatchId == dispatch && d.State == DeliveryState.Planned && d.Page == page && d.Channel == channel).ToListAsync(ct);

    /// <summary>Rows that somebody must look at; see <see cref="Delivery.Due"/>.</summary>
    public Task<List<Delivery>> FindDue(DateTimeOffset now, int limit, CancellationToken ct, params DeliveryState[] states) =>
        _ledger.Find(Where.Lte(d => d.Due, now) & Where.In(d => d.State, states)).Limit(limit).ToListAsync(ct);

    /// <summary>Of one channel: see <see cref="FindDue(DateTimeOffset, int, CancellationToken, DeliveryState[])"/>.</summary>
    /// <param name="channel">Null is e-mail.</param>
    public Task<List<Delivery>> FindDue(Channel? channel, DateTimeOffset now, int limit, CancellationToken ct, params DeliveryState[] states) =>
        _ledger.Find(Where.Eq(d => d.Channel, channel) & Where.Lte(d => d.Due, now) & Where.In(d => d.State, states)).Limit(limit).ToListAsync(ct);

    /// <summary>Settles what is over and claims what comes next, in one write.</summary>
    /// <returns>The claimed ones of <paramref name="next"/>: not those that somebody else has taken.</returns>
    public async Task<IReadOnlyList<Delivery>> SettleAndClaim(IReadOnlyCollection<Settlement> over, IReadOnlyCollection<Delivery> next, Guid worker, Guid claim, DateTimeOffset now, CancellationToken ct)
    {
        var due = now + Worker.Check;
        var writes = over.GroupBy(s => s with { Id = default }).Select(g => (WriteModel<Delivery>)Settle([.. g.Select(s => s.Id)], g.Key, now)).ToList();
        if (next.Count > 0)
            writes.Add(new UpdateManyModel<Delivery>(Where.In(d => d.Id, next.Select(n => n.Id)) & Where.In(d => d.State, Unclaimed), Builders<Delivery>.Update
                .Set(d => d.State, DeliveryState.Sending).Set(d => d.Worker, worker).Set(d => d.Claim, claim).Set(d => d.Due, due).Inc(d => d.Attempts, 1).Min(d => d.FirstAt, now)));
        if (writes.Count == 0) return [];
        var result = await _ledger.BulkWriteAsync(writes, cancellationToken: ct);
        // The usual case: all of it is ours, and need not be read back.
        return result.ModifiedCount == over.Count + next.Count
            ? [.. next.Select(n => n with { State = DeliveryState.Sending, Worker = worker, Claim = claim, Due = due, Attempts = n.Attempts + 1, FirstAt = n.FirstAt ?? now })]
            : await _ledger.Find(Where.In(d => d.Id, next.Select(n => n.Id)) & Where.Eq(d => d.Claim, claim)).ToListAsync(ct);
    }

    /// <summary>Puts off rows that nobody has begun, since no server can be reached; those that are given up fail.</summary>
    public async Task PutOff(IReadOnlyCollection<Delivery> rows, string answer, DateTimeOffset now, CancellationToken ct)
    {
        var writes = rows.GroupBy(r => (r.Attempts, Due: Delivery.Retry(r.Attempts + 1, r.FirstAt ?? now, now))).Select(g => (WriteModel<Delivery>)new UpdateManyModel<Delivery>(
            Where.In(d => d.Id, g.Select(r => r.Id)) & Where.In(d => d.State, Unclaimed) & Where.Eq(d => d.Attempts, g.Key.Attempts),
            To(g.Key.Due is null ? DeliveryState.Failed : DeliveryState.Waiting, answer, g.Key.Due, now).Inc(d => d.Attempts, 1).Min(d => d.FirstAt, now))).ToList();
        if (writes.Count > 0) await _ledger.BulkWriteAsync(writes, cancellationToken: ct);
    }

    /// <summary>Makes rows due that nobody has begun: this process stops, and has taken them from the queue.</summary>
    public Task HandOn(IEnumerable<Guid> ids, DateTimeOffset now, CancellationToken ct) =>
        _ledger.UpdateManyAsync(Where.In(d => d.Id, ids) & Where.In(d => d.State, Unclaimed), Builders<Delivery>.Update.Min(d => d.Due, now), cancellationToken: ct);

    /// <summary>Suppresses what nobody has begun of a dispatch.</summary>
    public async Task Suppress(Guid dispatch, string reason, DateTimeOffset now, CancellationToken ct)
    {
        while (true)
        {
            var ids = await _ledger.Find(Where.Eq(d => d.DispatchId, dispatch) & Where.In(d => d.State, Unclaimed)).Limit(1_000).Project(d => d.Id).ToListAsync(ct);
            if (ids.Count == 0) return;
            await _ledger.UpdateManyAsync(Where.In(d => d.Id, ids) & Where.In(d => d.State, Unclaimed), To(DeliveryState.Suppressed, reason, null, now), cancellationToken: ct);
        }
    }

    /// <summary>A worker is alive: its deliveries are looked at again later.</summary>
    public Task Leave(IEnumerable<Guid> ids, DateTimeOffset due, CancellationToken ct) =>
        _ledger.UpdateManyAsync(Where.In(d => d.Id, ids) & Where.Eq(d => d.State, DeliveryState.Sending), Builders<Delivery>.Update.Set(d => d.Due, due), cancellationToken: ct);

    public Task<bool> AnyOpen(Guid dispatch, CancellationToken ct) =>
        _ledger.Find(Where.Eq(d => d.DispatchId, dispatch) & Where.In(d => d.State, Open)).Limit(1).Project(d => d.Id).AnyAsync(ct);

    /// <summary>All rows of a dispatch, counted.</summary>
    public async Task<Counts> Count(Guid dispatch, CancellationToken ct)
    {
        var states = (await _ledger.Aggregate().Match(d => d.DispatchId == dispatch).Group(d => d.State, g => new { State = g.Key, Count = g.LongCount() }).ToListAsync(ct)).ToDictionary(s => s.State, s => s.Count);
        long Of(DeliveryState state) => states.GetValueOrDefault(state);
        return new(Of(DeliveryState.Sent), Of(DeliveryState.Failed), Of(DeliveryState.Uncertain), Of(DeliveryState.Suppressed), Open.Sum(Of));
    }

    /// <summary>When the last one that waits is tried again; null where none waits.</summary>
    /// <remarks>Left to itself the store of the local run would walk through all that is due at any time, of every dispatch.</remarks>
    public async Task<DateTimeOffset?> LastRetry(Guid dispatch, CancellationToken ct) =>
        await _ledger.Find(d => d.DispatchId == dispatch && d.State == DeliveryState.Waiting, new FindOptions { Hint = "pages" }).SortByDescending(d => d.Due).Limit(1).Project(d => d.Due).FirstOrDefaultAsync(ct);

    /// <summary>Rows of a dispatch whose readers got, or may have got, a version of the article before this one; in the order of the ids.</summary>
    /// <remarks>The ids of a dispatch's rows begin with its time, so that they lie together: the index of the ids leads to them in their order.</remarks>
    public async Task<List<Delivery>> FindReached(Guid dispatch, long before, Guid after, int limit, CancellationToken ct)
    {
        var time = HashedId.UnixMilliseconds(dispatch);
        var (first, end) = (HashedId.First(time), HashedId.First(time + 1));
        var filter = (after == Guid.Empty ? Where.Gte(d => d.Id, first) : Where.Gt(d => d.Id, after)) & Where.Lt(d => d.Id, end) & Where.Eq(d => d.DispatchId, dispatch)
            & Where.In(d => d.State, [DeliveryState.Sending, DeliveryState.Sent, DeliveryState.Uncertain]) & !Where.Gte(d => d.ArticleVersion, before);
        return await _ledger.Find(filter, new FindOptions { Hint = "_id_" }).SortBy(d => d.Id).Limit(limit).ToListAsync(ct);
    }

    /// <summary>Rows of digests that showed, or may have shown, a version of the article before this one; in the order of the ids.</summary>
    /// <remarks>By one cursor, for what is found is put in order: page by page that would be done for each page anew.</remarks>
    /// <param name="after">The last one that is known already; empty at the beginning.</param>
    public async IAsyncEnumerable<ShownRow> FindShown(Guid article, long before, Guid after, int page, [EnumeratorCancellation] CancellationToken ct)
    {
        var filter = Where.Exists(d => d.Shown) & Where.Eq("shown.article", article) & Where.ElemMatch(d => d.Shown, s => s.Article == article && s.Version < before)
            & Where.Gt(d => d.Id, after) & Where.In(d => d.State, [DeliveryState.Sending, DeliveryState.Sent, DeliveryState.Uncertain]);
        using var cursor = await _ledger.Find(filter, new FindOptions { Hint = "shownArticles", BatchSize = page }).SortBy(d => d.Id).Project(d => new ShownRow(d.Id, d.SubscriptionId, d.Channel)).ToCursorAsync(ct);
        while (await cursor.MoveNextAsync(ct))
            foreach (var one in cursor.Current) yield return one;
    }

    public Task<List<Delivery>> Find(IEnumerable<Guid> ids, CancellationToken ct) => _ledger.Find(Where.In(d => d.Id, ids)).ToListAsync(ct);

    public async Task<Delivery?> Find(Guid id, CancellationToken ct) => await _ledger.Find(d => d.Id == id).FirstOrDefaultAsync(ct);

    /// <summary>Begins a settled delivery anew, at once. The worker of before, should it live, can settle it no more.</summary>
    /// <returns>The row as it is now; null where it is neither failed nor uncertain.</returns>
    public async Task<Delivery?> Resend(Guid id, DateTimeOffset now, CancellationToken ct) =>
        await _ledger.FindOneAndUpdateAsync(Where.Eq(d => d.Id, id) & Where.In(d => d.State, [DeliveryState.Failed, DeliveryState.Uncertain]), Builders<Delivery>.Update
            .Set(d => d.State, DeliveryState.Waiting).Set(d => d.Due, now).Set(d => d.Attempts, 0).Unset(d => d.FirstAt).Unset(d => d.Worker).Unset(d => d.Claim).Unset(d => d.Answer).Unset(d => d.At),
            new FindOneAndUpdateOptions<Delivery> { ReturnDocument = ReturnDocument.After }, ct);

    /// <summary>In the order of the ids, one more than the limit.</summary>
    /// <remarks>
    /// The rows of an article's dispatch lie together by their ids (see <see cref="FindReached"/>), and nearly all of them are sent: walked through in that order, a page is full soon.
    /// Of the other states there are few, and of a run of digests as many as one hour has: those are looked up, and put in order.
    /// </remarks>
    public Task<List<Delivery>> List(Dispatch dispatch, DeliveryState? state, Guid? after, int limit, CancellationToken ct)
    {
        var filter = Where.Eq(d => d.DispatchId, dispatch.Id);
        if (state is { } wanted) filter &= Where.Eq(d => d.State, wanted);
        var walk = !dispatch.IsOfDigests && state is null or DeliveryState.Sent;
        var time = HashedId.UnixMilliseconds(dispatch.Id);
        filter &= after is { } last ? Where.Gt(d => d.Id, last) : Where.Gte(d => d.Id, walk ? HashedId.First(time) : Guid.Empty);
        if (walk) filter &= Where.Lt(d => d.Id, HashedId.First(time + 1));
        return _ledger.Find(filter, new FindOptions { Hint = walk ? "_id_" : "pages" }).SortBy(d => d.Id).Limit(limit + 1).ToListAsync(ct);
    }

    /// <summary>Deletes rows of dispatches that began before this; their ids begin with that time.</summary>
    /// <returns>How many there were, at most the limit.</returns>
    public async Task<long> Purge(DateTimeOffset before, int limit, CancellationToken ct)
    {
        var bound = Guid.CreateVersion7(before);
        var ids = await _ledger.Find(Where.Lt(d => d.Id, bound)).SortBy(d => d.Id).Limit(limit).Project(d => d.Id).ToListAsync(ct);
        return ids.Count == 0 ? 0 : (await _ledger.DeleteManyAsync(Where.In(d => d.Id, ids), ct)).DeletedCount;
    }

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _ledger.Indexes.CreateManyAsync(Indexes, ct);
        await _ledger.Indexes.DropFormer(["shown"], ct);
    }

    private static readonly CreateIndexModel<Delivery>[] Indexes =
    [
        // The rows of a page, whether any is open, and the counts: FindPlanned, AnyOpen, Count, Suppress, LastRetry, List. One row per pair is the _id's doing.
        new(Builders<Delivery>.IndexKeys.Ascending(d => d.DispatchId).Ascending(d => d.State).Ascending(d => d.Page), new CreateIndexOptions { Name = "pages" }),
        // Holds only what is not settled, by when it must be looked at: FindDue. Sparse, and so due is unset and never null.
        new(new BsonDocument("due", 1), new CreateIndexOptions { Name = "due", Sparse = true }),
        // Holds only digests, by what they showed: FindShown. A reader has at most one a day, and rows stay for a month. Partial, since the store of the local run writes entries for what is absent into a sparse one.
        new(new BsonDocument("shown.article", 1), new CreateIndexOptions<Delivery> { Name = "shownArticles", PartialFilterExpression = Where.Exists(d => d.Shown) }),
        // The same of what goes by push alone: FindDue.
        new(new BsonDocument("due", 1), new CreateIndexOptions<Delivery> { Name = "duePush", PartialFilterExpression = Where.Eq(d => d.Channel, Channel.Push) }),
    ];

    /// <summary>What is null is not written, so that sparse indexes stay small and $min sets what is absent.</summary>
    internal static void AbsentNulls<T>() => BsonClassMap.TryRegisterClassMap<T>(map =>
    {
        map.AutoMap();
        foreach (var member in map.DeclaredMemberMaps.Where(m => !m.MemberType.IsValueType || Nullable.GetUnderlyingType(m.MemberType) is not null)) member.SetIgnoreIfNull(true).SetDefaultValue((object?)null);
    });

    /// <summary>Also out of <see cref="DeliveryState.Uncertain"/>: a worker that was thought dead knows better how it ended.</summary>
    private static UpdateManyModel<Delivery> Settle(IReadOnlyCollection<Guid> ids, Settlement how, DateTimeOffset now)
    {
        var update = To(how.State, how.Answer, how.Due, now);
        if (how.ArticleVersion is { } version) update = update.Set(d => d.ArticleVersion, version);
        if (how.Shown is { } shown) update = update.Set(d => d.Shown, shown);
        if (how.Untried) update = update.Inc(d => d.Attempts, -1);
        if (how is { Untried: true, First: true }) update = update.Unset(d => d.FirstAt);
        return new(Where.In(d => d.Id, ids) & Where.Eq(d => d.Claim, how.Claim) & Where.In(d => d.State, [DeliveryState.Sending, DeliveryState.Uncertain]), update);
    }

    private static UpdateDefinition<Delivery> To(DeliveryState state, string? answer, DateTimeOffset? due, DateTimeOffset now)
    {
        var update = Builders<Delivery>.Update.Set(d => d.State, state);
        update = answer is null ? update : update.Set(d => d.Answer, answer);
        return due is { } at ? update.Set(d => d.Due, at) : update.Unset(d => d.Due).Set(d => d.At, now);
    }
}

/// <summary>A row of a digest that showed an article.</summary>
/// <param name="Channel">Null is e-mail.</param>
public sealed record ShownRow(Guid Id, Guid Subscription, Channel? Channel);
