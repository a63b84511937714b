using System.Globalization;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using Lucene.Net.Util;

namespace Platform.Articles.Search;

/// <summary>How far an index has followed the store.</summary>
/// <param name="ChangedAt">It holds every change up to then; read on from a little before.</param>
/// <param name="Building">While it is being built: the last article that is in; all behind it are not. Null once it is whole.</param>
public sealed record IndexPosition(DateTimeOffset ChangedAt, Guid? Building);

/// <summary>
/// The index of published articles on this replica's disk. One thread writes; any number search, each what <see cref="Refresh"/> showed last.
/// A kill at any time leaves what <see cref="Commit"/> wrote last, position included.
/// </summary>
public sealed class ArticleIndex : IDisposable
{
    public const LuceneVersion Lucene = LuceneVersion.LUCENE_48;
    private const string SchemaKey = "schema", PositionKey = "changedAt", BuildingKey = "building";

    private readonly Lucene.Net.Store.Directory _directory;
    private readonly IndexWriter _writer;
    private readonly SearcherManager _searchers;

    private ArticleIndex(Lucene.Net.Store.Directory directory, IndexPosition? position)
    {
        _directory = directory;
        Position = position;
        _writer = new IndexWriter(directory, new IndexWriterConfig(Lucene, analyzer: null)
        {
            OpenMode = position is null ? OpenMode.CREATE : OpenMode.APPEND,
            Similarity = new BM25Similarity(),
            RAMBufferSizeMB = 16,
            MergeScheduler = new ConcurrentMergeScheduler(),
            // A search looks its terms up in each segment: few ones, for some more merging of the smaller ones.
            MergePolicy = new TieredMergePolicy { SegmentsPerTier = 4, MaxMergeAtOnce = 4 },
        });
        _searchers = new SearcherManager(_writer, applyAllDeletes: true, new Searchers());
    }

    /// <summary>As committed last; null where there is no index yet.</summary>
    public IndexPosition? Position { get; private set; }

    /// <summary>Opens the index of a folder that the process alone uses. One that is broken, or was made by another schema, is deleted.</summary>
    /// <param name="reason">Why there is nothing in it; null where it was opened as it is.</param>
    public static ArticleIndex Open(IndexFolder folder, out string? reason)
    {
        IndexPosition? position = null;
        reason = "there is none";
        try
        {
            using var directory = OpenDirectory(folder);
            if (DirectoryReader.IndexExists(directory))
            {
                using var reader = DirectoryReader.Open(directory);
                var data = reader.IndexCommit.UserData;
                if (data.TryGetValue(SchemaKey, out var schema) && schema == ArticleDocument.Schema)
                {
                    foreach (var leaf in reader.Leaves) leaf.AtomicReader.CheckIntegrity();
                    position = Read(data);
                    reason = null;
                }
                else reason = $"its schema is {schema ?? "unknown"}";
            }
            else if (System.IO.Directory.EnumerateFileSystemEntries(folder.Path).Any()) reason = "its files make no index";
        }
        catch (Exception e) when (e is not OutOfMemoryException)    // Lucene answers broken files with exceptions of every kind
        {
            reason = $"it is broken ({e.GetType().Name}: {e.Message})";
        }
        if (position is null) folder.Clear();
        return new ArticleIndex(OpenDirectory(folder), position);
    }

    /// <summary>Puts articles in, in the place of older versions of them.</summary>
    public void Put(IEnumerable<Article> published)
    {
        foreach (var article in published) _writer.UpdateDocument(ArticleDocument.IdTerm(article.Id), ArticleDocument.Of(article));
    }

    public void Remove(IEnumerable<Guid> articles) => _writer.DeleteDocuments([.. articles.Select(ArticleDocument.IdTerm)]);

    /// <summary>Lets searches see what was put in and removed.</summary>
    public void Refresh() => _searchers.MaybeRefreshBlocking();

    /// <summary>Makes one segment of what was built: the quickest to search.</summary>
    public void Merge() => _writer.ForceMerge(1);

    /// <summary>Makes it last.</summary>
    public void Commit(IndexPosition position)
    {
        _writer.SetCommitData(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [SchemaKey] = ArticleDocument.Schema,
            [PositionKey] = position.ChangedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            [BuildingKey] = position.Building?.ToString("N") ?? "",
        });
        _writer.Commit();
        Position = position;
    }

    public T Read<T>(Func<IndexSearcher, T> read)
    {
        var searcher = _searchers.Acquire();
        try { return read(searcher); }
        finally { _searchers.Release(searcher); }
    }

    /// <summary>Forgets what was not committed, as a kill would.</summary>
    public void Dispose()
    {
        _searchers.Dispose();
        _writer.Rollback();
        _directory.Dispose();
    }

    private static MMapDirectory OpenDirectory(IndexFolder folder) => new(folder.Path, NoLockFactory.GetNoLockFactory());

    private static IndexPosition Read(IDictionary<string, string> data) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(data[PositionKey], CultureInfo.InvariantCulture)),
        data[BuildingKey] is { Length: > 0 } building ? Guid.Parse(building) : null);

    private sealed class Searchers : SearcherFactory
    {
        public override IndexSearcher NewSearcher(IndexReader reader) => new(reader) { Similarity = new BM25Similarity() };
    }
}
