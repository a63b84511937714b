using MongoDB.Driver;
using Platform.Comments.Moderation.Spam;

namespace Platform.Comments;

/// <summary>What the spam filter has learnt: one document of 128 KB, and how far moderators' decisions have been learnt, written together, so that each is learnt once.</summary>
public sealed class SpamStore(IMongoDatabase database)
{
    private const string TheId = "spam";
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);
    private readonly IMongoCollection<Stored> _models = database.GetCollection<Stored>("spamModels");
    private volatile Recent? _recent;

    /// <param name="After">The last decision learnt: its time, and its comment.</param>
    public sealed record Learnt(long Version, SpamModel Model, Position After);

    private sealed record Stored(string Id, long Version, byte[] Counts, int SpamLessons, int HamLessons, DateTimeOffset AfterAt, Guid AfterId);

    private sealed record Recent(Learnt Learnt, long At);

    public async Task<Learnt> Read(CancellationToken ct) => From(await _models.Find(m => m.Id == TheId).FirstOrDefaultAsync(ct));

    /// <summary>As it was at most <see cref="Remembered"/> ago; read again only where it has learnt since.</summary>
    public async Task<SpamModel> ReadRecent(CancellationToken ct)
    {
        if (_recent is { } recent && System.Diagnostics.Stopwatch.GetElapsedTime(recent.At) < Remembered) return recent.Learnt.Model;
        var at = System.Diagnostics.Stopwatch.GetTimestamp();
        var known = _recent?.Learnt;
        var version = known?.Version ?? -1;
        // Who comes while it is read goes by what was.
        if (known is not null) _recent = new(known, at);
        var news = await _models.Find(m => m.Id == TheId && m.Version != version).FirstOrDefaultAsync(ct);
        var learnt = news is null ? known ?? From(null) : From(news);
        _recent = new(learnt, at);
        return learnt.Model;
    }

    /// <returns>False where another replica has learnt since.</returns>
    public async Task<bool> Save(Learnt next, CancellationToken ct)
    {
        var stored = new Stored(TheId, next.Version, next.Model.ToBytes(), next.Model.SpamLessons, next.Model.HamLessons, next.After.CreatedAt, next.After.Id);
        try
        {
            if (next.Version == 1) await _models.InsertOneAsync(stored, cancellationToken: ct);
            else if ((await _models.ReplaceOneAsync(m => m.Id == TheId && m.Version == next.Version - 1, stored, cancellationToken: ct)).MatchedCount == 0) return false;
        }
        catch (MongoWriteException e) when (ServiceDefaults.StoreFailure.IsDuplicateKey(e))
        {
            return false;
        }
        return true;
    }

    private static Learnt From(Stored? s) => s is null ? new(0, SpamModel.Empty, new(DateTimeOffset.UnixEpoch, Guid.Empty))
        : new(s.Version, SpamModel.FromBytes(s.Counts, s.SpamLessons, s.HamLessons), new(s.AfterAt, s.AfterId));
}
