using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Notifications.Channels;
using Platform.Notifications.Push;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

/// <summary>Subscriptions in MongoDB. Each change is one write of one document.</summary>
public sealed class SubscriptionStore(IMongoDatabase database)
{
    private static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly FilterDefinitionBuilder<Subscription> Where = Builders<Subscription>.Filter;
    private static readonly FindOneAndUpdateOptions<Subscription> ReturnNew = new() { ReturnDocument = ReturnDocument.After };
    private readonly IMongoCollection<Subscription> _subscriptions = database.GetCollection<Subscription>("subscriptions");

    static SubscriptionStore()
    {
        LedgerStore.AbsentNulls<Subscription>();
        LedgerStore.AbsentNulls<Confirmation>();
        LedgerStore.AbsentNulls<Topics>();
        LedgerStore.AbsentNulls<Schedule>();
        LedgerStore.AbsentNulls<QuietHours>();
    }

    /// <summary>A subscription that holds, or null.</summary>
    public async Task<Subscription?> FindConfirmed(Guid id, CancellationToken ct) =>
        await _subscriptions.Find(s => s.Id == id && s.Status == SubscriptionStatus.Confirmed).FirstOrDefaultAsync(ct);

    public Task<List<Subscription>> FindConfirmed(IEnumerable<Guid> ids, CancellationToken ct) =>
        _subscriptions.Find(Where.In(s => s.Id, ids) & Where.Eq(s => s.Status, SubscriptionStatus.Confirmed)).ToListAsync(ct);

    /// <summary>Addresses by subscription, for whom they still exist.</summary>
    public async Task<Dictionary<Guid, string>> Addresses(IEnumerable<Guid> ids, CancellationToken ct) =>
        (await _subscriptions.Find(Where.In(s => s.Id, ids)).Project(s => new { s.Id, s.Address }).ToListAsync(ct)).ToDictionary(s => s.Id, s => s.Address);

    /// <summary>The confirmed subscriptions that have one of an article's keys, in the order of their ids: a dispatch walks through all of them.</summary>
    /// <remarks>
    /// The store of the local run gives this order from the index only where nothing bounds the ids; where something does, it reads and sorts all that is left,
    /// also where it is bounded on both sides. So the first page is read by itself, which is at once, and the others by one cursor, which sorts once.
    /// </remarks>
    /// <param name="after">The last one that is known already; empty at the beginning.</param>
    public async IAsyncEnumerable<Match> Match(string key, Guid after, int page, [EnumeratorCancellation] CancellationToken ct)
    {
        var all = Where.AnyEq(s => s.Keys, key);
        var match = Builders<Subscription>.Projection.Expression(s => new Match(s.Id, s.Keys, s.Channel));
        if (after == Guid.Empty)
        {
            var first = await _subscriptions.Find(all).SortBy(s => s.Id).Limit(page).Project(match).ToListAsync(ct);
            foreach (var one in first) yield return one;
            if (first.Count < page) yield break;
            after = first[^1].Id;
        }
        using var cursor = await _subscriptions.Find(all & Where.Gt(s => s.Id, after), new FindOptions { BatchSize = page }).SortBy(s => s.Id).Project(match).ToCursorAsync(ct);
        while (await cursor.MoveNextAsync(ct))
            foreach (var one in cursor.Current) yield return one;
    }

    /// <summary>Subscriptions whose digest is due, the longest due first.</summary>
    public Task<List<Subscription>> FindDigests(DateTimeOffset due, int limit, CancellationToken ct) =>
        _subscriptions.Find(Where.Exists("digestDue") & Where.Lte(s => s.DigestDue, due)).SortBy(s => s.DigestDue).Limit(limit).ToListAsync(ct);

    /// <summary>Puts digests off to their next hours, and moves what they tell of behind what was told; each where nobody has changed it meanwhile.</summary>
    public async Task Advance(IReadOnlyCollection<(Subscription Of, DateTimeOffset Due, DateTimeOffset From)> digests, CancellationToken ct)
    {
        var writes = new List<WriteModel<Subscription>>();
        // First what was told: whoever is killed in between finds nothing to tell of.
        foreach (var some in digests.Where(d => d.From != d.Of.DigestFrom).GroupBy(d => (d.Of.DigestFrom, d.From)))
            writes.Add(new UpdateManyModel<Subscription>(Where.In(s => s.Id, some.Select(d => d.Of.Id)) & Where.Eq(s => s.DigestFrom, some.Key.DigestFrom), Builders<Subscription>.Update.Set(s => s.DigestFrom, some.Key.From)));
        foreach (var some in digests.GroupBy(d => (d.Of.DigestDue, d.Due)))
            writes.Add(new UpdateManyModel<Subscription>(Where.In(s => s.Id, some.Select(d => d.Of.Id)) & Where.Eq(s => s.DigestDue, some.Key.DigestDue), Builders<Subscription>.Update.Set(s => s.DigestDue, some.Key.Due)));
        if (writes.Count > 0) await _subscriptions.BulkWriteAsync(writes, new BulkWriteOptions { IsOrdered = true }, ct);
    }

