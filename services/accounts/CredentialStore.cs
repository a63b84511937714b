using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;

namespace Platform.Accounts;

/// <summary>A browser that someone signed in with.</summary>
/// <param name="Id">Hash of the cookie's value; see <see cref="Secret.Hash"/>.</param>
/// <param name="Until">The session ends then, however busy.</param>
/// <param name="ExpiresAt">The session ends then where nothing more happens; moves with use.</param>
public sealed record Session([property: BsonId] string Id, Guid MemberId, DateTimeOffset CreatedAt, DateTimeOffset Until, DateTimeOffset ExpiresAt);

/// <summary>A program's standing leave to act for a member.</summary>
/// <param name="Hash">Hash of the token; see <see cref="Secret.Hash"/>.</param>
/// <param name="Roles">What it was made for; it never reaches further than its owner does now.</param>
/// <param name="ExpiresAt">Null: until revoked.</param>
public sealed record ApiToken(Guid Id, string Hash, Guid MemberId, string Name, IReadOnlyList<string> Roles, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>Sessions and API tokens, by their hashes; what has run out removes itself.</summary>
public sealed class CredentialStore(IMongoDatabase database)
{
    private readonly IMongoCollection<Session> _sessions = database.GetCollection<Session>("sessions");
    private readonly IMongoCollection<ApiToken> _tokens = database.GetCollection<ApiToken>("tokens");

    public Task Add(Session session, CancellationToken ct) => _sessions.InsertOneAsync(session, cancellationToken: ct);

    public async Task<Session?> FindSession(string hash, CancellationToken ct) => await _sessions.Find(s => s.Id == hash).FirstOrDefaultAsync(ct);

    public Task Extend(string hash, DateTimeOffset expiresAt, CancellationToken ct) =>
        _sessions.UpdateOneAsync(s => s.Id == hash, Builders<Session>.Update.Max(s => s.ExpiresAt, expiresAt), cancellationToken: ct);

    public Task EndSession(string hash, CancellationToken ct) => _sessions.DeleteOneAsync(s => s.Id == hash, ct);

    /// <summary>Stores a token. A repeat of the request after a crash puts a fresh secret in its place: nobody has seen the first one.</summary>
    public Task Put(ApiToken token, CancellationToken ct) =>
        _tokens.ReplaceOneAsync(t => t.Id == token.Id && t.MemberId == token.MemberId, token, new ReplaceOptions { IsUpsert = true }, ct);

    public async Task<ApiToken?> FindToken(string hash, CancellationToken ct) => await _tokens.Find(t => t.Hash == hash).FirstOrDefaultAsync(ct);

    public Task<long> CountTokens(Guid memberId, CancellationToken ct) => _tokens.CountDocumentsAsync(t => t.MemberId == memberId, cancellationToken: ct);

    /// <summary>A member's tokens in the order they were made, one more than the page holds.</summary>
    public async Task<IReadOnlyList<ApiToken>> ListTokens(Guid memberId, Guid? after, int limit, CancellationToken ct)
    {
        var filter = Builders<ApiToken>.Filter.Eq(t => t.MemberId, memberId);
        if (after is { } id) filter &= Builders<ApiToken>.Filter.Gt(t => t.Id, id);
        return await _tokens.Find(filter).SortBy(t => t.Id).Limit(limit + 1).ToListAsync(ct);
    }

    /// <returns>False where the member has no such token.</returns>
    public async Task<bool> RevokeToken(Guid memberId, Guid id, CancellationToken ct) =>
        (await _tokens.DeleteOneAsync(t => t.Id == id && t.MemberId == memberId, ct)).DeletedCount == 1;

    public async Task CreateIndexes(CancellationToken ct)
    {
        var expiry = new CreateIndexOptions { Name = "expiry", ExpireAfter = TimeSpan.Zero };
        await _sessions.Indexes.CreateOneAsync(new CreateIndexModel<Session>(Builders<Session>.IndexKeys.Ascending(s => s.ExpiresAt), expiry), cancellationToken: ct);
        await _tokens.Indexes.CreateManyAsync(
        [
            // Introspection.
            new(Builders<ApiToken>.IndexKeys.Ascending(t => t.Hash), new CreateIndexOptions { Name = "hash", Unique = true }),
            // A member's list, and the count before another is made.
            new(Builders<ApiToken>.IndexKeys.Ascending(t => t.MemberId).Ascending(t => t.Id), new CreateIndexOptions { Name = "member" }),
            new(Builders<ApiToken>.IndexKeys.Ascending(t => t.ExpiresAt), expiry),
        ], ct);
    }
}
