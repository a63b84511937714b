using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Articles.Media;

/// <summary>Keeps what is known of pictures; their files are <see cref="PictureFileStore"/>'s.</summary>
public sealed class PictureStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    private static readonly FilterDefinitionBuilder<Picture> Filter = Builders<Picture>.Filter;
    /// <summary>The condition of an index, which its query repeats: MongoDB does not conclude it from a value that is asked for.</summary>
    private static readonly FilterDefinition<Picture> IsImported = Filter.Exists("origins.0");

    private readonly DocumentStore<Picture> _documents = new(database, "pictures", relay, clock);

    public Task<Picture?> Find(Guid id, CancellationToken ct) => _documents.Find(id, ct);

    /// <summary>The pictures that a site had as these attachments (<see cref="Picture.Origins"/>); one read, none where no attachment is given.</summary>
    public async Task<IReadOnlyDictionary<string, Picture>> FindByOrigins(IReadOnlyCollection<string> origins, CancellationToken ct)
    {
        if (origins.Count == 0) return new Dictionary<string, Picture>();
        var found = await _documents.Collection.Find(Filter.AnyIn(p => p.Origins, origins) & IsImported).ToListAsync(ct);
        return found.SelectMany(p => p.Origins, (p, origin) => (p, origin)).Where(o => origins.Contains(o.origin)).DistinctBy(o => o.origin).ToDictionary(o => o.origin, o => o.p);
    }

    /// <exception cref="Problem">404.</exception>
    public async Task<Picture> Get(Guid id, CancellationToken ct) => await Find(id, ct) ?? throw Problem.NotFound("media");

    /// <summary>Those of the pictures that exist, by id; one read, none where no id is given.</summary>
    public async Task<IReadOnlyDictionary<Guid, Picture>> Find(IReadOnlyCollection<Guid> ids, CancellationToken ct) => ids.Count == 0
        ? new Dictionary<Guid, Picture>()
        : (await _documents.Collection.Find(Filter.In(p => p.Id, ids)).ToListAsync(ct)).ToDictionary(p => p.Id);

    /// <summary>The newest first.</summary>
    /// <param name="words">In comparison form: each begins a word of the picture's text.</param>
    /// <param name="before">Id of the last picture of the page before, or null.</param>
    public Task<List<Picture>> List(IReadOnlyList<string> words, Guid? before, int limit, CancellationToken ct)
    {
        var where = Filter.Empty;
        // A range and no regular expression: what users type is never a pattern.
        foreach (var word in words) where &= Filter.ElemMatch(p => p.Words, new MongoDB.Bson.BsonDocument { ["$gte"] = word, ["$lt"] = word + '\uffff' });
        if (before is { } id) where &= Filter.Lt(p => p.Id, id);
        return _documents.Collection.Find(where).SortByDescending(p => p.Id).Limit(limit).ToListAsync(ct);
    }

    /// <returns>The picture; or the one that an earlier run of the same upload made.</returns>
    public Task<Picture> Insert(Picture picture, CancellationToken ct) => _documents.Insert(picture, [], ct);

    /// <exception cref="Problem">412: somebody else changed it meanwhile.</exception>
    public async Task<Picture> Save(Picture picture, CancellationToken ct) => await _documents.Save(picture, [], ct) ? picture : throw Problem.Stale("media");

    /// <exception cref="Problem">412: somebody else changed it meanwhile.</exception>
    public async Task Delete(Picture picture, CancellationToken ct)
    {
        if ((await _documents.Collection.DeleteOneAsync(p => p.Id == picture.Id && p.Version == picture.Version, ct)).DeletedCount == 0) throw Problem.Stale("media");
    }

    public Task CreateIndexes(CancellationToken ct) => _documents.Collection.Indexes.CreateManyAsync(
    [
        // The newsroom's search for a picture. The list without one goes by id.
        new(Builders<Picture>.IndexKeys.Ascending(p => p.Words).Descending(p => p.Id), new CreateIndexOptions { Name = "words" }),
        // Lead images of imported articles. Holds imported pictures only.
        new(Builders<Picture>.IndexKeys.Ascending(p => p.Origins), new CreateIndexOptions<Picture> { Name = "origins", PartialFilterExpression = IsImported }),
    ], ct);
}
