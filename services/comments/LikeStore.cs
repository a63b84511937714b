using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>Who likes what: one document for each comment and reader. It is the truth; the comment's tally is counted from it.</summary>
public sealed class LikeStore(IMongoDatabase database)
{
    private readonly IMongoCollection<Row> _likes = database.GetCollection<Row>("likes");
    private static readonly FilterDefinitionBuilder<Row> Where = Builders<Row>.Filter;
    private static readonly UpdateDefinitionBuilder<Row> Change = Builders<Row>.Update;

    /// <param name="Id">Comment and reader.</param>
    /// <param name="Due">Written at this time and not counted yet; absent once it is.</param>
    public sealed record Row([property: BsonId] byte[] Id, Guid CommentId, bool Liked, [property: BsonIgnoreIfNull] DateTimeOffset? Due);

    public Task CreateIndexes(CancellationToken ct) => _likes.Indexes.CreateManyAsync(
    [
        // Counts of a comment.
        new(Builders<Row>.IndexKeys.Ascending(r => r.CommentId).Ascending(r => r.Liked), new CreateIndexOptions<Row> { Name = "comment" }),
        // What a crash left uncounted. Holds nothing else.
        new(Builders<Row>.IndexKeys.Ascending(r => r.Due), new CreateIndexOptions<Row> { Name = "due", PartialFilterExpression = Where.Exists(r => r.Due) }),
    ], ct);

    /// <summary>Notes that the reader likes the comment, or does no more; it is due to be counted then.</summary>
    /// <returns>The row; null where it was so already and is counted.</returns>
    public async Task<Row?> Set(Guid commentId, byte[] reader, bool liked, DateTimeOffset now, CancellationToken ct)
    {
        byte[] id = [.. commentId.ToByteArray(bigEndian: true), .. reader];
        while (true)
        {
            var there = await _likes.Find(r => r.Id == id).FirstOrDefaultAsync(ct);
            if ((there?.Liked ?? false) == liked && there?.Due is null) return null;
            var row = new Row(id, commentId, liked, now);
            try
            {
                if (there is null) await _likes.InsertOneAsync(row, cancellationToken: ct);
                else if ((await _likes.UpdateOneAsync(r => r.Id == id, Change.Set(r => r.Liked, liked).Set(r => r.Due, now), cancellationToken: ct)).MatchedCount == 0) continue;
                return row;
            }
            catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }   // the same reader twice at once: look again
        }
    }

    public Task<long> Count(Guid commentId, CancellationToken ct) => _likes.CountDocumentsAsync(r => r.CommentId == commentId && r.Liked, cancellationToken: ct);

    /// <summary>The row is counted, unless it was written again since; of one who likes no more nothing is kept.</summary>
    public Task Settle(Row row, CancellationToken ct) => row.Liked
        ? _likes.UpdateOneAsync(r => r.Id == row.Id && r.Due == row.Due && r.Liked, Change.Unset(r => r.Due), cancellationToken: ct)
        : _likes.DeleteOneAsync(r => r.Id == row.Id && r.Due == row.Due && !r.Liked, ct);

    /// <summary>Rows that nobody has counted since, oldest first.</summary>
    /// <remarks>$exists is said although $lt implies it: only then does the local engine use the partial index.</remarks>
    public Task<List<Row>> FindDue(DateTimeOffset before, int limit, CancellationToken ct) =>
        _likes.Find(Where.Exists(r => r.Due) & Where.Lt(r => r.Due, before)).SortBy(r => r.Due).Limit(limit).ToListAsync(ct);
}
