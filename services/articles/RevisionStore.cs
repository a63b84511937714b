using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>A version of an article in one line: who made it, when, and what was done.</summary>
/// <param name="Corrections">Up to then; the last one is this version's where it is a correction.</param>
/// <param name="Reason">The last one given up to then; this version's where it returned or withdrew.</param>
public sealed record RevisionLine(Guid ArticleId, long Version, RevisionAction Action, DateTimeOffset At, Guid By, string? ByName, ArticleStatus Status, string Title,
    DateTimeOffset? PublishAt, long? RestoredFrom, string? Reason, IReadOnlyList<Correction> Corrections)
{
    public RevisionLine(Article a) : this(a.Id, a.Version, a.Action, a.UpdatedAt, a.UpdatedBy, a.UpdatedByName, a.Status, a.Content.Title, a.PublishAt, a.RestoredFrom, a.Reason, a.Corrections) { }
}

/// <param name="Article">As it was; without what was written where it is forgotten, since the article was deleted.</param>
public sealed record KeptRevision(string Key, Article Article, bool Forgotten);

/// <summary>
/// Past versions of articles: each is kept right before the next one takes its place, so that revisions and article together are the whole history.
/// Who did what when follows from both, hence it cannot be lost or differ.
/// </summary>
public sealed class RevisionStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<Revision> Where = Builders<Revision>.Filter;
    private static readonly FilterDefinitionBuilder<Article> WhereArticle = Builders<Article>.Filter;
    private readonly IMongoCollection<Revision> _revisions = database.GetCollection<Revision>("revisions");
    private readonly IMongoCollection<Article> _articles = database.GetCollection<Article>(ArticleStore.Collection);

    /// <param name="Id">Article and version, such as <c>0190…/000000003</c>: all revisions of an article lie side by side in the index of ids, in order.</param>
    /// <param name="Forgotten">The article was deleted: only who did what when is left.</param>
    private sealed record Revision([property: BsonId] string Id, Article Article, bool Forgotten = false);

    /// <summary>Keeps the article as it is. Whoever replaces the same version writes the same revision: the first one stays.</summary>
    public async Task Keep(Article article, CancellationToken ct)
    {
        try
        {
            await _revisions.InsertOneAsync(new Revision(Key(article.Id, article.Version), article), cancellationToken: ct);
        }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }
    }

    /// <summary>The article as it was at a version that is past.</summary>
    public async Task<Article?> Find(Guid id, long version, CancellationToken ct)
    {
        if (version is < 1 or > MaxVersion) return null;
        var key = Key(id, version);
        return (await _revisions.Find(r => r.Id == key && !r.Forgotten).FirstOrDefaultAsync(ct))?.Article;
    }

    /// <summary>An article's versions before this one, newest first.</summary>
    public Task<List<RevisionLine>> Before(Guid id, long version, int limit, CancellationToken ct) =>
        Lines(Where.Gte(r => r.Id, Key(id, 0)) & Where.Lt(r => r.Id, Key(id, version))).SortByDescending(r => r.Id).Limit(limit).Project(Line).ToListAsync(ct);

    /// <summary>Past versions of all articles in the order of their keys, behind one key and up to another, as <see cref="Behind"/> gives them.</summary>
    public async Task<IReadOnlyList<KeptRevision>> Between(string behind, string upTo, int limit, CancellationToken ct) =>
        [.. (await Lines(Where.Gt(r => r.Id, behind) & Where.Lt(r => r.Id, upTo)).SortBy(r => r.Id).Limit(limit).ToListAsync(ct)).Select(r => new KeptRevision(r.Id, r.Article, r.Forgotten))];

    /// <summary>What was done to any article, or to one, newest first.</summary>
    /// <remarks>Current versions are read first: one that becomes a past one meanwhile is then read twice, and not missed.</remarks>
    public async Task<IReadOnlyList<RevisionLine>> History(LogFilter filter, int limit, CancellationToken ct)
    {
        var sort = Builders<Article>.Sort.Descending(a => a.UpdatedAt).Descending(a => a.Id);
        var current = await _articles.Find(Current(filter)).Sort(sort).Limit(limit).Project(a => new RevisionLine(a.Id, a.Version, a.Action, a.UpdatedAt, a.UpdatedBy, a.UpdatedByName, a.Status, a.Content.Title,
            a.PublishAt, a.RestoredFrom, a.Reason, a.Corrections)).ToListAsync(ct);
        var past = await Lines(Past(filter)).SortByDescending(r => r.Article.UpdatedAt).ThenByDescending(r => r.Id).Limit(limit).Project(Line).ToListAsync(ct);
        return [.. current.Concat(past).DistinctBy(l => (l.ArticleId, l.Version))];
    }

    /// <summary>Forgets what was written in an article that is deleted; who did what when stays.</summary>
    public Task Forget(Guid id, CancellationToken ct) => _revisions.UpdateManyAsync(Where.Gte(r => r.Id, Key(id, 0)) & Where.Lte(r => r.Id, Key(id, MaxVersion)),
        Builders<Revision>.Update.Set(r => r.Forgotten, true).Set(r => r.Article.Content.Body, "").Set(r => r.Article.Content.Text, "").Set(r => r.Article.Content.Summary, ""), cancellationToken: ct);

    public async Task CreateIndexes(CancellationToken ct)
    {
        var past = Builders<Revision>.IndexKeys;
        await _revisions.Indexes.CreateManyAsync(
        [
            // The log of all articles, newest first, or of a time.
            new(past.Descending(r => r.Article.UpdatedAt).Descending(r => r.Id), new CreateIndexOptions { Name = "log" }),
            // The log of what one person did.
            new(past.Ascending(r => r.Article.UpdatedBy).Descending(r => r.Article.UpdatedAt).Descending(r => r.Id), new CreateIndexOptions { Name = "log_user" }),
            // The log of one kind of change, of which there may be few.
            new(past.Ascending(r => r.Article.Action).Descending(r => r.Article.UpdatedAt).Descending(r => r.Id), new CreateIndexOptions { Name = "log_action" }),
        ], ct);
        var current = Builders<Article>.IndexKeys;
        await _articles.Indexes.CreateManyAsync(
        [
            // As above, for the versions that are current.
            new(current.Descending(a => a.UpdatedAt).Descending(a => a.Id), new CreateIndexOptions { Name = "log" }),
            new(current.Ascending(a => a.UpdatedBy).Descending(a => a.UpdatedAt).Descending(a => a.Id), new CreateIndexOptions { Name = "log_user" }),
            new(current.Ascending(a => a.Action).Descending(a => a.UpdatedAt).Descending(a => a.Id), new CreateIndexOptions { Name = "log_action" }),
        ], ct);
    }

    internal const long MaxVersion = 999_999_999;

    /// <summary>A key behind all versions of an article, and one behind those of all articles.</summary>
    internal static string Behind(Guid id) => $"{id}/:";   // ':' follows '9'
    internal const string Last = "~";

    internal static string Key(Guid id, long version) => FormattableString.Invariant($"{id}/{version:D9}");

    private static System.Linq.Expressions.Expression<Func<Revision, RevisionLine>> Line => r => new RevisionLine(r.Article.Id, r.Article.Version, r.Article.Action, r.Article.UpdatedAt, r.Article.UpdatedBy,
        r.Article.UpdatedByName, r.Article.Status, r.Article.Content.Title, r.Article.PublishAt, r.Article.RestoredFrom, r.Article.Reason, r.Article.Corrections);

    private IFindFluent<Revision, Revision> Lines(FilterDefinition<Revision> filter) => _revisions.Find(filter);

    /// <summary>Whether nothing is left out. Not every engine takes the order from an index of which no part is asked for; so all times are.</summary>
    private static bool Always(LogFilter filter) => filter == new LogFilter();

    private static FilterDefinition<Article> Current(LogFilter filter)
    {
        var all = Always(filter) ? WhereArticle.Gt(a => a.UpdatedAt, DateTimeOffset.UnixEpoch) : WhereArticle.Empty;
        if (filter.Article is { } id) all &= WhereArticle.Eq(a => a.Id, id);
        if (filter.User is { } user) all &= WhereArticle.Eq(a => a.UpdatedBy, user);
        if (filter.Revision is { } action) all &= WhereArticle.Eq(a => a.Action, action);
        if (filter.From is { } from) all &= WhereArticle.Gte(a => a.UpdatedAt, from);
        if (filter.To is { } to) all &= WhereArticle.Lt(a => a.UpdatedAt, to);
        if (filter.After is not var (at, key)) return all;
        var article = Guid.Parse(key.AsSpan(0, 36));
        return all & WhereArticle.Lte(a => a.UpdatedAt, at) & (WhereArticle.Lt(a => a.UpdatedAt, at) | WhereArticle.Lt(a => a.Id, article));
    }

    private static FilterDefinition<Revision> Past(LogFilter filter)
    {
        var all = Always(filter) ? Where.Gt(r => r.Article.UpdatedAt, DateTimeOffset.UnixEpoch) : Where.Empty;
        if (filter.Article is { } id) all &= Where.Gte(r => r.Id, Key(id, 0)) & Where.Lte(r => r.Id, Key(id, MaxVersion));
        if (filter.User is { } user) all &= Where.Eq(r => r.Article.UpdatedBy, user);
        if (filter.Revision is { } action) all &= Where.Eq(r => r.Article.Action, action);
        if (filter.From is { } from) all &= Where.Gte(r => r.Article.UpdatedAt, from);
        if (filter.To is { } to) all &= Where.Lt(r => r.Article.UpdatedAt, to);
        if (filter.After is not var (at, key)) return all;
        return all & Where.Lte(r => r.Article.UpdatedAt, at) & (Where.Lt(r => r.Article.UpdatedAt, at) | Where.Lt(r => r.Id, key));
    }
}
