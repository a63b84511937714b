using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

/// <summary>Suppressed addresses, and what came back for them, in MongoDB. A subscription carries the mark too, so that sending need not ask here.</summary>
public sealed class SuppressionStore(IMongoDatabase database, SubscriptionStore subscriptions)
{
    private readonly IMongoCollection<Suppression> _suppressions = database.GetCollection<Suppression>("suppressions");
    private readonly IMongoCollection<Bounce> _bounces = database.GetCollection<Bounce>("bounces");

    public Task<bool> Has(string addressKey, CancellationToken ct) => _suppressions.Find(s => s.AddressKey == addressKey).Limit(1).AnyAsync(ct);

    /// <returns>The suppression; where the address has one already, that one.</returns>
    public async Task<Suppression> Add(Suppression suppression, CancellationToken ct)
    {
        // First the list, which keeps the address from being confirmed, then the mark; whoever failed in between comes again.
        try { await _suppressions.InsertOneAsync(suppression, cancellationToken: ct); }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { suppression = await _suppressions.Find(s => s.AddressKey == suppression.AddressKey).FirstOrDefaultAsync(ct) ?? suppression; }
        await subscriptions.Suppress(suppression.AddressKey, true, ct);
        return suppression;
    }

    /// <returns>False where there is none.</returns>
    public async Task<bool> Remove(Guid id, CancellationToken ct)
    {
        if (await _suppressions.Find(s => s.Id == id).FirstOrDefaultAsync(ct) is not { } suppression) return false;
        await subscriptions.Suppress(suppression.AddressKey, false, ct);
        await _suppressions.DeleteOneAsync(s => s.Id == id, ct);
        return true;
    }

    /// <summary>Newest first, one more than the limit.</summary>
    public Task<List<Suppression>> List(Guid? before, int limit, CancellationToken ct) =>
        _suppressions.Find(Builders<Suppression>.Filter.Lt(s => s.Id, before ?? Guid.AllBitsSet)).SortByDescending(s => s.Id).Limit(limit + 1).ToListAsync(ct);

    /// <summary>Remembers what came back; a report that comes again counts once.</summary>
    /// <returns>How many of this type are remembered for the address.</returns>
    public async Task<long> Remember(Bounce bounce, CancellationToken ct)
    {
        try { await _bounces.InsertOneAsync(bounce, cancellationToken: ct); }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }
        return await _bounces.Find(b => b.AddressKey == bounce.AddressKey && b.Type == bounce.Type && b.At > bounce.At - Bounce.Remembered).CountDocumentsAsync(ct);
    }

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _suppressions.Indexes.CreateOneAsync(
            // One per address: Add, Has, and whoever confirms.
            new CreateIndexModel<Suppression>(Builders<Suppression>.IndexKeys.Ascending(s => s.AddressKey), new CreateIndexOptions { Name = "address", Unique = true }), cancellationToken: ct);
        await _bounces.Indexes.CreateManyAsync(
        [
            // How many of a type an address has: Remember.
            new(Builders<Bounce>.IndexKeys.Ascending(b => b.AddressKey).Ascending(b => b.Type).Ascending(b => b.At), new CreateIndexOptions { Name = "address" }),
            // They are forgotten by themselves.
            new(Builders<Bounce>.IndexKeys.Ascending(b => b.PurgeAt), new CreateIndexOptions { Name = "purge", ExpireAfter = TimeSpan.Zero }),
        ], ct);
    }
}
