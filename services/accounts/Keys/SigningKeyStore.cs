using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Keys;

/// <summary>A signing key of one period.</summary>
/// <param name="Id">The period and whose secret seals the key: one key each, so replicas that make one at the same time agree on the first.</param>
/// <param name="KeyId">Random; the JWT's <c>kid</c>.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo (RFC 5480).</param>
/// <param name="Sealed">The private key (PKCS #8), sealed.</param>
public sealed record SigningKey(string Id, string KeyId, byte[] PublicKey, byte[] Sealed, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

public sealed class SigningKeyStore(IMongoDatabase database)
{
    private readonly IMongoCollection<SigningKey> _keys = database.GetCollection<SigningKey>("signingKeys");

    public async Task<IReadOnlyList<SigningKey>> List(DateTimeOffset now, CancellationToken ct) => await _keys.Find(k => k.ExpiresAt > now).SortBy(k => k.Id).ToListAsync(ct);

    /// <summary>Adds the key unless there is one of its id.</summary>
    public async Task Add(SigningKey key, CancellationToken ct)
    {
        try { await _keys.InsertOneAsync(key, cancellationToken: ct); }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { /* another replica was first; its key is as good */ }
    }

    public Task CreateIndexes(CancellationToken ct) => _keys.Indexes.CreateOneAsync(
        new CreateIndexModel<SigningKey>(Builders<SigningKey>.IndexKeys.Ascending(k => k.ExpiresAt), new CreateIndexOptions { Name = "expiry", ExpireAfter = TimeSpan.Zero }), cancellationToken: ct);
}
