using MongoDB.Bson;
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

    /// <summary>Takes the author's turn where the last one is long enough ago; one write, so that of many at once one gets it.</summary>
    /// <returns>The last turn before this, or null where there was none.</returns>
    public async Task<DateTimeOffset?> Take(byte[] author, TimeSpan gap, DateTimeOffset now, CancellationToken ct)
    {
        var free = new BsonDocument("$lte", new BsonArray { "$at", (now - gap).UtcDateTime });   // an absent one sorts before every time
        var take = Builders<Turn>.Update.Pipeline(new EmptyPipelineDefinition<Turn>().AppendStage<Turn, Turn, Turn>(new BsonDocument("$set", new BsonDocument
        {
            ["at"] = new BsonDocument("$cond", new BsonArray { free, now.UtcDateTime, "$at" }),
            ["expiresAt"] = (now + MaxGap).UtcDateTime,
        })));
        while (true)
        {
            try
            {
                return (await _turns.FindOneAndUpdateAsync(t => t.Author == author, take, new FindOneAndUpdateOptions<Turn, Turn?> { IsUpsert = true, ReturnDocument = ReturnDocument.Before }, ct))?.At;
            }
            catch (MongoException e) when (StoreFailure.IsDuplicateKey(e)) { }   // two first turns at once: one of them is there now
        }
    }
}
