using MongoDB.Driver;

namespace Platform.Articles;

/// <summary>Keeps what <see cref="Audit"/> records.</summary>
public sealed class AuditStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<AuditEntry> Where = Builders<AuditEntry>.Filter;
    private readonly IMongoCollection<AuditEntry> _entries = database.GetCollection<AuditEntry>("audit");

    public Task Insert(AuditEntry entry, CancellationToken ct) => _entries.InsertOneAsync(entry, cancellationToken: ct);

    public Task Confirm(Guid id, AuditSubject subject, CancellationToken ct) =>
        _entries.UpdateOneAsync(e => e.Id == id, Builders<AuditEntry>.Update.Set(e => e.Done, true).Set(e => e.Subject, subject), cancellationToken: ct);

    public Task TakeBack(Guid id, CancellationToken ct) => _entries.DeleteOneAsync(e => e.Id == id && !e.Done, ct);

    /// <summary>Newest first.</summary>
    public Task<List<AuditEntry>> List(LogFilter filter, int limit, CancellationToken ct)
    {
        // Not every engine takes the order from an index of which no part is asked for; so all times are.
        var all = filter == new LogFilter() ? Where.Gt(e => e.At, DateTimeOffset.UnixEpoch) : Where.Empty;
        if (filter.Article is { } id) all &= Where.Eq(e => e.Subject.Id, id.ToString()) & Where.Eq(e => e.Subject.Kind, "article");
        if (filter.User is { } user) all &= Where.Eq(e => e.By, user);
        if (filter.Action is { } action) all &= Where.Eq(e => e.Action, action);
        if (filter.From is { } from) all &= Where.Gte(e => e.At, from);
        if (filter.To is { } to) all &= Where.Lt(e => e.At, to);
        if (filter.After is var (at, key))
        {
            var last = Guid.Parse(key.AsSpan(0, 36));
            all &= Where.Lte(e => e.At, at) & (Where.Lt(e => e.At, at) | Where.Lt(e => e.Id, last));
        }
        return _entries.Find(all).SortByDescending(e => e.At).ThenByDescending(e => e.Id).Limit(limit).ToListAsync(ct);
    }

    public Task CreateIndexes(CancellationToken ct)
    {
        var keys = Builders<AuditEntry>.IndexKeys;
        return _entries.Indexes.CreateManyAsync(
        [
            // The log, newest first, or of a time.
            new(keys.Descending(e => e.At).Descending(e => e.Id), new CreateIndexOptions { Name = "log" }),
            // The log of what one person did.
            new(keys.Ascending(e => e.By).Descending(e => e.At).Descending(e => e.Id), new CreateIndexOptions { Name = "log_user" }),
            // The log of one kind of deed, of which there may be few.
            new(keys.Ascending(e => e.Action).Descending(e => e.At).Descending(e => e.Id), new CreateIndexOptions { Name = "log_action" }),
            // The log of one article.
            new(keys.Ascending(e => e.Subject.Id).Descending(e => e.At).Descending(e => e.Id), new CreateIndexOptions { Name = "log_subject" }),
        ], ct);
    }
}
