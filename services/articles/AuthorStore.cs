using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Keeps the authors. One who was merged into another stays in the store, where the slugs lie, and is the other for whoever asks.</summary>
public sealed class AuthorStore(IMongoDatabase database, MergeStore merges, OutboxRelay relay, TimeProvider clock)
{
    public const string Collection = "authors";

    private static readonly FilterDefinitionBuilder<Author> Filter = Builders<Author>.Filter;
    private readonly DocumentStore<Author> _documents = new(database, Collection, relay, clock);

    static AuthorStore() => BsonClassMap.TryRegisterClassMap<Author>(map =>
    {
        map.AutoMap();
        map.UnmapProperty(a => a.Merged);
    });

    /// <summary>By the current slug or a former one.</summary>
    /// <exception cref="Problem">404.</exception>
    public async Task<Author> Get(string slug, CancellationToken ct) => (await Find([slug], ct)).GetValueOrDefault(slug) ?? throw Problem.NotFound("author");

    /// <summary>Those of the authors that exist, by the slug that was asked for, current or former. One read, none where no slug is given; a second one where some were merged.</summary>
    public async Task<IReadOnlyDictionary<string, Author>> Find(IReadOnlyCollection<string> slugs, CancellationToken ct)
    {
        if (slugs.Count == 0) return new Dictionary<string, Author>();
        var byId = (await _documents.Collection.Find(Filter.AnyIn(a => a.Slugs, slugs)).ToListAsync(ct)).ToDictionary(a => a.Id);
        var merged = await merges.Authors.Read(ct);
        var asked = byId.Values.SelectMany(a => a.Slugs, (author, slug) => (author, slug)).Where(a => slugs.Contains(a.slug)).ToArray();
        var needed = asked.Select(a => Current(a.author, merged)).Distinct().SelectMany(id => Into(id, merged).Prepend(id)).Where(id => !byId.ContainsKey(id)).ToArray();
        if (needed.Length > 0) foreach (var more in await _documents.Collection.Find(Filter.In(a => a.Id, needed)).ToListAsync(ct)) byId[more.Id] = more;
        // Whose author was deleted in the moment of the merge is the old one again.
        return asked.ToDictionary(a => a.slug, a => byId.GetValueOrDefault(Current(a.author, merged)) is { } now
            ? now with { Merged = [.. Into(now.Id, merged).Where(byId.ContainsKey).SelectMany(id => byId[id].Slugs)] }
            : a.author);
    }

    /// <summary>By slug, without those who were merged into others.</summary>
    public async Task<List<Author>> List(string? after, int limit, CancellationToken ct)
    {
        var gone = (await merges.Authors.Read(ct)).Gone.Select(Guid.Parse).ToArray();
        var where = Filter.Gt(a => a.Slug, after ?? "");
        if (gone.Length > 0) where &= Filter.Nin(a => a.Id, gone);
        return await _documents.Collection.Find(where).SortBy(a => a.Slug).Limit(limit).ToListAsync(ct);
    }

    /// <exception cref="Problem">409 <c>author.slugTaken</c>.</exception>
    public Task<Author> Insert(Author author, CancellationToken ct) => Unique(() => _documents.Insert(author, [author.Told()], ct));

    /// <exception cref="Problem">409 <c>author.slugTaken</c>; 412: somebody else changed it meanwhile.</exception>
    public Task<Author> Save(Author author, CancellationToken ct) =>
        Unique(async () => await _documents.Save(author, [author.Told()], ct) ? author : throw Problem.Stale("author"));

    /// <summary>Makes one author of two, in one write: from then on the first one's slugs lead to the other.</summary>
    /// <returns>The other, with those slugs.</returns>
    public async Task<Author> Merge(Author gone, Author into, CancellationToken ct)
    {
        var target = into with { Merged = [.. into.Merged, .. gone.AllSlugs()] };
        await merges.Authors.Change(m => (m.With(Key(gone.Id), Key(into.Id), name: null, "author"), [gone.Told(deleted: true, into.Slug), target.Told()]), ct);
        return target;
    }

    /// <summary>Deletes an author, with those who were merged into it. The world is told first: told in vain it forgets a page that it can ask for again.</summary>
    /// <exception cref="Problem">412: somebody else changed it meanwhile.</exception>
    public async Task Delete(Author author, CancellationToken ct)
    {
        var told = await merges.Authors.Change(m => (m with { Version = m.Version + 1 }, [author.Told(deleted: true)]), ct);
        if ((await _documents.Collection.DeleteOneAsync(a => a.Id == author.Id && a.Version == author.Version, ct)).DeletedCount == 0) throw Problem.Stale("author");
        Guid[] merged = [.. Into(author.Id, told)];
        if (merged.Length == 0) return;
        await _documents.Collection.DeleteManyAsync(Filter.In(a => a.Id, merged), ct);
        await merges.Authors.Change(m => (m.Without(Key(author.Id)), [author.Told(deleted: true)]), ct);
    }

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _documents.CreateOutboxIndex(ct);
        // Authors of the time when slugs never changed.
        await _documents.Collection.UpdateManyAsync(Filter.Exists("slugs", exists: false), Builders<Author>.Update.Pipeline(
            PipelineDefinition<Author, Author>.Create(new BsonDocument("$set", new BsonDocument("slugs", new BsonArray { "$slug" })))), cancellationToken: ct);
        await _documents.Collection.Indexes.CreateManyAsync(
        [
            // The list.
            new(Builders<Author>.IndexKeys.Ascending(a => a.Slug), new CreateIndexOptions { Name = "slug", Unique = true }),
            // One author, those of an article, by current slug or former; and no slug belongs to two.
            new(Builders<Author>.IndexKeys.Ascending(a => a.Slugs), new CreateIndexOptions { Name = "slugs", Unique = true }),
        ], ct);
    }

    private static string Key(Guid id) => id.ToString();

    private static Guid Current(Author author, Merges merged) => Guid.Parse(merged.Current(Key(author.Id)));

    private static IEnumerable<Guid> Into(Guid id, Merges merged) => merged.Into(Key(id)).Select(Guid.Parse);

    private static async Task<Author> Unique(Func<Task<Author>> write)
    {
        try
        {
            return await write();
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
        {
            throw SlugTaken();
        }
    }

    public static Problem SlugTaken() => Problem.Conflict("author.slugTaken", "Another author has, or had, this slug.");
}
