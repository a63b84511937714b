using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>When each author commented last, kept for a day: what <see cref="Moderation.Rules.TooSoon"/> goes by.</summary>
public sealed class TurnStore(IMongoDatabase database)
{
    public static readonly TimeSpan MaxGap = TimeSpan.FromDays(1);
    private readonly IMongoCollection<Turn> _turns = database.GetCollection<Turn>("turns");

    private sealed record Turn([property: BsonId] byte[] Author, DateTimeOffset At, DateTimeOffset ExpiresAt);

    /// <summary>They go by themselves.</summary>
    public Task CreateIndexes(CancellationToken ct) => _turns.Indexes.CreateOneAsync(
        new CreateIndexModel<Turn>(Builders<Turn>.IndexKeys.Ascending(t => t.ExpiresAt), new CreateIndexOptions { Name = "expiry", ExpireAfter = TimeSpan.Zero }), cancellationToken: ct);

    /// <summary>Takes the author's turn where the last one is long enough ago; of many at once one gets it.</summary>
    /// <param name="authors">All hashes that he may be known by: the turn is taken under the first one.</param>
    /// <returns>Null when it is taken; else when the last one was.</returns>
    public async Task<DateTimeOffset?> Take(IReadOnlyList<byte[]> authors, TimeSpan gap, DateTimeOffset now, CancellationToken ct)
    {
        var (author, others) = (authors[0], authors.Skip(1).ToArray());
        if (others.Length > 0 && await _turns.Find(t => others.Contains(t.Author) && t.At > now - gap).FirstOrDefaultAsync(ct) is { } other) return other.At;
        while (true)
        {
            var free = await _turns.UpdateOneAsync(t => t.Author == author && t.At <= now - gap, Builders<Turn>.Update.Set(t => t.At, now).Set(t => t.ExpiresAt, now + MaxGap), cancellationToken: ct);
            if (free.MatchedCount > 0) return null;
            if (await _turns.Find(t => t.Author == author).FirstOrDefaultAsync(ct) is { } last) return last.At;
            try
            {
                await _turns.InsertOneAsync(new Turn(author, now, now + MaxGap), cancellationToken: ct);
                return null;
            }
            catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }   // two first turns at once: the other one's is there now
        }
    }
}
