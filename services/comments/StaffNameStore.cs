using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>What the staff are called: a copy, fed by Accounts' messages.</summary>
public sealed class StaffNameStore(IMongoDatabase database)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(0.5);
    private readonly IMongoCollection<StaffName> _names = database.GetCollection<StaffName>("staffNames");
    private volatile Recent? _recent;

    /// <param name="Version">The member's; what is older is ignored.</param>
    private sealed record StaffName(Guid Id, long Version, string Name, bool Active);

    private sealed record Recent(StaffNames Names, long At);

    /// <summary>Learns of a member, unless the same or a newer version is known. Twice, late or out of order ends in the same state.</summary>
    public async Task Know(Guid id, long version, string name, bool active, CancellationToken ct)
    {
        try
        {
            await _names.UpdateOneAsync(n => n.Id == id && n.Version < version,
                Builders<StaffName>.Update.Set(n => n.Version, version).Set(n => n.Name, name).Set(n => n.Active, active), new UpdateOptions { IsUpsert = true }, ct);
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }   // the same or a newer one is there: the upsert could not insert a second one
        _recent = null;
    }

    /// <summary>The names of all who may sign in, as they were at most <see cref="Remembered"/> ago. The staff of a newsroom are few; they are read by the index of ids.</summary>
    public async Task<StaffNames> ReadRecent(CancellationToken ct)
    {
        if (_recent is { } recent && System.Diagnostics.Stopwatch.GetElapsedTime(recent.At) < Remembered) return recent.Names;
        var at = System.Diagnostics.Stopwatch.GetTimestamp();
        var names = (await _names.Find(Builders<StaffName>.Filter.Gt(n => n.Id, Guid.Empty)).ToListAsync(ct)).Where(n => n.Active).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var same = _recent is { } before && names.SetEquals(before.Names.All) ? before.Names : new StaffNames(names);
        _recent = new(same, at);
        return same;
    }
}
