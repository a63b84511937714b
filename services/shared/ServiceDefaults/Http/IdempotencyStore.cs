using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;

namespace Platform.ServiceDefaults;

/// <summary>What an Idempotency-Key has led to. Holds no key and no body, only hashes; answers are sealed (AES-GCM).</summary>
public sealed class IdempotencyStore(IMongoDatabase database)
{
    private readonly IMongoCollection<Record> _records = database.GetCollection<Record>("idempotency");

    /// <param name="Id">Hash of caller, route and key.</param>
    /// <param name="BodyHash">Hash of the body.</param>
    /// <param name="EntityId">The id that what is created gets, however often the request runs.</param>
    /// <param name="LockedUntil">While in the future and <paramref name="Answer"/> is null: the request is running.</param>
    /// <param name="Answer">The sealed answer, or null.</param>
    public sealed record Record([property: BsonId] string Id, string BodyHash, Guid EntityId, DateTimeOffset LockedUntil, DateTimeOffset ExpiresAt, byte[]? Answer);

    /// <summary>Claims the key: inserts the record, or takes over one whose request died.</summary>
    /// <returns>The record, and whether it is this caller's to run.</returns>
    public async Task<(Record Record, bool Mine)> Claim(Record fresh, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            await _records.InsertOneAsync(fresh, cancellationToken: ct);
            return (fresh, true);
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
        {
            var taken = await _records.FindOneAndUpdateAsync<Record>(r => r.Id == fresh.Id && r.BodyHash == fresh.BodyHash && r.Answer == null && r.LockedUntil < now,
                Builders<Record>.Update.Set(r => r.LockedUntil, fresh.LockedUntil), new FindOneAndUpdateOptions<Record> { ReturnDocument = ReturnDocument.After }, ct);
            if (taken is not null) return (taken, true);
            var there = await _records.Find(r => r.Id == fresh.Id).FirstOrDefaultAsync(ct);
            return there is null ? await Claim(fresh, now, ct) : (there, false);
        }
    }

    public Task Complete(string id, byte[] answer, CancellationToken ct) =>
        _records.UpdateOneAsync(r => r.Id == id, Builders<Record>.Update.Set(r => r.Answer, answer), cancellationToken: ct);

    /// <summary>The request changed nothing: the key is free again.</summary>
    public Task Release(string id, CancellationToken ct) => _records.DeleteOneAsync(r => r.Id == id && r.Answer == null, ct);

    /// <summary>Records go by themselves after their 7 days.</summary>
    public Task CreateIndexes(CancellationToken ct) => _records.Indexes.CreateOneAsync(
        new CreateIndexModel<Record>(Builders<Record>.IndexKeys.Ascending(r => r.ExpiresAt), new CreateIndexOptions { Name = "expiry", ExpireAfter = TimeSpan.Zero }), cancellationToken: ct);
}
