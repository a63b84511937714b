using System.Diagnostics;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.ServiceDefaults;

/// <summary>How events lie in the document that caused them: <c>outbox: [{id, type, body, traceparent, at}]</c>.</summary>
public static class Outbox
{
    public const string Field = "outbox";

    /// <summary>Name of what traces outbox publishing and other work of ours.</summary>
    public const string ActivitySource = "Platform";

    public static BsonArray Entries(IReadOnlyList<object> events, TimeProvider clock) => [.. events.Select(e => new BsonDocument
    {
        ["id"] = new BsonBinaryData(Guid.CreateVersion7(), GuidRepresentation.Standard),
        ["type"] = e.GetType().FullName,
        ["body"] = JsonSerializer.Serialize(e, e.GetType(), StrictJson.Options),
        ["traceparent"] = Activity.Current?.Id is { } id ? id : BsonNull.Value,
        ["at"] = clock.GetUtcNow().UtcDateTime,
    })];

    /// <summary>For the sweeper: documents whose events were not published, oldest first. Holds nothing else, so it costs writers of other documents nothing.</summary>
    public static Task CreateIndex(IMongoCollection<BsonDocument> collection, CancellationToken ct) =>
        collection.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(new BsonDocument(Field + ".at", 1), new CreateIndexOptions<BsonDocument>
        {
            Name = "outbox",
            PartialFilterExpression = new BsonDocument(Field + ".at", new BsonDocument("$exists", true)),
        }), cancellationToken: ct);
}

/// <summary>Reads outboxes and removes what has been published.</summary>
public sealed class OutboxStore(IMongoDatabase database)
{
    /// <summary>One document's unpublished events, in order.</summary>
    public sealed record Pending(Guid Id, IReadOnlyList<Entry> Entries);

    public sealed record Entry(Guid Id, string Type, string Body, string? TraceParent, DateTime At);

    /// <summary>The outboxes of these documents.</summary>
    public Task<List<Pending>> Read(string collection, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        Find(collection, Builders<BsonDocument>.Filter.In("_id", ids.Select(Binary)), ids.Count, ct);

    /// <summary>Documents with events older than this, oldest first.</summary>
    /// <remarks>$exists is said although $lt implies it: only then does the local engine use the partial index, instead of reading the collection.</remarks>
    public Task<List<Pending>> ReadOverdue(string collection, DateTimeOffset before, int limit, CancellationToken ct) =>
        Find(collection, Builders<BsonDocument>.Filter.Exists(Outbox.Field + ".at") & Builders<BsonDocument>.Filter.Lt(Outbox.Field + ".at", before.UtcDateTime), limit, ct);

    /// <summary>Takes published events out of their documents, by one command. An event's id is its own, so that all ids can be taken out of all documents.</summary>
    public async Task Remove(string collection, IReadOnlyCollection<(Guid Document, List<Guid> Events)> published, CancellationToken ct)
    {
        if (published.Count == 0) return;
        await database.GetCollection<BsonDocument>(collection).UpdateManyAsync(
            new BsonDocument("_id", In(published.Select(p => p.Document).Order())),
            new BsonDocument("$pull", new BsonDocument(Outbox.Field, new BsonDocument("id", In(published.SelectMany(p => p.Events))))), cancellationToken: ct);

        static BsonDocument In(IEnumerable<Guid> ids) => new("$in", new BsonArray(ids.Select(Binary)));
    }

    private static BsonBinaryData Binary(Guid id) => new(id, GuidRepresentation.Standard);

    private async Task<List<Pending>> Find(string collection, FilterDefinition<BsonDocument> filter, int limit, CancellationToken ct)
    {
        var documents = await database.GetCollection<BsonDocument>(collection).Find(filter)
            .Sort(new BsonDocument(Outbox.Field + ".at", 1)).Limit(limit).Project(new BsonDocument(Outbox.Field, 1)).ToListAsync(ct);
        return [.. documents.Where(d => d.Contains(Outbox.Field)).Select(d => new Pending(d["_id"].AsBsonBinaryData.ToGuid(GuidRepresentation.Standard), [.. d[Outbox.Field].AsBsonArray.Select(e => new Entry(
            e["id"].AsBsonBinaryData.ToGuid(GuidRepresentation.Standard), e["type"].AsString, e["body"].AsString, e["traceparent"].IsBsonNull ? null : e["traceparent"].AsString, e["at"].ToUniversalTime()))]))];
    }
}
