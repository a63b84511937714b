using MongoDB.Driver;

namespace Platform.Articles.Media;

/// <summary>
/// Which articles show a picture. That alone decides who may see it, asked of the articles themselves each time: no flag that a crash could leave wrong.
/// </summary>
public sealed class PictureUseStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<Article> Filter = Builders<Article>.Filter;
    private readonly IMongoCollection<Article> _articles = database.GetCollection<Article>(ArticleStore.Collection);

    /// <summary>A published article that shows the picture; null where there is none, and the picture is the newsroom's alone.</summary>
    public async Task<Guid?> ShownBy(Guid picture, CancellationToken ct)
    {
        var found = await _articles.Find(Filter.AnyEq(a => a.Content.Media, picture) & Filter.Eq(a => a.Status, ArticleStatus.Published)).Limit(1).Project(a => new { a.Id }).ToListAsync(ct);
        return found is [var article] ? article.Id : null;
    }

    /// <summary>Whether an article shows it that readers see or may come to see: any that is not withdrawn.</summary>
    public Task<bool> IsUsed(Guid picture, CancellationToken ct) => _articles.Find(Filter.AnyEq(a => a.Content.Media, picture) & Filter.In(a => a.Status, Used)).Limit(1).AnyAsync(ct);

    /// <summary>media: both queries, each time a picture is asked for or deleted.</summary>
    public Task CreateIndexes(CancellationToken ct) => _articles.Indexes.CreateOneAsync(
        new CreateIndexModel<Article>(Builders<Article>.IndexKeys.Ascending(a => a.Content.Media).Ascending(a => a.Status), new CreateIndexOptions { Name = "media" }), cancellationToken: ct);

    private static readonly ArticleStatus[] Used = [.. Enum.GetValues<ArticleStatus>().Where(s => s != ArticleStatus.Withdrawn)];
}
