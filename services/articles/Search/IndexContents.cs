using System.Diagnostics;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Platform.Articles.Search;

/// <summary>Makes an index hold what the store has: all of it, certain articles, or those in which they differ.</summary>
public sealed partial class IndexContents(ArticleChangeStore store, ILogger<IndexContents> logger)
{
    private const int BuildBatch = 200, VersionBatch = 2_000, CommitEvery = 10_000;

    /// <summary>Reads all that is published. A kill in between costs what was not committed.</summary>
    public async Task Build(ArticleIndex index, CancellationToken ct)
    {
        var (total, started) = (await store.CountPublished(ct), Stopwatch.GetTimestamp());
        var position = index.Position ?? new IndexPosition(await store.Last(ct), Guid.Empty);
        var (done, told) = (index.Read(s => s.IndexReader.NumDocs), started);
        var before = done;
        var next = store.Page(position.Building!.Value, BuildBatch, ct);
        for (List<Article> read; (read = await next).Count > 0;)
        {
            position = position with { Building = read[^1].Id };
            next = store.Page(read[^1].Id, BuildBatch, ct);    // while this one is indexed
            Article[] published = [.. read.Where(a => a.Status == ArticleStatus.Published)];
            index.Put(published);
            done += published.Length;
            if (done / CommitEvery > (done - published.Length) / CommitEvery) index.Commit(position);
            if (Stopwatch.GetElapsedTime(told) < TimeSpan.FromSeconds(2)) continue;
            told = Stopwatch.GetTimestamp();
            var rate = (done - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
            Log.Progress(logger, done, total, rate, Math.Max(0, total - done) / rate);
        }
        index.Merge();
        index.Commit(position with { Building = null });
        index.Refresh();
        // What the building took is given back: by itself that comes when as much is asked for again, which is never.
        if (done - before > CommitEvery) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (total > 0) Log.Built(logger, done, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Makes the index hold these as the store has them now.</summary>
    public async Task Take(ArticleIndex index, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        foreach (var some in ids.Chunk(BuildBatch))
        {
            var published = await store.Published(some, ct);
            index.Put(published);
            index.Remove(some.Except(published.Select(a => a.Id)));
        }
        index.Refresh();
    }

    /// <summary>Compares every version, so that nothing which went past stays wrong.</summary>
    /// <returns>Whether any differed.</returns>
    public async Task<bool> Compare(ArticleIndex index, CancellationToken ct)
    {
        var indexed = index.Read(IndexedVersions);
        var differing = new List<Guid>();
        var behind = Guid.Empty;
        for (List<ArticleVersion> page; (page = await store.Versions(behind, VersionBatch, ct)).Count > 0; behind = page[^1].Id)
            foreach (var (id, version, _) in page.Where(v => v.Status == ArticleStatus.Published))
                if (!indexed.Remove(id, out var there) || there != version) differing.Add(id);
        differing.AddRange(indexed.Keys);
        if (differing.Count == 0) return false;
        await Take(index, differing, ct);
        Log.Differed(logger, differing.Count);
        return true;
    }

    private static Dictionary<Guid, long> IndexedVersions(IndexSearcher searcher)
    {
        var versions = new Dictionary<Guid, long>();
        foreach (var leaf in searcher.IndexReader.Leaves)
        {
            var reader = leaf.AtomicReader;
            var (ids, numbers, live) = (reader.GetSortedDocValues(ArticleDocument.Id), reader.GetNumericDocValues(ArticleDocument.Version), reader.LiveDocs);
            var bytes = new BytesRef();
            for (var doc = 0; doc < reader.MaxDoc; doc++)
            {
                if (live?.Get(doc) == false) continue;
                ids.Get(doc, bytes);
                versions[new Guid(bytes.Bytes.AsSpan(bytes.Offset, bytes.Length), bigEndian: true)] = numbers.Get(doc);
            }
        }
        return versions;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Search index: {Done} of {Total} articles, {Rate:0} per second, {Remaining:0} s remaining")]
        public static partial void Progress(ILogger logger, int done, long total, double rate, double remaining);

        [LoggerMessage(LogLevel.Information, "Search index: built with {Done} articles in {Seconds:0.0} s")]
        public static partial void Built(ILogger logger, int done, double seconds);

        [LoggerMessage(LogLevel.Warning, "Search index: {Count} articles differed from the store, and were indexed again")]
        public static partial void Differed(ILogger logger, int count);
    }
}
