using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Past versions of articles: each is kept right before the next one takes its place, so that revisions and article together are the whole history.</summary>
public sealed class RevisionStore(IMongoDatabase database)
{
    private readonly IMongoCollection<Revision> _revisions = database.GetCollection<Revision>("revisions");

    /// <param name="Id">Article and version, such as <c>0190…/000000003</c>: all revisions of an article lie side by side in the index of ids, in order.</param>
    private sealed record Revision([property: BsonId] string Id, Article Article);

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
        var key = Key(id, version);
        return (await _revisions.Find(r => r.Id == key).FirstOrDefaultAsync(ct))?.Article;
    }

    /// <summary>Deletes all revisions of an article that was deleted.</summary>
    public Task Forget(Guid id, CancellationToken ct)
    {
        var (first, last) = (Key(id, 0), Key(id, 999_999_999));
        return _revisions.DeleteManyAsync(Builders<Revision>.Filter.Gte(r => r.Id, first) & Builders<Revision>.Filter.Lte(r => r.Id, last), ct);
    }

    private static string Key(Guid id, long version) => FormattableString.Invariant($"{id}/{version:D9}");
}
