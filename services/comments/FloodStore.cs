using System.Security.Cryptography;
using System.Text;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>How much came from one network in this hour. Of the network only a keyed hash is kept, which changes every hour, and is gone two hours later.</summary>
public sealed class FloodStore(IMongoDatabase database, PlatformSettings settings)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(2);
    private readonly IMongoCollection<Hour> _hours = database.GetCollection<Hour>("floods");
    private readonly byte[] _key = settings.Key("comments:floods");

    private sealed record Hour([property: BsonId] byte[] Id, long Count, DateTimeOffset ExpiresAt);

    /// <summary>They go by themselves.</summary>
    public Task CreateIndexes(CancellationToken ct) => _hours.Indexes.CreateOneAsync(
        new CreateIndexModel<Hour>(Builders<Hour>.IndexKeys.Ascending(h => h.ExpiresAt), new CreateIndexOptions { Name = "expiry", ExpireAfter = TimeSpan.Zero }), cancellationToken: ct);

    /// <summary>Counts one more.</summary>
    /// <param name="what">What is counted, such as <c>report</c>.</param>
    /// <param name="network">As <see cref="ClientAddress.Network"/> names it.</param>
    /// <returns>How many came in this hour with this one.</returns>
    public async Task<long> Count(string what, string network, DateTimeOffset now, CancellationToken ct)
    {
        var id = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{what}\n{network}\n{now.ToUnixTimeSeconds() / 3600}"));
        var options = new FindOneAndUpdateOptions<Hour> { IsUpsert = true, ReturnDocument = ReturnDocument.After };
        while (true)
        {
            try { return (await _hours.FindOneAndUpdateAsync<Hour>(h => h.Id == id, Builders<Hour>.Update.Inc(h => h.Count, 1).SetOnInsert(h => h.ExpiresAt, now + Kept), options, ct)).Count; }
            catch (Exception e) when (StoreFailure.IsDuplicateKey(e)) { }   // two first ones at once
        }
    }
}
