using MongoDB.Bson;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>Keeps imports, and what they report of single items.</summary>
public sealed class ImportStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    public const string Collection = "imports";

    /// <summary>The condition of an index, which its query repeats: MongoDB does not conclude it from a value that is asked for.</summary>
    private static readonly FilterDefinition<Import> HasKey = Builders<Import>.Filter.Type(i => i.Key, BsonType.String);

    private readonly DocumentStore<Import> _documents = new(database, Collection, relay, clock);
    private readonly IMongoCollection<Reported> _reported = database.GetCollection<Reported>("importNotes");

    /// <param name="Id">Import, kind (<c>f</c>ailed or <c>n</c>ote), item and a number within it: written twice, it is there once, and all lie in the order of the file.</param>
    private sealed record Reported([property: BsonId] string Id, string Item, string Reason);

    public Task<Import?> Find(Guid id, CancellationToken ct) => _documents.Find(id, ct);

    public async Task<Import?> FindByKey(string key, CancellationToken ct) => await _documents.Collection.Find(Builders<Import>.Filter.Eq(i => i.Key, key) & HasKey).FirstOrDefaultAsync(ct);

    /// <returns>False where another request with its key was first.</returns>
    public async Task<bool> Insert(Import import, CancellationToken ct)
    {
        try
        {
            await _documents.Insert(import, [], ct);
            return true;
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
        {
            return false;
        }
    }

    /// <exception cref="ImportTakenException">Somebody else goes on with it, or it is gone.</exception>
    public async Task<Import> Save(Import next, IReadOnlyList<object> messages, CancellationToken ct) => await _documents.Save(next, messages, ct) ? next : throw new ImportTakenException(next.Id);

    public Task Delete(Guid id, CancellationToken ct) => _documents.Collection.DeleteOneAsync(i => i.Id == id, ct);

    /// <summary>Newest first.</summary>
    public Task<List<Import>> List(Guid? before, int limit, CancellationToken ct)
    {
        var all = Builders<Import>.Filter.Ne(i => i.Phase, ImportPhase.Receiving);
        return _documents.Collection.Find(before is { } id ? all & Builders<Import>.Filter.Lt(i => i.Id, id) : all).SortByDescending(i => i.Id).Limit(limit).ToListAsync(ct);
    }

    /// <summary>Imports that have a file, oldest first: they wait, are under way, or are over and nobody has tidied up.</summary>
    public Task<List<Import>> WithFile(CancellationToken ct) => _documents.Collection.Find(i => i.HasFile).SortBy(i => i.Id).Limit(100).ToListAsync(ct);

    /// <summary>How many of its messages wait for the broker.</summary>
    public async Task<int> Waiting(Guid id, CancellationToken ct)
    {
        var found = await database.GetCollection<BsonDocument>(Collection).Find(new BsonDocument("_id", new BsonBinaryData(id, GuidRepresentation.Standard)))
            .Project(new BsonDocument(Outbox.Field + ".id", 1)).FirstOrDefaultAsync(ct);
        return found is not null && found.TryGetValue(Outbox.Field, out var outbox) ? outbox.AsBsonArray.Count : 0;
    }

    /// <summary>Reports on an item; again changes nothing.</summary>
    public async Task Report(Guid id, bool failed, long number, IReadOnlyList<ImportNote> notes, CancellationToken ct)
    {
        if (notes.Count == 0) return;
        try
        {
            await _reported.InsertManyAsync(notes.Select((n, i) => new Reported(FormattableString.Invariant($"{Prefix(id, failed)}{number:D9}/{i:D3}"), n.Item, n.Reason)), new InsertManyOptions { IsOrdered = false }, ct);
        }
        catch (MongoBulkWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }
    }

    /// <summary>The first reports of a kind, in the order of the file; by ranges of _id.</summary>
    public async Task<IReadOnlyList<ImportNote>> Reports(Guid id, bool failed, CancellationToken ct)
    {
        var prefix = Prefix(id, failed);
        var filter = Builders<Reported>.Filter.Gte(r => r.Id, prefix) & Builders<Reported>.Filter.Lt(r => r.Id, prefix + ":");   // ':' follows '9'
        return [.. (await _reported.Find(filter).SortBy(r => r.Id).Limit(Import.MaxReported).ToListAsync(ct)).Select(r => new ImportNote(r.Item, r.Reason))];
    }

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _documents.CreateOutboxIndex(ct);
        var keys = Builders<Import>.IndexKeys;
        await _documents.Collection.Indexes.CreateManyAsync(
        [
            // What is to be done, asked for every second; holds a handful.
            new(keys.Ascending(i => i.HasFile).Ascending(i => i.Id), new CreateIndexOptions<Import> { Name = "file", PartialFilterExpression = Builders<Import>.Filter.Eq(i => i.HasFile, true) }),
            // A request that comes again with its Idempotency-Key.
            new(keys.Ascending(i => i.Key), new CreateIndexOptions<Import> { Name = "key", Unique = true, PartialFilterExpression = HasKey }),
        ], ct);
    }

    private static string Prefix(Guid id, bool failed) => $"{id}/{(failed ? 'f' : 'n')}/";
}

/// <summary>Another worker has gone on with the import.</summary>
public sealed class ImportTakenException(Guid id) : Exception($"Another worker goes on with import {id}.");