    /// <summary>When keywords were chosen, and the keys of those who chose them then or later.</summary>
    public async IAsyncEnumerable<(DateTimeOffset At, IReadOnlyList<string> Keys)> KeywordsSince(DateTimeOffset since, [EnumeratorCancellation] CancellationToken ct)
    {
        using var cursor = await _subscriptions.Find(Where.Exists("keywordsAt") & Where.Gte(s => s.KeywordsAt, since)).Project(s => new { s.KeywordsAt, s.Preferences }).ToCursorAsync(ct);
        while (await cursor.MoveNextAsync(ct))
            foreach (var chosen in cursor.Current)
                if (chosen is { KeywordsAt: { } at, Preferences: { } preferences }) yield return (at, preferences.Keys());
    }

    /// <summary>
    /// Remembers what somebody wishes for an address, and makes a confirmation mail due unless one was made within <see cref="Confirmation.Interval"/>.
    /// The same two writes whether the address is known, confirmed, or new.
    /// </summary>
    /// <returns>Whether <paramref name="fresh"/> is due now.</returns>
    public async Task<bool> Ask(Guid newId, EmailAddress address, Wish wish, Confirmation fresh, CancellationToken ct)
    {
        var now = fresh.RequestedAt;
        var skeleton = new Subscription(newId, 1, address.Given, address.Key, SubscriptionStatus.Pending, null, [], null, null, now, null, null, now).ToBsonDocument();
        skeleton.Remove("purgeAt");
        var upsert = new BsonDocument { ["$setOnInsert"] = skeleton, ["$max"] = new BsonDocument("purgeAt", (now + Subscription.KeptUnconfirmed).UtcDateTime) };
        await Upsert(s => s.AddressKey == address.Key, upsert, ct);

        // By pipeline, since what is set depends on what is there; $literal, since a reader's words may begin with a dollar sign.
        var stale = new BsonDocument("$lte", new BsonArray { new BsonDocument("$ifNull", new BsonArray { "$confirmation.requestedAt", DateTime.UnixEpoch }), (now - Confirmation.Interval).UtcDateTime });
        var set = new BsonDocument("$set", new BsonDocument
        {
            ["wish"] = new BsonDocument("$literal", wish.ToBsonDocument()),
            ["confirmation"] = new BsonDocument("$cond", new BsonArray { stale, new BsonDocument("$literal", fresh.ToBsonDocument()), "$confirmation" }),
        });
        var after = await _subscriptions.FindOneAndUpdateAsync<Subscription>(s => s.AddressKey == address.Key, Pipeline(set), ReturnNew, ct);
        return after?.Confirmation?.Id == fresh.Id;
    }

    /// <summary>Uses a confirmation token: what was wished for holds from now on.</summary>
    /// <returns>Null where the token is unknown, used or old; then nothing has changed.</returns>
    public async Task<Subscription?> Confirm(string tokenHash, DateTimeOffset now, CancellationToken ct)
    {
        var set = new BsonDocument("$set", new BsonDocument
        {
            ["status"] = nameof(SubscriptionStatus.Confirmed),
            ["preferences"] = "$wish.preferences",
            ["keys"] = "$wish.keys",
            ["keywordsAt"] = If(new BsonDocument("$isArray", "$wish.preferences.topics.keywords"), now.UtcDateTime),
            // When the next digest goes out is reckoned by whoever comes to it; see Subscription.DigestDue.
            ["digestDue"] = If(IsDigest, now.UtcDateTime),
            ["digestFrom"] = If(IsDigest, new BsonDocument("$ifNull", new BsonArray { "$digestFrom", now.UtcDateTime })),
            ["confirmation.usedAt"] = now.UtcDateTime,
            ["confirmedAt"] = now.UtcDateTime,
            ["purgeAt"] = Never.UtcDateTime,
            ["version"] = new BsonDocument("$add", new BsonArray { "$version", 1 }),
        });
        return await _subscriptions.FindOneAndUpdateAsync<Subscription>(
            s => s.Confirmation!.TokenHash == tokenHash && s.Confirmation.UsedAt == null && s.Confirmation.ExpiresAt > now, Pipeline(set, new BsonDocument("$unset", new BsonArray { "confirmation.due", "endedAt" })), ReturnNew, ct);
    }

