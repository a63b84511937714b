using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;

namespace Platform.ServiceDefaults;

/// <summary>Short leases: of the replicas of a service, one at a time does a recurring job. Nothing relies on it for correctness, only for not doing work twice.</summary>
public sealed class LeaseStore(IMongoDatabase database, TimeProvider clock)
{
    private readonly IMongoCollection<Lease> _leases = database.GetCollection<Lease>("leases");
    private readonly Guid _holder = Guid.NewGuid();

    /// <summary>Takes or renews the lease.</summary>
    /// <returns>False when another replica holds it.</returns>
    public async Task<bool> TryHold(string name, TimeSpan duration, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        try
        {
            await _leases.UpdateOneAsync(l => l.Id == name && (l.Holder == _holder || l.Until < now),
                Builders<Lease>.Update.Set(l => l.Holder, _holder).Set(l => l.Until, now + duration), new UpdateOptions { IsUpsert = true }, ct);
            return true;
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
        {
            return false;   // it is there, and neither ours nor over: the upsert could not insert a second one
        }
    }

    /// <summary>Gives the lease back, so that another replica need not wait for its end.</summary>
    public Task Release(string name, CancellationToken ct) => _leases.DeleteOneAsync(l => l.Id == name && l.Holder == _holder, ct);

    private sealed record Lease([property: BsonId] string Id, Guid Holder, DateTimeOffset Until);
}
