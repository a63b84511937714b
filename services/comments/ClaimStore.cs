using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>A moderator has a comment before him.</summary>
/// <param name="Id">The comment.</param>
/// <param name="Until">Then it is anybody's again.</param>
public sealed record Claim(Guid Id, Guid By, string ByName, DateTimeOffset Until);

/// <summary>Which moderator has which comment; each comment has one at most.</summary>
public sealed class ClaimStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<Claim> Where = Builders<Claim>.Filter;
    private readonly IMongoCollection<Claim> _claims = database.GetCollection<Claim>("claims");

    /// <summary>They go by themselves.</summary>
    public Task CreateIndexes(CancellationToken ct) => _claims.Indexes.CreateOneAsync(
        new CreateIndexModel<Claim>(Builders<Claim>.IndexKeys.Ascending(c => c.Until), new CreateIndexOptions { Name = "expiry", ExpireAfter = TimeSpan.Zero }), cancellationToken: ct);

    /// <summary>Claims the comment, or holds on to it for longer; of several at once one gets it.</summary>
    /// <returns>Whose it is now.</returns>
    public async Task<Claim> Take(Claim claim, DateTimeOffset now, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await _claims.UpdateOneAsync(Where.Eq(c => c.Id, claim.Id) & (Where.Eq(c => c.By, claim.By) | Where.Lte(c => c.Until, now)),
                    Builders<Claim>.Update.Set(c => c.By, claim.By).Set(c => c.ByName, claim.ByName).Set(c => c.Until, claim.Until), new UpdateOptions { IsUpsert = true }, ct);
                return claim;
            }
            catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
            {
                // Another's, or given back in this very moment.
                if (await _claims.Find(c => c.Id == claim.Id).FirstOrDefaultAsync(ct) is { } other && other.Until > now) return other;
            }
        }
    }

    /// <summary>Gives the moderator's claims of these comments back; those of others stay.</summary>
    public Task Release(IReadOnlyCollection<Guid> ids, Guid by, CancellationToken ct) => ids.Count == 0 ? Task.CompletedTask : _claims.DeleteManyAsync(Where.In(c => c.Id, ids) & Where.Eq(c => c.By, by), ct);

    /// <summary>The claims of these comments that hold.</summary>
    public async Task<Dictionary<Guid, Claim>> Of(IReadOnlyCollection<Guid> ids, DateTimeOffset now, CancellationToken ct) =>
        ids.Count == 0 ? [] : (await _claims.Find(Where.In(c => c.Id, ids)).ToListAsync(ct)).Where(c => c.Until > now).ToDictionary(c => c.Id);
}
