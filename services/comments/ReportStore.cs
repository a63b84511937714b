using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Comments;

public enum ReportReason { Spam, Abuse, Illegal, Other }

/// <summary>What readers complain of: one document for each comment and reader.</summary>
public sealed class ReportStore(IMongoDatabase database)
{
    /// <summary>A moderator is shown so many of one comment's.</summary>
    public const int Shown = 50;

    private readonly IMongoCollection<Report> _reports = database.GetCollection<Report>("reports");

    /// <param name="Id">Comment and reader.</param>
    public sealed record Report([property: BsonId] byte[] Id, Guid CommentId, ReportReason Reason, string? Note, DateTimeOffset At);

    // Counts of a comment since a time; what moderators see of it.
    public Task CreateIndexes(CancellationToken ct) => _reports.Indexes.CreateOneAsync(
        new CreateIndexModel<Report>(Builders<Report>.IndexKeys.Ascending(r => r.CommentId).Ascending(r => r.At), new CreateIndexOptions { Name = "comment" }), cancellationToken: ct);

    /// <summary>Takes a report in, once for each reader; where he has reported the comment already, that stays as it was.</summary>
    public async Task Add(Guid commentId, byte[] reader, ReportReason reason, string? note, DateTimeOffset now, CancellationToken ct)
    {
        try { await _reports.InsertOneAsync(new([.. commentId.ToByteArray(bigEndian: true), .. reader], commentId, reason, note, now), cancellationToken: ct); }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }
    }

    /// <summary>How many readers have reported the comment after this time.</summary>
    public Task<long> Count(Guid commentId, DateTimeOffset after, CancellationToken ct) => _reports.CountDocumentsAsync(r => r.CommentId == commentId && r.At > after, cancellationToken: ct);

    /// <summary>A comment's reports, newest first; at most <see cref="Shown"/>.</summary>
    public async Task<IReadOnlyList<ReportView>> Of(Guid commentId, CancellationToken ct) =>
        [.. (await _reports.Find(r => r.CommentId == commentId && r.At > DateTimeOffset.MinValue).SortByDescending(r => r.At).Limit(Shown).ToListAsync(ct)).Select(r => new ReportView(r.Reason, r.Note, r.At))];
}
