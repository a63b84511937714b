using MongoDB.Bson;
using MongoDB.Driver;
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
    }

    /// <summary>A subscription that holds, or null.</summary>
    public async Task<Subscription?> FindConfirmed(Guid id, CancellationToken ct) =>
        await _subscriptions.Find(s => s.Id == id && s.Status == SubscriptionStatus.Confirmed).FirstOrDefaultAsync(ct);

    public Task<List<Subscription>> FindConfirmed(IEnumerable<Guid> ids, CancellationToken ct) =>
        _subscriptions.Find(Where.In(s => s.Id, ids) & Where.Eq(s => s.Status, SubscriptionStatus.Confirmed)).ToListAsync(ct);

    /// <summary>Addresses by subscription, for whom they still exist.</summary>
    public async Task<Dictionary<Guid, string>> Addresses(IEnumerable<Guid> ids, CancellationToken ct) =>
        (await _subscriptions.Find(Where.In(s => s.Id, ids)).Project(s => new { s.Id, s.Address }).ToListAsync(ct)).ToDictionary(s => s.Id, s => s.Address);

    /// <summary>The next confirmed subscriptions that match, in the order of their ids: a dispatch walks through all of them by pages.</summary>
    /// <param name="after">The last one of the page before.</param>
    public Task<List<Guid>> Match(IReadOnlyList<string> keys, Guid after, int limit, CancellationToken ct) =>
        _subscriptions.Find(Where.AnyIn(s => s.Keys, keys) & Where.Gt(s => s.Id, after)).SortBy(s => s.Id).Limit(limit).Project(s => s.Id).ToListAsync(ct);

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
            ["confirmation.usedAt"] = now.UtcDateTime,
            ["confirmedAt"] = now.UtcDateTime,
            ["purgeAt"] = Never.UtcDateTime,
            ["version"] = new BsonDocument("$add", new BsonArray { "$version", 1 }),
        });
        return await _subscriptions.FindOneAndUpdateAsync<Subscription>(
            s => s.Confirmation!.TokenHash == tokenHash && s.Confirmation.UsedAt == null && s.Confirmation.ExpiresAt > now, Pipeline(set, new BsonDocument("$unset", new BsonArray { "confirmation.due", "endedAt" })), ReturnNew, ct);
    }

    /// <returns>The subscription as changed; null where it has another version by now, or holds no more.</returns>
    public async Task<Subscription?> Change(Guid id, long version, Wish to, CancellationToken ct) =>
        await _subscriptions.FindOneAndUpdateAsync<Subscription>(s => s.Id == id && s.Version == version && s.Status == SubscriptionStatus.Confirmed,
            Builders<Subscription>.Update.Set(s => s.Preferences, to.Preferences).Set(s => s.Keys, to.Keys).Inc(s => s.Version, 1), ReturnNew, ct);

    /// <summary>Ends a subscription; ended already, or unknown, it changes nothing.</summary>
    public Task End(Guid id, DateTimeOffset now, CancellationToken ct) =>
        _subscriptions.UpdateOneAsync(s => s.Id == id && s.Status == SubscriptionStatus.Confirmed, Builders<Subscription>.Update
            .Set(s => s.Status, SubscriptionStatus.Ended).Set(s => s.Keys, []).Set(s => s.EndedAt, now).Set(s => s.PurgeAt, now + Subscription.KeptEnded).Inc(s => s.Version, 1), cancellationToken: ct);

    /// <summary>Takes the confirmation mail that has been due longest, for so long that nobody else sends it meanwhile.</summary>
    public async Task<Subscription?> TakeConfirmation(DateTimeOffset now, TimeSpan lease, CancellationToken ct) =>
        await _subscriptions.FindOneAndUpdateAsync(Where.Exists("confirmation.due") & Where.Lte(s => s.Confirmation!.Due, now),
            Builders<Subscription>.Update.Set(s => s.Confirmation!.Due, now + lease).Inc(s => s.Confirmation!.Attempts, 1),
            new FindOneAndUpdateOptions<Subscription> { ReturnDocument = ReturnDocument.After }, ct);

    /// <param name="due">When to try again; null where the mail is sent, or given up.</param>
    public Task SettleConfirmation(Guid id, Guid confirmation, DateTimeOffset? due, CancellationToken ct) =>
        _subscriptions.UpdateOneAsync(s => s.Id == id && s.Confirmation!.Id == confirmation && s.Confirmation.UsedAt == null,
            due is { } at ? Builders<Subscription>.Update.Set(s => s.Confirmation!.Due, at) : Builders<Subscription>.Update.Unset(s => s.Confirmation!.Due), cancellationToken: ct);

    public Task CreateIndexes(CancellationToken ct) => _subscriptions.Indexes.CreateManyAsync(
    [
        // One subscription per address: Ask.
        new(Builders<Subscription>.IndexKeys.Ascending(s => s.AddressKey), new CreateIndexOptions { Name = "address", Unique = true }),
        // Walks the matching subscribers in the order of their ids: Match.
        new(Builders<Subscription>.IndexKeys.Ascending(s => s.Keys).Ascending(s => s.Id), new CreateIndexOptions { Name = "match" }),
        // Finds a subscription by the token of its mail: Confirm.
        new(Builders<Subscription>.IndexKeys.Ascending(s => s.Confirmation!.TokenHash), new CreateIndexOptions { Name = "confirm", Sparse = true }),
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

    private static UpdateDefinition<Subscription> Pipeline(params BsonDocument[] stages) => Builders<Subscription>.Update.Pipeline(PipelineDefinition<Subscription, Subscription>.Create(stages));
}
