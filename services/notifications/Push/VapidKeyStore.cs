using System.Security.Cryptography;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Push;

/// <summary>The platform's key towards push services, in MongoDB: made once, and sealed. With another one every browser would have to subscribe anew.</summary>
public sealed class VapidKeyStore(IMongoDatabase database, PlatformSettings settings)
{
    private const string Name = "vapid";
    private readonly IMongoCollection<Kept> _keys = database.GetCollection<Kept>("keys");
    private readonly byte[] _sealKey = settings.Key("push.vapid");

    /// <param name="Key">PKCS#8, sealed (<see cref="SecretBox"/>).</param>
    private sealed record Kept([property: BsonId] string Id, byte[] Key);

    /// <returns>The key; of several replicas that make one at the same time, all get the first.</returns>
    public async Task<ECDsa> Get(CancellationToken ct)
    {
        var kept = await _keys.Find(k => k.Id == Name).FirstOrDefaultAsync(ct);
        if (kept is null)
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            kept = new Kept(Name, SecretBox.Seal(made.ExportPkcs8PrivateKey(), _sealKey));
            try { await _keys.InsertOneAsync(kept, cancellationToken: ct); }
            catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { kept = await _keys.Find(k => k.Id == Name).FirstAsync(ct); }
        }
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(SecretBox.Open(kept.Key, _sealKey), out _);
        return key;
    }
}
