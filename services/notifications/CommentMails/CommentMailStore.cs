using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Notifications.CommentMails;

/// <summary>A mail to somebody who comments: the proof of an address, or replies.</summary>
/// <param name="Id">Of the message that asked for it: it is sent once, however often that comes.</param>
/// <param name="Address">Sealed under GUEST_SECRET; null once it is settled, as all but the id is.</param>
/// <param name="Link">Sealed: the page that proves the address, or where one request ends mails about replies.</param>
/// <param name="Lines">The mail about replies: who answered, on which article, where; three for each. Null: the proof.</param>
/// <param name="Count">Replies.</param>
/// <param name="Due">The next try; null once it is settled.</param>
/// <param name="ExpiresAt">Then nothing is left of it.</param>
public sealed record CommentMail(Guid Id, string? Address, string? Link, IReadOnlyList<string>? Lines, long Count, string Language, DateTimeOffset RequestedAt, int Attempts, DateTimeOffset? Due, DateTimeOffset ExpiresAt)
{
    /// <summary>Since when it is being sent; null where it is not. Whoever takes it and finds this, knows that the one before was killed in the middle: nobody knows whether it went.</summary>
    public DateTimeOffset? Sending { get; init; }
}

/// <summary>Mails to those who comment, until they are sent, and their ids for a while after that.</summary>
public sealed class CommentMailStore(IMongoDatabase database)
{
    private static readonly FilterDefinitionBuilder<CommentMail> Where = Builders<CommentMail>.Filter;
    private static readonly UpdateDefinitionBuilder<CommentMail> Change = Builders<CommentMail>.Update;
    private readonly IMongoCollection<CommentMail> _mails = database.GetCollection<CommentMail>("commentMails");

    public Task CreateIndexes(CancellationToken ct) => _mails.Indexes.CreateManyAsync(
    [
        // What is due. Holds nothing else.
        new(Builders<CommentMail>.IndexKeys.Ascending(m => m.Due), new CreateIndexOptions<CommentMail> { Name = "due", PartialFilterExpression = Where.Gt(m => m.Due, DateTimeOffset.UnixEpoch) }),
        // They are forgotten by themselves.
        new(Builders<CommentMail>.IndexKeys.Ascending(m => m.ExpiresAt), new CreateIndexOptions<CommentMail> { Name = "expiry", ExpireAfter = TimeSpan.Zero }),
    ], ct);

    /// <summary>Takes a mail in; one that is there stays as it is.</summary>
    public async Task Add(CommentMail mail, CancellationToken ct)
    {
        try { await _mails.InsertOneAsync(mail, cancellationToken: ct); }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }
    }

    /// <summary>The next mail that is due, for this process alone until the lease is over; from now on it is being sent.</summary>
    /// <returns>As it was found, but for its attempts.</returns>
    public async Task<CommentMail?> Take(DateTimeOffset now, TimeSpan lease, CancellationToken ct) => await _mails.FindOneAndUpdateAsync<CommentMail>(
        Where.Gt(m => m.Due, DateTimeOffset.UnixEpoch) & Where.Lte(m => m.Due, now), Change.Set(m => m.Due, now + lease).Set(m => m.Sending, now).Inc(m => m.Attempts, 1),
        new FindOneAndUpdateOptions<CommentMail> { ReturnDocument = ReturnDocument.Before, Sort = Builders<CommentMail>.Sort.Ascending(m => m.Due) }, ct) is { } found ? found with { Attempts = found.Attempts + 1 } : null;

    /// <param name="due">The next try; null where there is none: then nothing is kept but the id.</param>
    public Task Settle(CommentMail mail, DateTimeOffset? due, CancellationToken ct) => _mails.UpdateOneAsync(m => m.Id == mail.Id && m.Attempts == mail.Attempts, due is null
        ? Change.Set(m => m.Due, null).Set(m => m.Address, null).Set(m => m.Link, null).Set(m => m.Lines, null).Set(m => m.Sending, null)
        : Change.Set(m => m.Due, due).Set(m => m.Sending, null), cancellationToken: ct);
}
