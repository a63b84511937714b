using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>The moderation log: lines are added and never changed.</summary>
public sealed class LogStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<ActionTaken> Where = Builders<ActionTaken>.Filter;
    private readonly IMongoCollection<ActionTaken> _lines = database.GetCollection<ActionTaken>("log");

    public Task CreateIndexes(CancellationToken ct)
    {
        var keys = Builders<ActionTaken>.IndexKeys;
        return _lines.Indexes.CreateManyAsync(
        [
            // The whole log, newest first.
            new(keys.Descending(l => l.At).Descending(l => l.Id), new CreateIndexOptions { Name = "log" }),
            // What was done to one comment, thread, ban or trial.
            new(keys.Ascending(l => l.Subject).Descending(l => l.At).Descending(l => l.Id), new CreateIndexOptions { Name = "log_subject" }),
            // What one moderator did.
            new(keys.Ascending(l => l.By).Descending(l => l.At).Descending(l => l.Id), new CreateIndexOptions { Name = "log_by" }),
        ], ct);
    }

    /// <summary>Adds the line; one that is there already stays.</summary>
    public async Task Keep(ActionTaken line, CancellationToken ct)
    {
        try { await _lines.InsertOneAsync(line, cancellationToken: ct); }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }
    }

    /// <summary>Adds lines at once that their outboxes bring anyhow, so that who did something finds it in the log; where that fails it is left to them.</summary>
    public async Task Hasten(IReadOnlyCollection<ActionTaken> lines, CancellationToken ct)
    {
        if (lines.Count == 0) return;
        try { await _lines.InsertManyAsync(lines, new InsertManyOptions { IsOrdered = false }, ct); }
        catch (Exception e) when (StoreFailure.IsDuplicateKey(e) || StoreFailure.IsTransient(e) || e is OperationCanceledException) { }
    }

    /// <summary>Lines, newest first.</summary>
    public Task<List<ActionTaken>> List(Guid? subject, Guid? by, Position after, int limit, CancellationToken ct)
    {
        var (at, id) = (after.CreatedAt, after.Id);
        // Times are asked for in any case: so every engine walks an index in order.
        var filter = Where.Lte(l => l.At, at) & (Where.Lt(l => l.At, at) | Where.Lt(l => l.Id, id));
        if (subject is { } one) filter &= Where.Eq(l => l.Subject, one);
        if (by is { } who) filter &= Where.Eq(l => l.By, who);
        return _lines.Find(filter).SortByDescending(l => l.At).ThenByDescending(l => l.Id).Limit(limit).ToListAsync(ct);
    }
}
