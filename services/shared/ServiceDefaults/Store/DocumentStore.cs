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
/// <param name="together">So many inserts at most are one command; see <see cref="GatheringStore"/>.</param>
public sealed class DocumentStore<T>(IMongoDatabase database, string collection, OutboxRelay relay, TimeProvider clock, int together = GatheringStore.Large) where T : class, IDocument
{
    private readonly IMongoCollection<BsonDocument> _raw = database.GetCollection<BsonDocument>(collection);
    private readonly GatheringStore _inserts = new(database.GetCollection<BsonDocument>(collection), together);

    public IMongoCollection<T> Collection { get; } = database.GetCollection<T>(collection);

    public async Task<T?> Find(Guid id, CancellationToken ct) => await Collection.Find(d => d.Id == id).FirstOrDefaultAsync(ct);

    /// <summary>Inserts a new document with its events.</summary>
    /// <returns>The document; or, where one with this id is there already (a repeat after a crash, see <see cref="NewId"/>), that one, and nothing is written.</returns>
    /// <exception cref="MongoWriteException">Another unique index refused it; see <see cref="StoreFailure.IsDuplicateKey"/>.</exception>
    public async Task<T> Insert(T document, IReadOnlyList<object> events, CancellationToken ct)
    {
        var bson = events.Count > 0 ? document.ToBsonDocument() : new RawBsonDocument(document.ToBson());   // bytes, where nothing is to be added
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
        var after = await Collection.FindOneAndUpdateAsync(filter, WithEvents(update, events), new FindOneAndUpdateOptions<T> { ReturnDocument = ReturnDocument.After }, ct);
        if (after is not null && events.Count > 0) relay.Notify(collection, after.Id);
        return after;
    }

    /// <summary>Several of these updates, of different documents, by one command.</summary>
    /// <returns>False when one of the filters or more matched none; the others' updates are done.</returns>
    public async Task<bool> Update(IReadOnlyList<(Guid Id, FilterDefinition<T> Filter, UpdateDefinition<T> Update, IReadOnlyList<object> Events)> updates, CancellationToken ct)
    {
        if (updates.Count == 0) return true;
        var result = await Collection.BulkWriteAsync(updates.OrderBy(u => u.Id).Select(u => new UpdateOneModel<T>(Builders<T>.Filter.Eq(d => d.Id, u.Id) & u.Filter, WithEvents(u.Update, u.Events))), new BulkWriteOptions { IsOrdered = false }, ct);
        // Of one that matched none there is nothing in the outbox: asking is all it costs.
        foreach (var update in updates)
            if (update.Events.Count > 0) relay.Notify(collection, update.Id);
        return result.MatchedCount == updates.Count;
    }

    private UpdateDefinition<T> WithEvents(UpdateDefinition<T> update, IReadOnlyList<object> events) =>
        events.Count == 0 ? update : update.PushEach(new StringFieldDefinition<T, BsonDocument>(Outbox.Field), Outbox.Entries(events, clock).Select(e => e.AsBsonDocument));

    /// <summary>Creates the outbox's index; call it where the service creates its own.</summary>
    public Task CreateOutboxIndex(CancellationToken ct) => Outbox.CreateIndex(_raw, ct);
}
