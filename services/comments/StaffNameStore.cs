using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>What the staff are called: a copy, fed by Accounts' messages.</summary>
public sealed class StaffNameStore(IMongoDatabase database)
{
    private readonly IMongoCollection<StaffName> _names = database.GetCollection<StaffName>("staffNames");
    private readonly Remembered<StaffNames> _recent = new(TimeSpan.FromSeconds(0.5));

    /// <param name="Version">The member's; what is older is ignored.</param>
    private sealed record StaffName(Guid Id, long Version, string Name, bool Active);

    /// <summary>Learns of a member, unless the same or a newer version is known. Twice, late or out of order ends in the same state.</summary>
    public async Task Know(Guid id, long version, string name, bool active, CancellationToken ct)
    {
        await Upserts.Guarded(() => _names.UpdateOneAsync(n => n.Id == id && n.Version < version,
            Builders<StaffName>.Update.Set(n => n.Version, version).Set(n => n.Name, name).Set(n => n.Active, active), new UpdateOptions { IsUpsert = true }, ct));
        _recent.Forget();
    }

    /// <summary>The names of all who may sign in, as they were at most half a second ago. The staff of a newsroom are few; they are read by the index of ids.</summary>
    public Task<StaffNames> ReadRecent(CancellationToken ct) => _recent.Read(async before =>
    {
        var names = (await _names.Find(Builders<StaffName>.Filter.Gt(n => n.Id, Guid.Empty)).ToListAsync(ct)).Where(n => n.Active).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        return before is not null && names.SetEquals(before.All) ? before : new StaffNames(names);
    });
}
