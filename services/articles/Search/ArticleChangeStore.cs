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

    /// <summary>Articles of every status as the index needs them, in the order of their ids, behind the given one.</summary>
    /// <remarks>Asked for by id alone: not every engine walks an index in its order once a second condition has an index too, and each page would sort the archive.</remarks>
    public Task<List<Article>> Page(Guid behind, int limit, CancellationToken ct) => Read(Filter.Gt(a => a.Id, behind)).SortBy(a => a.Id).Limit(limit).ToListAsync(ct);

    /// <summary>Those of the articles that are published.</summary>
    public Task<List<Article>> Published(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        Read(Filter.In(a => a.Id, ids) & Filter.Eq(a => a.Status, ArticleStatus.Published)).ToListAsync(ct);

    /// <summary>The version of every article and whether that is published, in the order of the ids; by id alone, as <see cref="Page"/>.</summary>
    public Task<List<ArticleVersion>> Versions(Guid behind, int limit, CancellationToken ct) =>
        _articles.Find(Filter.Gt(a => a.Id, behind)).SortBy(a => a.Id).Limit(limit).Project(a => new ArticleVersion(a.Id, a.Version, a.Status)).ToListAsync(ct);

    public Task<long> CountPublished(CancellationToken ct) => _articles.CountDocumentsAsync(Filter.Eq(a => a.Status, ArticleStatus.Published), cancellationToken: ct);

    public Task CreateIndexes(CancellationToken ct) => _articles.Indexes.CreateOneAsync(
        // What changed since the index looked last; asked four times a second.
        new CreateIndexModel<Article>(Builders<Article>.IndexKeys.Ascending(a => a.ChangedAt).Ascending(a => a.Id), new CreateIndexOptions { Name = "changed" }), cancellationToken: ct);

    /// <summary>The HTML is not indexed, and is half of an article.</summary>
    private IFindFluent<Article, Article> Read(FilterDefinition<Article> where) => _articles.Find(where).Project<Article>(Builders<Article>.Projection.Exclude(a => a.Content.Body));
}

/// <summary>An article, without what is in it.</summary>
public sealed record ArticleVersion(Guid Id, long Version, ArticleStatus Status);
