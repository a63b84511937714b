using System.Buffers.Binary;
using MongoDB.Bson;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>When each author commented last, kept for a day: what <see cref="Moderation.Rules.TooSoon"/> goes by.</summary>
public sealed class TurnStore(IMongoDatabase database)
{
    public static readonly TimeSpan MaxGap = TimeSpan.FromDays(1);
    private const string Turns = "turns";
    private readonly IMongoCollection<Turn> _turns = database.GetCollection<Turn>(Turns);
    private readonly GatheringStore _firstTurns = new(database.GetCollection<BsonDocument>(Turns), GatheringStore.Small);
    private readonly Met _met = new();

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
        // Who was here lately has a turn to renew, and most others have none yet: so that mostly one write will do.
        if (!_met.Add(author) && await TakeFirst(author, now, ct)) return null;
        while (true)
        {
            var free = await _turns.UpdateOneAsync(t => t.Author == author && t.At <= now - gap, Builders<Turn>.Update.Set(t => t.At, now).Set(t => t.ExpiresAt, now + MaxGap), cancellationToken: ct);
            if (free.MatchedCount > 0) return null;
            if (await _turns.Find(t => t.Author == author).FirstOrDefaultAsync(ct) is { } last) return last.At;
            if (await TakeFirst(author, now, ct)) return null;
        }
    }

    /// <returns>False where there is a turn already; of two first ones at once one is.</returns>
    private async Task<bool> TakeFirst(byte[] author, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            await _firstTurns.Insert(new Turn(author, now, now + MaxGap).ToBsonDocument(), ct);
            return true;
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { return false; }
    }

    /// <summary>Who took a turn on this replica lately: a guess of which write will do, and nothing more. Flat: two sets of hashes, of which the older one goes when the younger one is full.</summary>
    private sealed class Met
    {
        private const int Most = 50_000;
        private readonly System.Threading.Lock _gate = new();
        private HashSet<ulong> _young = [], _old = [];

        /// <returns>Whether he had come before.</returns>
        public bool Add(byte[] author)
        {
            var hash = BinaryPrimitives.ReadUInt64LittleEndian(author);
            lock (_gate)
            {
                if (_young.Count >= Most) (_old, _young) = (_young, []);
                return !_young.Add(hash) || _old.Contains(hash);
            }
        }
    }
}