    /// <returns>The subscription as changed; null where it has another version by now, or holds no more.</returns>
    public async Task<Subscription?> Change(Guid id, long version, Wish to, DateTimeOffset now, CancellationToken ct)
    {
        var update = Builders<Subscription>.Update.Set(s => s.Preferences, to.Preferences).Set(s => s.Keys, to.Keys).Inc(s => s.Version, 1);
        update = to.Preferences.Topics.Keywords is null ? update.Unset(s => s.KeywordsAt) : update.Set(s => s.KeywordsAt, now);
        // What the next digest was to tell of already, it still tells of.
        update = to.Preferences.Schedule.IsDigest ? update.Set(s => s.DigestDue, now).Min(s => s.DigestFrom, now) : update.Unset(s => s.DigestDue).Unset(s => s.DigestFrom);
        return await _subscriptions.FindOneAndUpdateAsync<Subscription>(s => s.Id == id && s.Version == version && s.Status == SubscriptionStatus.Confirmed, update, ReturnNew, ct);
    }

    /// <summary>Ends a subscription; ended already, or unknown, it changes nothing.</summary>
    public Task End(Guid id, DateTimeOffset now, CancellationToken ct) =>
        _subscriptions.UpdateOneAsync(s => s.Id == id && s.Status == SubscriptionStatus.Confirmed, Builders<Subscription>.Update
            .Set(s => s.Status, SubscriptionStatus.Ended).Set(s => s.Keys, []).Set(s => s.EndedAt, now).Set(s => s.PurgeAt, now + Subscription.KeptEnded)
            .Unset(s => s.KeywordsAt).Unset(s => s.DigestDue).Unset(s => s.DigestFrom).Inc(s => s.Version, 1), cancellationToken: ct);

    /// <summary>Takes the confirmation mail that has been due longest, for so long that nobody else sends it meanwhile.</summary>
    public async Task<Subscription?> TakeConfirmation(DateTimeOffset now, TimeSpan lease, CancellationToken ct) =>
        await _subscriptions.FindOneAndUpdateAsync(Where.Exists("confirmation.due") & Where.Lte(s => s.Confirmation!.Due, now),
            Builders<Subscription>.Update.Set(s => s.Confirmation!.Due, now + lease).Inc(s => s.Confirmation!.Attempts, 1),
            new FindOneAndUpdateOptions<Subscription> { ReturnDocument = ReturnDocument.After }, ct);

    /// <param name="due">When to try again; null where the mail is sent, or given up.</param>
    public Task SettleConfirmation(Guid id, Guid confirmation, DateTimeOffset? due, CancellationToken ct) =>
        _subscriptions.UpdateOneAsync(s => s.Id == id && s.Confirmation!.Id == confirmation && s.Confirmation.UsedAt == null,
            due is { } at ? Builders<Subscription>.Update.Set(s => s.Confirmation!.Due, at) : Builders<Subscription>.Update.Unset(s => s.Confirmation!.Due), cancellationToken: ct);

    /// <summary>A browser has subscribed to push, or does so again with other choices or keys.</summary>
    /// <returns>The subscription of its endpoint.</returns>
    public async Task<Subscription> SubscribePush(Guid newId, PushTarget target, Wish wish, DateTimeOffset now, CancellationToken ct)
    {
        var keywords = wish.Preferences.Topics.Keywords is null ? (DateTimeOffset?)null : now;
        var fresh = new Subscription(newId, 1, target.Service, target.Key, SubscriptionStatus.Confirmed, wish.Preferences, wish.Keys, null, null, now, now, null, Never, KeywordsAt: keywords, Channel: Channel.Push, Push: target);
        if (wish.Preferences.Schedule.IsDigest) fresh = fresh with { DigestDue = now, DigestFrom = now };
        try
        {
            await _subscriptions.InsertOneAsync(fresh, cancellationToken: ct);
            return fresh;
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }
        var update = Builders<Subscription>.Update.Set(s => s.Status, SubscriptionStatus.Confirmed).Set(s => s.Preferences, wish.Preferences).Set(s => s.Keys, wish.Keys).Set(s => s.Push, target)
            .Set(s => s.ConfirmedAt, now).Set(s => s.PurgeAt, Never).Unset(s => s.EndedAt).Inc(s => s.Version, 1);
        update = keywords is { } at ? update.Set(s => s.KeywordsAt, at) : update.Unset(s => s.KeywordsAt);
        update = wish.Preferences.Schedule.IsDigest ? update.Set(s => s.DigestDue, now).Min(s => s.DigestFrom, now) : update.Unset(s => s.DigestDue).Unset(s => s.DigestFrom);
        return await _subscriptions.FindOneAndUpdateAsync<Subscription>(s => s.AddressKey == target.Key, update, ReturnNew, ct) ?? await SubscribePush(newId, target, wish, now, ct);   // pruned in between
    }

