using System.Collections.Concurrent;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.Contracts;
using Platform.Text;

namespace Platform.Articles;

/// <summary>Keeps the tags that articles ever had, and which of them are one by now. Whether a tag is in use the articles say.</summary>
public sealed class TagStore(IMongoDatabase database, MergeStore merges)
{
    /// <summary>How many tags a replica remembers as noted.</summary>
    private const int Remembered = 50_000;

    /// <summary>How many tags are looked at for one page, of which some may be in use by nobody.</summary>
    private const int Batches = 5, AtOnce = 8;

    private readonly IMongoCollection<Tag> _tags = database.GetCollection<Tag>("tags");
    private readonly IMongoCollection<Article> _articles = database.GetCollection<Article>(ArticleStore.Collection);
    private readonly ConcurrentDictionary<string, byte> _noted = new(StringComparer.Ordinal);

    /// <param name="Id">The comparison form.</param>
    /// <param name="Name">As it was written first.</param>
    public sealed record Tag([property: BsonId] string Id, string Name);

    /// <summary>Which tags are one by now.</summary>
    public ValueTask<Merges> Merges(CancellationToken ct) => merges.Tags.Read(ct);

    /// <summary>Notes the tags of an article before it gets them: noted and not used does no harm.</summary>
    public Task Note(ArticleContent content, CancellationToken ct) => Note(content.TagKeys.Zip(content.Tags), ct);

    private async Task Note(IEnumerable<(string Key, string Name)> tags, CancellationToken ct)
    {
        var fresh = tags.Where(t => !_noted.ContainsKey(t.Key)).ToArray();
        if (fresh.Length == 0) return;
        await _tags.BulkWriteAsync(fresh.Select(t => new UpdateOneModel<Tag>(Builders<Tag>.Filter.Eq(x => x.Id, t.Key), Builders<Tag>.Update.SetOnInsert(x => x.Name, t.Name)) { IsUpsert = true }), new BulkWriteOptions { IsOrdered = false }, ct);
        if (_noted.Count > Remembered) _noted.Clear();
        foreach (var (key, _) in fresh) _noted.TryAdd(key, 0);
    }

    /// <summary>How the tag is written that has this comparison form, or null where no article ever had it.</summary>
    public async Task<string?> Find(string key, CancellationToken ct) =>
        (await merges.Tags.Read(ct)).Name(key) ?? (await _tags.Find(t => t.Id == key).FirstOrDefaultAsync(ct))?.Name;

    /// <summary>Whether a published article has the tag, by this comparison form or that of one merged into it.</summary>
    public async Task<bool> InUse(string key, CancellationToken ct)
    {
        string[] keys = [key, .. (await merges.Tags.Read(ct)).Into(key)];
        var has = keys.Length == 1 ? Builders<Article>.Filter.AnyEq(a => a.Content.TagKeys, key) : Builders<Article>.Filter.AnyIn(a => a.Content.TagKeys, keys);
        return await _articles.Find(Builders<Article>.Filter.Eq(a => a.Status, ArticleStatus.Published) & has).Limit(1).AnyAsync(ct);
    }

    /// <summary>Tags in use, by comparison form. A page may be short of the limit where many tags are in use by nobody.</summary>
    /// <returns>The tags, and where to go on; null at the end.</returns>
    public async Task<(IReadOnlyList<Tag> Tags, string? Next)> List(string? after, int limit, CancellationToken ct)
    {
        var merged = await merges.Tags.Read(ct);
        var found = new List<Tag>();
        for (var batch = 0; batch < Batches; batch++)
        {
            var read = await All(after, limit, ct);
            var used = new ConcurrentDictionary<string, byte>();
            await Parallel.ForEachAsync(read.Where(t => merged.Current(t.Id) == t.Id), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (tag, token) =>
            {
                if (await InUse(tag.Id, token)) used.TryAdd(tag.Id, 0);
            });
            foreach (var tag in read)
            {
                after = tag.Id;
                if (!used.ContainsKey(tag.Id)) continue;
                found.Add(tag with { Name = merged.Name(tag.Id) ?? tag.Name });
                if (found.Count == limit) return (found, tag == read[^1] && read.Count < limit ? null : after);
            }
            if (read.Count < limit) return (found, null);
        }
        return (found, after);
    }

    /// <summary>Every tag that an article ever had, by comparison form; also those that are another by now, or in use by nobody.</summary>
    public Task<List<Tag>> All(string? after, int limit, CancellationToken ct) => _tags.Find(after is null ? Builders<Tag>.Filter.Empty : Builders<Tag>.Filter.Gt(t => t.Id, after)).SortBy(t => t.Id).Limit(limit).ToListAsync(ct);

    /// <summary>Makes one tag of two, in one write; the articles stay as they are.</summary>
    /// <param name="key">The one that goes; where it went earlier, what it has become.</param>
    /// <param name="into">The other, as it is written from now on.</param>
    /// <returns>The tag that both are now, as it is written.</returns>
    public async Task<string?> Merge(string key, string into, CancellationToken ct)
    {
        var target = Normaliser.Fold(into);
        await Note([(target, into)], ct);
        var merged = await merges.Tags.Change(m =>
        {
            // Done already, perhaps by the same request before its answer was lost.
            if (m.Current(key) != key && m.Current(key) == m.Current(target)) return (m, []);
            var next = m.With(m.Current(key), target, into, "tag");
            return (next, [new TagsChanged { Version = next.Version, Tag = key, Into = into, FormerTags = [.. next.Into(next.Current(target))] }]);
        }, ct);
        return await Find(merged.Current(key), ct);
    }
}
