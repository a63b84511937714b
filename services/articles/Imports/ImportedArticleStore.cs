using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.Articles.Imports;

/// <summary>Finds articles by where they came from.</summary>
public sealed class ImportedArticleStore(IMongoDatabase database)
{
    private readonly IMongoCollection<Article> _articles = database.GetCollection<Article>(ArticleStore.Collection);

    public async Task<Article?> Find(string key, CancellationToken ct) => await _articles.Find(a => a.Import!.Key == key).FirstOrDefaultAsync(ct);

    /// <summary>The id alone.</summary>
    public async Task<Guid?> FindId(string key, CancellationToken ct) => (await _articles.Find(a => a.Import!.Key == key).Project(a => new { a.Id }).FirstOrDefaultAsync(ct))?.Id;

    /// <summary>Those that had this address before, in the spelling of <see cref="Permalinks"/>: more than one where several sites were imported.</summary>
    public Task<List<Article>> FindByPermalink(string permalink, CancellationToken ct) =>
        _articles.Find(Builders<Article>.Filter.AnyEq(a => a.Permalinks, permalink)).SortBy(a => a.Id).Limit(10).ToListAsync(ct);

    public Task CreateIndexes(CancellationToken ct)
    {
        var keys = Builders<Article>.IndexKeys;
        return _articles.Indexes.CreateManyAsync(
        [
            // Whether a post was imported before; and no post becomes two articles. Holds imported ones only.
            new(keys.Ascending(a => a.Import!.Key), new CreateIndexOptions<Article> { Name = "import", Unique = true, PartialFilterExpression = Builders<Article>.Filter.Type("import.key", BsonType.String) }),
            // Readers who come by an address of the old site. Holds imported ones only.
            new(keys.Ascending(a => a.Permalinks), new CreateIndexOptions<Article> { Name = "permalinks", PartialFilterExpression = Builders<Article>.Filter.Exists("permalinks.0") }),
        ], ct);
    }
}
