using MongoDB.Driver;
using MongoDB.Driver.GridFS;

namespace Platform.Articles.Imports;

/// <summary>Files that are being imported: in the store (GridFS), so that any replica can go on with them. They hold what WordPress knows of commenters, and are deleted when the import is over.</summary>
public sealed class ImportFileStore(IMongoDatabase database)
{
    private const int Chunk = 512 * 1024;
    private readonly GridFSBucket<Guid> _files = new(database, new GridFSBucketOptions { BucketName = "importFiles", ChunkSizeBytes = Chunk, WriteConcern = WriteConcern.WMajority });

    /// <summary>A stream to write the file to; it is there once that is closed.</summary>
    public async Task<Stream> Create(Guid import, CancellationToken ct) => await _files.OpenUploadStreamAsync(import, import.ToString(), new GridFSUploadOptions { ChunkSizeBytes = Chunk, BatchSize = 4 }, ct);

    /// <summary>The file from a place on. Each piece is read by itself, so that no cursor of the store need live as long as an import.</summary>
    public async Task<Stream> Open(Guid import, long offset, CancellationToken ct)
    {
        var stream = await _files.OpenDownloadStreamAsync(import, new GridFSDownloadOptions { Seekable = true }, ct);
        stream.Seek(offset, SeekOrigin.Begin);
        return stream;
    }

    /// <summary>Deletes the file, or what there is of it.</summary>
    public async Task Delete(Guid import, CancellationToken ct)
    {
        try { await _files.DeleteAsync(import, ct); }
        catch (GridFSFileNotFoundException) { }   // never completed: its pieces are deleted all the same
    }
}
