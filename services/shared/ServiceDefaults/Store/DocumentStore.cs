using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.ServiceDefaults;

/// <summary>A document with an id made by us (UUIDv7) and a version that each change raises by one.</summary>
public interface IDocument
{
    Guid Id { get; }
    long Version { get; }
}

/// <summary>
/// Writes a document and the events it caused in one single-document write, guarded by its version; the <see cref="OutboxRelay"/> publishes the events.
/// Services wrap one of these in their own store and query <see cref="Collection"/>.
/// </summary>
public sealed class DocumentStore<T>(IMongoDatabase database, string collection, OutboxRelay relay, TimeProvider clock) where T : class, IDocument
{
    private readonly IMongoCollection<BsonDocument> _raw = database.GetCollection<BsonDocument>(collection);
    private readonly GatheringStore _inserts = new(database.GetCollection<BsonDocument>(collection));

    public IMongoCollection<T> Collection { get; } = database.GetCollection<T>(collection);

    public async Task<T?> Find(Guid id, CancellationToken ct) => await Collection.Find(d => d.Id == id).FirstOrDefaultAsync(ct);

    /// <summary>Inserts a new document with its events.</summary>
    /// <returns>The document; or, where one with this id is there already (a repeat after a crash, see <see cref="NewId"/>), that one, and nothing is written.</returns>
    /// <exception cref="MongoWriteException">Another unique index refused it; see <see cref="StoreFailure.IsDuplicateKey"/>.</exception>
    public async Task<T> Insert(T document, IReadOnlyList<object> events, CancellationToken ct)
    {
        var bson = document.ToBsonDocument();
        if (events.Count > 0) bson[Outbox.Field] = Outbox.Entries(events, clock);
        try
        {
            await _inserts.Insert(bson, ct);
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
        {
            if (await Find(document.Id, ct) is { } there) return there;
            throw;
        }
        if (events.Count > 0) relay.Notify(collection, document.Id);
        return document;
    }

    /// <summary>Replaces the document's fields where its version is still the one before <c>next.Version</c>, and adds the events to its outbox.</summary>
    /// <param name="keep">Element names (camelCase) that other writes own, such as counts: left as they are.</param>
    /// <returns>False when the document has another version by now, or is gone; nothing is written.</returns>
    public async Task<bool> Save(T next, IReadOnlyList<object> events, CancellationToken ct, params string[] keep)
    {
        var fields = next.ToBsonDocument();
        fields.Remove("_id");
        foreach (var name in keep) fields.Remove(name);
        var update = new BsonDocument("$set", fields);
        if (events.Count > 0) update["$push"] = new BsonDocument(Outbox.Field, new BsonDocument("$each", Outbox.Entries(events, clock)));
        var filter = Builders<BsonDocument>.Filter.Eq("_id", new BsonBinaryData(next.Id, GuidRepresentation.Standard)) & Builders<BsonDocument>.Filter.Eq("version", next.Version - 1);
        var result = await _raw.UpdateOneAsync(filter, update, cancellationToken: ct);
        if (result.MatchedCount == 0) return false;
        if (events.Count > 0) relay.Notify(collection, next.Id);
        return true;
    }

    /// <summary>Applies an update of single fields together with events; for writes that do not go through a whole document.</summary>
    /// <returns>The document after the update, or null when the filter matched none.</returns>
    public async Task<T?> Update(FilterDefinition<T> filter, UpdateDefinition<T> update, IReadOnlyList<object> events, CancellationToken ct)
    {
        if (events.Count > 0) update = update.PushEach(new StringFieldDefinition<T, BsonDocument>(Outbox.Field), Outbox.Entries(events, clock).Select(e => e.AsBsonDocument));
        var after = await Collection.FindOneAndUpdateAsync(filter, update, new FindOneAndUpdateOptions<T> { ReturnDocument = ReturnDocument.After }, ct);
        if (after is not null && events.Count > 0) relay.Notify(collection, after.Id);
        return after;
    }

    /// <summary>Creates the outbox's index; call it where the service creates its own.</summary>
    public Task CreateOutboxIndex(CancellationToken ct) => Outbox.CreateIndex(_raw, ct);
}
