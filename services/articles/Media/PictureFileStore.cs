using MongoDB.Bson;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using MongoDB.Driver.GridFS;
using Platform.ServiceDefaults;

namespace Platform.Articles.Media;

/// <summary>
/// The files of pictures, in GridFS, where every replica finds them. Each upload has files of its own name, noted before the first is written, and counts
/// once a picture names it; so a killed or doubled upload leaves files that nobody sees, and that <see cref="SweepUploads"/> finds by the note.
/// </summary>
public sealed class PictureFileStore(IMongoDatabase database, TimeProvider clock)
{
    private const string Bucket = "media";
    private readonly GridFSBucket<string> _bucket = new(database, new GridFSBucketOptions { BucketName = Bucket });
    private readonly IMongoCollection<BsonDocument> _files = database.GetCollection<BsonDocument>(Bucket + ".files"), _chunks = database.GetCollection<BsonDocument>(Bucket + ".chunks");
    private readonly IMongoCollection<UploadNote> _notes = database.GetCollection<UploadNote>("mediaUploads");

    /// <param name="Id">The upload.</param>
    /// <param name="PictureId">The picture that it is to become.</param>
    /// <param name="Files">Names of all its files.</param>
    /// <param name="At">When it began.</param>
    public sealed record UploadNote([property: BsonId] Guid Id, Guid PictureId, IReadOnlyList<string> Files, DateTimeOffset At);

    /// <summary>Notes that files of this upload will be, or have been, without a picture.</summary>
    public async Task<UploadNote> Note(Guid upload, Guid picture, IEnumerable<int> widths, CancellationToken ct)
    {
        var note = new UploadNote(upload, picture, [.. widths.SelectMany(w => new[] { Name(upload, w, "webp"), Name(upload, w, "jpeg") })], clock.Now());
        await _notes.ReplaceOneAsync(n => n.Id == upload, note, new ReplaceOptions { IsUpsert = true }, ct);
        return note;
    }

    public Task Write(Guid upload, PictureVariant variant, CancellationToken ct)
    {
        var name = Name(upload, variant.Width, variant.Extension);
        return _bucket.UploadFromBytesAsync(name, name, variant.Bytes, cancellationToken: ct);
    }

    /// <returns>The file, of some hundred kilobytes; null where there is none.</returns>
    public async Task<byte[]?> Read(Guid upload, int width, string extension, CancellationToken ct)
    {
        try
        {
            return await _bucket.DownloadAsBytesAsync(Name(upload, width, extension), cancellationToken: ct);
        }
        catch (GridFSException)
        {
            return null;   // deleted in this moment
        }
    }

    /// <summary>A picture names the upload: its files stay.</summary>
    public Task Keep(Guid upload, CancellationToken ct) => _notes.DeleteOneAsync(n => n.Id == upload, ct);

    /// <summary>Deletes the files of an upload that no picture names, those written in part too; then the note of it.</summary>
    public async Task Drop(UploadNote note, CancellationToken ct)
    {
        await _files.DeleteManyAsync(Builders<BsonDocument>.Filter.In("_id", note.Files), ct);
        await _chunks.DeleteManyAsync(Builders<BsonDocument>.Filter.In("files_id", note.Files), ct);
        await Keep(note.Id, ct);
    }

    /// <summary>Uploads that began before, and are not known to have ended.</summary>
    public Task<List<UploadNote>> Unfinished(DateTimeOffset before, int limit, CancellationToken ct) => _notes.Find(n => n.At < before).SortBy(n => n.At).Limit(limit).ToListAsync(ct);

    /// <summary>begun: the sweep. GridFS makes its own indexes with the first file.</summary>
    public Task CreateIndexes(CancellationToken ct) => _notes.Indexes.CreateOneAsync(
        new CreateIndexModel<UploadNote>(Builders<UploadNote>.IndexKeys.Ascending(n => n.At), new CreateIndexOptions { Name = "begun" }), cancellationToken: ct);

    private static string Name(Guid upload, int width, string extension) => FormattableString.Invariant($"{upload}/{width}.{extension}");
}
