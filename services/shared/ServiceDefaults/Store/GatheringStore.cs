using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.ServiceDefaults;

/// <summary>
/// Inserts single documents; those that come while others are on their way go together in one command (see <see cref="Together{T}"/>), which costs the store a
/// fraction of as many single ones.
/// </summary>
/// <param name="most">Documents of one command: together they fit into a message of 48 MB, and the local store's of 16. Where they may be large, few.</param>
public sealed class GatheringStore(IMongoCollection<BsonDocument> collection, int most = GatheringStore.Large)
{
    /// <summary>The largest of ours are below 1.2 MB.</summary>
    public const int Large = 12;

    /// <summary>Documents of some kilobytes.</summary>
    public const int Small = 64;

    private readonly Together<BsonDocument> _inserts = new(most, lanes: 2, batch => Insert(collection, batch));

    /// <param name="ct">Ends the waiting, not the insert.</param>
    /// <exception cref="MongoWriteException">A unique index refused this document.</exception>
    public Task Insert(BsonDocument document, CancellationToken ct) => _inserts.Add(document).WaitAsync(ct);

    private static async Task<IReadOnlyDictionary<int, Exception>?> Insert(IMongoCollection<BsonDocument> collection, IReadOnlyList<BsonDocument> batch)
    {
        try
        {
            if (batch is [var only]) await collection.InsertOneAsync(only, cancellationToken: CancellationToken.None);
            else await collection.InsertManyAsync(batch, new InsertManyOptions { IsOrdered = false }, CancellationToken.None);
            return null;
        }
        catch (MongoBulkWriteException<BsonDocument> e) when (e.WriteConcernError is null)
        {
            return e.WriteErrors.ToDictionary(error => error.Index, error => (Exception)new MongoWriteException(e.ConnectionId, error, null, e));
        }
    }
}
