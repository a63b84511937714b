using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Sample;

public sealed class NoteStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    public const string Notes = "notes";
    private readonly DocumentStore<Note> _notes = new(database, Notes, relay, clock);
    private readonly IMongoCollection<Remembered> _remembered = database.GetCollection<Remembered>("remembered");

    public sealed record Remembered([property: BsonId] Guid NoteId, long Version, int Times);

    public Task CreateIndexes(CancellationToken ct) => _notes.CreateOutboxIndex(ct);

    public Task<Note?> Find(Guid id, CancellationToken ct) => _notes.Find(id, ct);

    public Task<Note> Insert(Note note, CancellationToken ct) => _notes.Insert(note, [Written(note)], ct);

    public Task<bool> Save(Note next, CancellationToken ct) => _notes.Save(next, [Written(next)], ct, "likes");

    public Task Like(Guid id, CancellationToken ct) => _notes.Update(Builders<Note>.Filter.Eq(n => n.Id, id), Builders<Note>.Update.Inc(n => n.Likes, 1), [], ct);

    public Task<List<Note>> List(string? text, PageRequest page, CancellationToken ct)
    {
        var filter = text is null ? Builders<Note>.Filter.Empty : Builders<Note>.Filter.Eq(n => n.Text, text);
        if (page.Cursor is [var after]) filter &= Builders<Note>.Filter.Gt(n => n.Id, Guid.Parse(after));
        return _notes.Collection.Find(filter).SortBy(n => n.Id).Limit(page.Limit + 1).ToListAsync(ct);
    }

    private static NoteWritten Written(Note note) => new(note.Id, note.Version, note.Text);

    public async Task Remember(NoteWritten message, CancellationToken ct)
    {
        try
        {
            await _remembered.UpdateOneAsync(r => r.NoteId == message.NoteId && r.Version < message.Version,
                Builders<Remembered>.Update.Set(r => r.Version, message.Version).Inc(r => r.Times, 1), new UpdateOptions { IsUpsert = true }, ct);
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
        {
            // Known in this version or a newer one.
        }
    }
}
