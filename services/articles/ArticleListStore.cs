using System.Globalization;
using System.Linq.Expressions;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Which articles a list shows; null does not restrict.</summary>
/// <param name="CreatedBy">Only this writer's.</param>
/// <param name="Categories">In one of these.</param>
/// <param name="TagKeys">With one of these tags, in comparison form.</param>
/// <param name="Authors">By one of these authors.</param>
/// <param name="From">Published then or later.</param>
/// <param name="To">Published before.</param>
public sealed record ArticleFilter(ArticleStatus Status, Guid? CreatedBy = null, string? Language = null, IReadOnlyList<string>? Categories = null, IReadOnlyList<string>? TagKeys = null, IReadOnlyList<string>? Authors = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    /// <summary>Published ones go by their time, the others, which have none, by that of their creation (which their ids tell).</summary>
    public bool ByTime => Status == ArticleStatus.Published;

    /// <summary>The sort key of an article in this list, as a cursor holds it.</summary>
    public string[] Key(Article article) => ByTime
        ? [Status.ToString(), article.PublishedAt!.Value.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), article.Id.ToString()]
        : [Status.ToString(), article.Id.ToString()];
}

/// <summary>Lists of articles, newest first, by cursor.</summary>
public sealed class ArticleListStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<Article> Filter = Builders<Article>.Filter;
    private readonly IMongoCollection<Article> _articles = database.GetCollection<Article>(ArticleStore.Collection);

    /// <param name="cursor">What <see cref="ArticleFilter.Key"/> gave for the last article of the page before, or null.</param>
    /// <exception cref="Problem">400 where the cursor is another list's.</exception>
    public Task<List<Article>> List(ArticleFilter filter, IReadOnlyList<string>? cursor, int limit, CancellationToken ct)
    {
        var where = Where(filter);
        if (cursor is not null) where &= After(filter, cursor);
        var sort = Builders<Article>.Sort;
        return _articles.Find(where, new FindOptions { Hint = Hint(filter) }).Sort(filter.ByTime ? sort.Descending(a => a.PublishedAt).Descending(a => a.Id) : sort.Descending(a => a.Id)).Limit(limit).ToListAsync(ct);
    }

    /// <summary>What <see cref="Features.RelatedArticles"/> weighs, without the texts: the newest published articles of the language in one of the categories.</summary>
    public Task<List<RelatedCandidate>> Candidates(Article article, int limit, CancellationToken ct) => article.Content.Categories.Count == 0
        ? Task.FromResult(new List<RelatedCandidate>())
        : _articles.Find(Where(new ArticleFilter(ArticleStatus.Published, Language: article.Content.Language, Categories: article.Content.Categories)) & Filter.Ne(a => a.Id, article.Id))
            .SortByDescending(a => a.PublishedAt).ThenByDescending(a => a.Id).Limit(limit)
            .Project(a => new RelatedCandidate(a.Id, a.PublishedAt!.Value, a.Content.Categories, a.Content.TagKeys)).ToListAsync(ct);

    /// <summary>Those of the articles that are published, in the order of the ids.</summary>
    public Task<IReadOnlyList<Article>> Published(IReadOnlyList<Guid> ids, CancellationToken ct) => Published(ids, withTexts: true, ct);

    /// <summary>As <see cref="Published(IReadOnlyList{Guid}, CancellationToken)"/>, with empty bodies and texts.</summary>
    public async Task<IReadOnlyList<Article>> PublishedCards(IReadOnlyList<Guid> ids, CancellationToken ct) =>
        [.. (await Published(ids, withTexts: false, ct)).Select(a => a with { Content = a.Content with { Body = "", Text = "" } })];

    private async Task<IReadOnlyList<Article>> Published(IReadOnlyList<Guid> ids, bool withTexts, CancellationToken ct)
    {
        if (ids.Count == 0) return [];
        var asked = _articles.Find(Filter.In(a => a.Id, ids) & Filter.Eq(a => a.Status, ArticleStatus.Published));
        if (!withTexts) asked = asked.Project<Article>(Builders<Article>.Projection.Exclude(a => a.Content.Body).Exclude(a => a.Content.Text));
        var found = (await asked.ToListAsync(ct)).ToDictionary(a => a.Id);
        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    /// <summary>When the newest article published before the time (of all, without one) was published; null where there is none.</summary>
    public async Task<DateTimeOffset?> NewestBefore(DateTimeOffset? time, CancellationToken ct) =>
        (await _articles.Find(Where(new ArticleFilter(ArticleStatus.Published, To: time))).SortByDescending(a => a.PublishedAt).ThenByDescending(a => a.Id).Limit(1).Project(a => new { a.PublishedAt }).FirstOrDefaultAsync(ct))?.PublishedAt;

    /// <summary>Where articles are and when they changed, without anything that is in them but the title.</summary>
    public async Task<IReadOnlyList<ArticleAddress>> Addresses(ArticleFilter filter, int limit, CancellationToken ct) =>
        await _articles.Find(Where(filter)).SortByDescending(a => a.PublishedAt).ThenByDescending(a => a.Id).Limit(limit)
            .Project(a => new ArticleAddress(a.Content.Language, a.Slug, a.Content.Title, a.PublishedAt!.Value, a.UpdatedAt)).ToListAsync(ct);

    /// <summary>Articles in every status, in the order of their ids, behind the given one.</summary>
    public Task<List<Article>> All(Guid behind, int limit, CancellationToken ct) => _articles.Find(Filter.Gt(a => a.Id, behind)).SortBy(a => a.Id).Limit(limit).ToListAsync(ct);

    /// <remarks>
    /// What readers list is in the partial indexes that hold published articles only, in the order of the list; a page reads that page and little more,
    /// also where two filters meet, since language, the usual second one, leaves half and not a thousandth.
    /// </remarks>
    public Task CreateIndexes(CancellationToken ct)
    {
        var keys = Builders<Article>.IndexKeys;
        return _articles.Indexes.CreateManyAsync(
        [
            // The front page of a language, its feeds.
            Published("language_newest", keys.Ascending(a => a.Content.Language)),
            // All languages; a time span; sitemaps.
            Published("newest", null),
            // A tag's page.
            Published("tag_newest", keys.Ascending(a => a.Content.TagKeys)),
            // A category's page, related articles; and whether a category is in use, by articles of any status.
            new(keys.Ascending(a => a.Content.Categories).Ascending(a => a.Status).Descending(a => a.PublishedAt).Descending(a => a.Id), new CreateIndexOptions { Name = "category_newest" }),
            // An author's page; and whether an author is in use.
            new(keys.Ascending(a => a.Content.Authors).Ascending(a => a.Status).Descending(a => a.PublishedAt).Descending(a => a.Id), new CreateIndexOptions { Name = "author_newest" }),
            // The newsroom: what is in a status.
            new(keys.Ascending(a => a.Status).Descending(a => a.Id), new CreateIndexOptions { Name = "status" }),
            // The newsroom: a writer's own.
            new(keys.Ascending(a => a.CreatedBy).Ascending(a => a.Status).Descending(a => a.Id), new CreateIndexOptions { Name = "writer" }),
        ], ct);

        CreateIndexModel<Article> Published(string name, IndexKeysDefinition<Article>? first) =>
            new(keys.Combine([.. first is null ? Array.Empty<IndexKeysDefinition<Article>>() : [first], keys.Descending(a => a.PublishedAt), keys.Descending(a => a.Id)]),
                new CreateIndexOptions<Article> { Name = name, PartialFilterExpression = Filter.Eq(a => a.Status, ArticleStatus.Published) });
    }

    private static FilterDefinition<Article> Where(ArticleFilter filter)
    {
        var all = Filter.Eq(a => a.Status, filter.Status);
        if (filter.CreatedBy is { } writer) all &= Filter.Eq(a => a.CreatedBy, writer);
        if (filter.Language is { } language) all &= Filter.Eq(a => a.Content.Language, language);
        if (filter.Categories is { } categories) all &= One(a => a.Content.Categories, categories);
        if (filter.TagKeys is { } tags) all &= One(a => a.Content.TagKeys, tags);
        if (filter.Authors is { } authors) all &= One(a => a.Content.Authors, authors);
        // Not every engine takes the order of all that is published from its index unless it is asked for times, which all of them have.
        if (filter is { ByTime: true, Language: null, Categories: null, TagKeys: null, Authors: null, From: null, To: null }) all &= Filter.Gt(a => a.PublishedAt, DateTimeOffset.UnixEpoch);
        if (filter.From is { } from) all &= Filter.Gte(a => a.PublishedAt, from);
        if (filter.To is { } to) all &= Filter.Lt(a => a.PublishedAt, to);
        return all;
    }

    /// <remarks>An engine that may also walk the range of ids by their own index takes both together, and sorts all that is in the status.</remarks>
    private static string? Hint(ArticleFilter filter) => filter switch
    {
        { ByTime: true } or { Categories: not null } or { TagKeys: not null } or { Authors: not null } => null,
        { CreatedBy: not null } => "writer",
        _ => "status",
    };

    /// <summary>A single name is asked for as such: then the index gives the articles in the order of the list. Several (a category with children, one that was renamed) are walked side by side.</summary>
    private static FilterDefinition<Article> One(Expression<Func<Article, IEnumerable<string>>> field, IReadOnlyList<string> names) =>
        names is [var only] ? Filter.AnyEq(field, only) : Filter.AnyIn(field, names);

    private static FilterDefinition<Article> After(ArticleFilter filter, IReadOnlyList<string> cursor)
    {
        if (cursor.Count != (filter.ByTime ? 3 : 2) || cursor[0] != filter.Status.ToString()) throw Cursors.Foreign();
        var id = Guid.Parse(cursor[^1]);
        if (!filter.ByTime) return Filter.Lt(a => a.Id, id);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(cursor[1], CultureInfo.InvariantCulture));
        // The first part bounds the walk of the index, the second one is exact.
        return Filter.Lte(a => a.PublishedAt, time) & (Filter.Lt(a => a.PublishedAt, time) | Filter.Lt(a => a.Id, id));
    }
}

/// <summary>What is known of an article when others are compared with it.</summary>
public sealed record RelatedCandidate(Guid Id, DateTimeOffset PublishedAt, IReadOnlyList<string> Categories, IReadOnlyList<string> TagKeys);

/// <summary>Where an article is, for sitemaps.</summary>
public sealed record ArticleAddress(string Language, string Slug, string Title, DateTimeOffset PublishedAt, DateTimeOffset UpdatedAt);
