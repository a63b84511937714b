using MongoDB.Driver;

namespace Platform.Articles.Search;

/// <summary>That an article changed, without its texts.</summary>
public sealed record ArticleChange(Guid Id, long Version, DateTimeOffset ChangedAt);

/// <summary>What the index reads of the store to follow it.</summary>
public sealed class ArticleChangeStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<Article> Filter = Builders<Article>.Filter;
    private readonly IMongoCollection<Article> _articles = database.GetCollection<Article>(ArticleStore.Collection);

    /// <summary>Changes since a time, the oldest first, behind the given one.</summary>
    public Task<List<ArticleChange>> Since(DateTimeOffset time, ArticleChange? behind, int limit, CancellationToken ct)
    {
        var where = Filter.Gte(a => a.ChangedAt, behind?.ChangedAt ?? time);
        if (behind is not null) where &= Filter.Gt(a => a.ChangedAt, behind.ChangedAt) | Filter.Gt(a => a.Id, behind.Id);
        return _articles.Find(where).Sort(Builders<Article>.Sort.Ascending(a => a.ChangedAt).Ascending(a => a.Id)).Limit(limit)
            .Project(a => new ArticleChange(a.Id, a.Version, a.ChangedAt!.Value)).ToListAsync(ct);
    }

    /// <summary>When the last change was; the beginning of time where there was none.</summary>
    public async Task<DateTimeOffset> Last(CancellationToken ct) =>
        (await _articles.Find(Filter.Gt(a => a.ChangedAt, DateTimeOffset.UnixEpoch)).Sort(Builders<Article>.Sort.Descending(a => a.ChangedAt)).Limit(1).Project(a => a.ChangedAt).FirstOrDefaultAsync(ct)) ?? DateTimeOffset.UnixEpoch;

    /// <summary>Published articles as the index needs them, in the order of their ids, behind the given one.</summary>
    public Task<List<Article>> Published(Guid behind, int limit, CancellationToken ct) =>
        Read(Filter.Eq(a => a.Status, ArticleStatus.Published) & Filter.Gt(a => a.Id, behind)).SortBy(a => a.Id).Limit(limit).ToListAsync(ct);

    /// <summary>Those of the articles that are published.</summary>
    public Task<List<Article>> Published(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        Read(Filter.In(a => a.Id, ids) & Filter.Eq(a => a.Status, ArticleStatus.Published)).ToListAsync(ct);

    /// <summary>Which versions are published, in the order of the ids.</summary>
    public Task<List<PublishedVersion>> Versions(Guid behind, int limit, CancellationToken ct) =>
        _articles.Find(Filter.Eq(a => a.Status, ArticleStatus.Published) & Filter.Gt(a => a.Id, behind)).SortBy(a => a.Id).Limit(limit).Project(a => new PublishedVersion(a.Id, a.Version)).ToListAsync(ct);

    public Task<long> CountPublished(CancellationToken ct) => _articles.CountDocumentsAsync(Filter.Eq(a => a.Status, ArticleStatus.Published), cancellationToken: ct);

    public Task CreateIndexes(CancellationToken ct) => _articles.Indexes.CreateOneAsync(
        // What changed since the index looked last; asked four times a second.
        new CreateIndexModel<Article>(Builders<Article>.IndexKeys.Ascending(a => a.ChangedAt).Ascending(a => a.Id), new CreateIndexOptions { Name = "changed" }), cancellationToken: ct);

    /// <summary>The HTML is not indexed, and is half of an article.</summary>
    private IFindFluent<Article, Article> Read(FilterDefinition<Article> where) => _articles.Find(where).Project<Article>(Builders<Article>.Projection.Exclude(a => a.Content.Body));
}

/// <param name="Version">Of the article as it is published.</param>
public sealed record PublishedVersion(Guid Id, long Version);
