using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Accounts;

/// <summary>The staff.</summary>
public sealed class StaffStore(IMongoDatabase database)
{
    private readonly IMongoCollection<StaffMember> _staff = database.GetCollection<StaffMember>("staff");

    public async Task<StaffMember?> Find(Guid id, CancellationToken ct) => await _staff.Find(m => m.Id == id).FirstOrDefaultAsync(ct);

    /// <param name="email">Normalised.</param>
    public async Task<StaffMember?> FindByEmail(string email, CancellationToken ct) => await _staff.Find(m => m.Email == email).FirstOrDefaultAsync(ct);

    /// <summary>Inserts a member; one with this id that is there already (a repeat after a crash) counts as inserted.</summary>
    /// <returns>False where another member has the address.</returns>
    public async Task<bool> Insert(StaffMember member, CancellationToken ct)
    {
        try
        {
            await _staff.InsertOneAsync(member, cancellationToken: ct);
            return true;
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
        {
            return await Find(member.Id, ct) is not null;
        }
    }

    /// <summary>Writes the member where its version is still the one before.</summary>
    /// <returns>False when it was changed meanwhile.</returns>
    public async Task<bool> Save(StaffMember member, CancellationToken ct) =>
        (await _staff.ReplaceOneAsync(m => m.Id == member.Id && m.Version == member.Version - 1, member, cancellationToken: ct)).MatchedCount == 1;

    /// <summary>Members in the order they were added, one more than the page holds.</summary>
    public async Task<IReadOnlyList<StaffMember>> List(Guid? after, int limit, CancellationToken ct)
    {
        var filter = after is { } id ? Builders<StaffMember>.Filter.Gt(m => m.Id, id) : Builders<StaffMember>.Filter.Empty;
        return await _staff.Find(filter).SortBy(m => m.Id).Limit(limit + 1).ToListAsync(ct);
    }

    /// <summary>Whether an active admin other than this member exists.</summary>
    public Task<bool> AnotherAdmin(Guid id, CancellationToken ct) =>
        _staff.Find(m => m.Id != id && m.Active && m.Roles.Contains(Roles.Admin)).AnyAsync(ct);

    public Task CreateIndexes(CancellationToken ct) => _staff.Indexes.CreateOneAsync(
        // Signing in; one account per address.
        new CreateIndexModel<StaffMember>(Builders<StaffMember>.IndexKeys.Ascending(m => m.Email), new CreateIndexOptions { Name = "email", Unique = true }), cancellationToken: ct);
}
