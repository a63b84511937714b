using System.Collections.Concurrent;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;

namespace Platform.ServiceDefaults;

/// <summary>Short leases: of the replicas of a service, one at a time does a recurring job. Nothing relies on it for correctness, only for not doing work twice.</summary>
public sealed class LeaseStore(IMongoDatabase database, TimeProvider clock)
{
    private readonly IMongoCollection<Lease> _leases = database.GetCollection<Lease>("leases");
    private readonly Guid _holder = Guid.NewGuid();
    private readonly ConcurrentDictionary<string, long> _held = new(StringComparer.Ordinal);

    /// <summary>Takes or renews the lease; the store is asked only where a quarter of the duration has passed since it was.</summary>
    /// <returns>False when another replica holds it.</returns>
    public async Task<bool> TryHold(string name, TimeSpan duration, CancellationToken ct)
    {
        if (_held.TryGetValue(name, out var since) && TimeProvider.System.GetElapsedTime(since) < duration / 4) return true;
        var asked = TimeProvider.System.GetTimestamp();
        if (await Ask(name, duration, ct)) { _held[name] = asked; return true; }
        _held.TryRemove(name, out _);
        return false;
    }

    private async Task<bool> Ask(string name, TimeSpan duration, CancellationToken ct)
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
    public Task Release(string name, CancellationToken ct)
    {
        _held.TryRemove(name, out _);
        return _leases.DeleteOneAsync(l => l.Id == name && l.Holder == _holder, ct);
    }

    private sealed record Lease([property: BsonId] string Id, Guid Holder, DateTimeOffset Until);
}
