using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.ServiceDefaults.DeadLetters;

/// <summary>A service's dead letters in its own store. They stay until somebody has them handled again or throws them away.</summary>
public sealed class DeadLetterStore(IMongoDatabase database, PlatformSettings settings)
{
    private static readonly FilterDefinitionBuilder<DeadLetter> Where = Builders<DeadLetter>.Filter;
    private static readonly UpdateDefinitionBuilder<DeadLetter> Change = Builders<DeadLetter>.Update;
    private readonly IMongoCollection<DeadLetter> _letters = database.GetCollection<DeadLetter>("deadLetters");
    private readonly byte[] _key = settings.Key("deadLetters");

    public byte[] Seal(byte[] body) => SecretBox.Seal(body, _key);

    public byte[] Open(DeadLetter letter) => SecretBox.Open(letter.Body, _key);

    /// <summary>Whether the store answers: nothing is taken from the broker otherwise.</summary>
    public Task Ping(CancellationToken ct) => database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: ct);

    /// <summary>Keeps it; one that is there stays as it is.</summary>
    public async Task Add(DeadLetter letter, CancellationToken ct)
    {
        try { await _letters.InsertOneAsync(letter, cancellationToken: ct); }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }
    }

    public async Task<DeadLetter?> Find(Guid id, CancellationToken ct) => await _letters.Find(l => l.Id == id).FirstOrDefaultAsync(ct);

    /// <summary>Newest first, one more than the limit; without bodies.</summary>
    /// <param name="queue">Null for all.</param>
    public Task<List<DeadLetter>> List(string? queue, Guid? before, int limit, CancellationToken ct)
    {
        var filter = Where.Lt(l => l.Id, before ?? Guid.AllBitsSet);
        if (queue is not null) filter = Where.Eq(l => l.Queue, queue) & filter;
        return _letters.Find(filter).SortByDescending(l => l.Id).Limit(limit + 1).Project<DeadLetter>(Builders<DeadLetter>.Projection.Exclude(l => l.Body)).ToListAsync(ct);
    }

    /// <summary>Asks for one to be handled again.</summary>
    /// <returns>False where there is none.</returns>
    public async Task<bool> Replay(Guid id, DateTimeOffset now, CancellationToken ct) => (await _letters.UpdateOneAsync(l => l.Id == id, Change.Set(l => l.ReplayFrom, now), cancellationToken: ct)).MatchedCount == 1;

    /// <summary>Asks for all to be handled again that lie here now.</summary>
    /// <param name="queue">Of this queue.</param>
    /// <returns>How many.</returns>
    public async Task<long> Replay(string queue, DateTimeOffset now, CancellationToken ct) =>
        (await _letters.UpdateManyAsync(Where.Eq(l => l.Queue, queue) & Where.Lt(l => l.Id, Guid.AllBitsSet), Change.Set(l => l.ReplayFrom, now), cancellationToken: ct)).MatchedCount;

    /// <summary>Those that are to go back, the one asked for first.</summary>
    public Task<List<DeadLetter>> FindToReplay(int limit, CancellationToken ct) =>
        _letters.Find(Where.Exists(ReplayFrom) & Where.Gt(l => l.ReplayFrom, DateTimeOffset.UnixEpoch)).SortBy(l => l.ReplayFrom).Limit(limit).ToListAsync(ct);

    /// <summary>It can't go back: its queue is no more.</summary>
    public Task Keep(Guid id, string why, CancellationToken ct) => _letters.UpdateOneAsync(l => l.Id == id, Change.Unset(l => l.ReplayFrom).Set(l => l.Error, why), cancellationToken: ct);

    /// <returns>False where there is none.</returns>
    public async Task<bool> Delete(Guid id, CancellationToken ct) => (await _letters.DeleteOneAsync(l => l.Id == id, ct)).DeletedCount == 1;

    public Task CreateIndexes(CancellationToken ct) => _letters.Indexes.CreateManyAsync(
    [
        // Those of one queue, in the order of the ids: List, Replay.
        new(Builders<DeadLetter>.IndexKeys.Ascending(l => l.Queue).Descending(l => l.Id), new CreateIndexOptions { Name = "queue" }),
        // Holds only what is to go back: FindToReplay.
        new(new BsonDocument(ReplayFrom, 1), new CreateIndexOptions<DeadLetter> { Name = "replay", PartialFilterExpression = Where.Exists(ReplayFrom) }),
    ], ct);

    private const string ReplayFrom = "replayFrom";
}
