using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.Articles.Imports;

/// <summary>Finds articles by where they came from. Queries repeat the condition of their index: MongoDB does not conclude it from a value that is asked for.</summary>
public sealed class ImportedArticleStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<Article> Where = Builders<Article>.Filter;
    private static readonly FilterDefinition<Article> IsImported = Where.Type("import.key", BsonType.String), HasPermalinks = Where.Exists("permalinks.0");
    private readonly IMongoCollection<Article> _articles = database.GetCollection<Article>(ArticleStore.Collection);

    public async Task<Article?> Find(string key, CancellationToken ct) => await _articles.Find(Where.Eq(a => a.Import!.Key, key) & IsImported).FirstOrDefaultAsync(ct);

    /// <summary>The id alone.</summary>
    public async Task<Guid?> FindId(string key, CancellationToken ct) => (await _articles.Find(Where.Eq(a => a.Import!.Key, key) & IsImported).Project(a => new { a.Id }).FirstOrDefaultAsync(ct))?.Id;

    /// <summary>Those that had this address before, in the spelling of <see cref="Permalinks"/>: more than one where several sites were imported.</summary>
    public Task<List<Article>> FindByPermalink(string permalink, CancellationToken ct) =>
        _articles.Find(Where.AnyEq(a => a.Permalinks, permalink) & HasPermalinks).SortBy(a => a.Id).Limit(10).ToListAsync(ct);

    public Task CreateIndexes(CancellationToken ct)
    {
        var keys = Builders<Article>.IndexKeys;
        return _articles.Indexes.CreateManyAsync(
        [
            // Whether a post was imported before; and no post becomes two articles. Holds imported ones only.
            new(keys.Ascending(a => a.Import!.Key), new CreateIndexOptions<Article> { Name = "import", Unique = true, PartialFilterExpression = IsImported }),
            // Readers who come by an address of the old site. Holds imported ones only.
            new(keys.Ascending(a => a.Permalinks), new CreateIndexOptions<Article> { Name = "permalinks", PartialFilterExpression = HasPermalinks }),
        ], ct);
    }
}
