using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

/// <summary>Our small copy of the articles, fed by messages.</summary>
public sealed class KnownArticleStore(IMongoDatabase database)
{
    private readonly IMongoCollection<KnownArticle> _articles = database.GetCollection<KnownArticle>("articles");

    public async Task<KnownArticle?> Find(Guid id, CancellationToken ct) => await _articles.Find(a => a.Id == id).FirstOrDefaultAsync(ct);

    public Task<List<KnownArticle>> Find(IEnumerable<Guid> ids, CancellationToken ct) => _articles.Find(Builders<KnownArticle>.Filter.In(a => a.Id, ids)).ToListAsync(ct);

    /// <summary>Keeps the newest version, in whatever order messages come. What is withdrawn stays so.</summary>
    public async Task Remember(KnownArticle article, CancellationToken ct)
    {
        var older = article.Withdrawn
            ? Builders<KnownArticle>.Filter.Where(a => a.Id == article.Id && !a.Withdrawn)
            : Builders<KnownArticle>.Filter.Where(a => a.Id == article.Id && !a.Withdrawn && a.Version < article.Version);
        await Upserts.Guarded(() => _articles.ReplaceOneAsync(older, article, new ReplaceOptions { IsUpsert = true }, ct));
    }
}
