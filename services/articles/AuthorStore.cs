using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Keeps the authors.</summary>
public sealed class AuthorStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    private readonly DocumentStore<Author> _documents = new(database, "authors", relay, clock);

    public async Task<Author> Get(string slug, CancellationToken ct) =>
        await _documents.Collection.Find(a => a.Slug == slug).FirstOrDefaultAsync(ct) ?? throw Problem.NotFound("author");

    /// <summary>Those of the authors that exist, by slug; one read, none where no slug is given.</summary>
    public async Task<IReadOnlyDictionary<string, Author>> Find(IReadOnlyCollection<string> slugs, CancellationToken ct) => slugs.Count == 0
        ? new Dictionary<string, Author>()
        : (await _documents.Collection.Find(Builders<Author>.Filter.In(a => a.Slug, slugs)).ToListAsync(ct)).ToDictionary(a => a.Slug);

    /// <summary>By slug.</summary>
    public Task<List<Author>> List(string? after, int limit, CancellationToken ct) =>
        _documents.Collection.Find(after is null ? Builders<Author>.Filter.Empty : Builders<Author>.Filter.Gt(a => a.Slug, after)).SortBy(a => a.Slug).Limit(limit).ToListAsync(ct);

    /// <exception cref="Problem">409 <c>author.slugTaken</c>.</exception>
    public async Task<Author> Insert(Author author, CancellationToken ct)
    {
        try
        {
            return await _documents.Insert(author, [], ct);
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e))
        {
            throw Problem.Conflict("author.slugTaken", "Another author has this slug.");
        }
    }

    /// <exception cref="Problem">412: somebody else changed it meanwhile.</exception>
    public async Task<Author> Save(Author author, CancellationToken ct) => await _documents.Save(author, [], ct) ? author : throw Problem.Stale("author");

    /// <exception cref="Problem">412: somebody else changed it meanwhile.</exception>
    public async Task Delete(Author author, CancellationToken ct)
    {
        if ((await _documents.Collection.DeleteOneAsync(a => a.Id == author.Id && a.Version == author.Version, ct)).DeletedCount == 0) throw Problem.Stale("author");
    }

    /// <summary>by slug: one author, those of an article, the list; and no two authors have one.</summary>
    public Task CreateIndexes(CancellationToken ct) => _documents.Collection.Indexes.CreateOneAsync(
        new CreateIndexModel<Author>(Builders<Author>.IndexKeys.Ascending(a => a.Slug), new CreateIndexOptions { Name = "slug", Unique = true }), cancellationToken: ct);
}