    /// <summary>Marks the subscription of an address, or takes the mark away; see <see cref="Subscription.Suppressed"/>.</summary>
    public Task Suppress(string addressKey, bool suppressed, CancellationToken ct) =>
        _subscriptions.UpdateOneAsync(s => s.AddressKey == addressKey, suppressed ? Builders<Subscription>.Update.Set(s => s.Suppressed, true) : Builders<Subscription>.Update.Unset(s => s.Suppressed), cancellationToken: ct);

    /// <summary>Whom the confirmation mail with this token went to, or null.</summary>
    public async Task<string?> AddressOfConfirmation(string tokenHash, CancellationToken ct) =>
        await _subscriptions.Find(s => s.Confirmation!.TokenHash == tokenHash).Project(s => s.Address).FirstOrDefaultAsync(ct);

    /// <summary>Every subscription, in the order of the ids.</summary>
    public async IAsyncEnumerable<Subscription> All([EnumeratorCancellation] CancellationToken ct)
    {
        using var cursor = await _subscriptions.Find(Where.Gt(s => s.Id, Guid.Empty), new FindOptions { BatchSize = 1_000 }).SortBy(s => s.Id).ToCursorAsync(ct);
        while (await cursor.MoveNextAsync(ct))
            foreach (var subscription in cursor.Current) yield return subscription;
    }

    /// <summary>A subscription, whether it holds or not.</summary>
    public async Task<Subscription?> FindAny(Guid id, CancellationToken ct) => await _subscriptions.Find(s => s.Id == id).FirstOrDefaultAsync(ct);

    /// <summary>Forgets a subscription and its address.</summary>
    public Task Erase(Guid id, CancellationToken ct) => _subscriptions.DeleteOneAsync(s => s.Id == id, ct);

    public Task CreateIndexes(CancellationToken ct) => _subscriptions.Indexes.CreateManyAsync(
    [
        // One subscription per address: Ask.
        new(Builders<Subscription>.IndexKeys.Ascending(s => s.AddressKey), new CreateIndexOptions { Name = "address", Unique = true }),
        // Walks the subscribers of one key in the order of their ids: Match.
        new(Builders<Subscription>.IndexKeys.Ascending(s => s.Keys).Ascending(s => s.Id), new CreateIndexOptions { Name = "match" }),
        // Finds a subscription by the token of its mail: Confirm.
        new(Builders<Subscription>.IndexKeys.Ascending(s => s.Confirmation!.TokenHash), new CreateIndexOptions { Name = "confirm", Sparse = true }),
        // Holds only those with keywords, by when they were chosen: KeywordsSince.
        new(new BsonDocument("keywordsAt", 1), new CreateIndexOptions { Name = "keywords", Sparse = true }),
        // Holds only those with a digest, by when it is due: FindDigests.
        new(new BsonDocument("digestDue", 1), new CreateIndexOptions { Name = "digests", Sparse = true }),
        // Holds only what waits for its confirmation mail: TakeConfirmation.
        new(new BsonDocument("confirmation.due", 1), new CreateIndexOptions { Name = "confirmationDue", Sparse = true }),
        // Addresses that nobody confirmed, or that ended, go by themselves.
        new(Builders<Subscription>.IndexKeys.Ascending(s => s.PurgeAt), new CreateIndexOptions { Name = "purge", ExpireAfter = TimeSpan.Zero }),
    ], ct);

    private async Task Upsert(System.Linq.Expressions.Expression<Func<Subscription, bool>> which, BsonDocument update, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _subscriptions.UpdateOneAsync(which, update, new UpdateOptions { IsUpsert = true }, ct);
                return;
            }
            catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e) && attempt < 5) { }   // another request for this address was first: now it is there
        }
    }

    private static readonly BsonDocument IsDigest = new("$in", new BsonArray { "$wish.preferences.schedule.kind", new BsonArray { nameof(ScheduleKind.Daily), nameof(ScheduleKind.Weekly) } });

    /// <summary>The value where the condition holds, else the field goes.</summary>
    private static BsonDocument If(BsonDocument condition, BsonValue value) => new("$cond", new BsonArray { condition, value, "$$REMOVE" });

    private static UpdateDefinition<Subscription> Pipeline(params BsonDocument[] stages) => Builders<Subscription>.Update.Pipeline(PipelineDefinition<Subscription, Subscription>.Create(stages));
}

/// <summary>A subscription that has a key, and all of its keys.</summary>
/// <param name="Channel">Null is e-mail.</param>
public sealed record Match(Guid Id, IReadOnlyList<string> Keys, Channel? Channel);
