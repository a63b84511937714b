using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.Comments.People;
using Platform.ServiceDefaults;

namespace Platform.Comments.Privacy;

/// <summary>How far the addresses have come under a key; one document for each key that was the newest.</summary>
/// <param name="Id">The key's.</param>
/// <param name="Collection">Index into <see cref="AddressKeyStore.Collections"/>: those before it are done.</param>
/// <param name="After">The last document of it that is done.</param>
/// <param name="Done">Documents looked at.</param>
/// <param name="FinishedAt">Null while it is under way.</param>
public sealed record Renewal([property: BsonId] string Id, int Collection, Guid After, long Done, DateTimeOffset? FinishedAt);

/// <summary>Documents that hold guests' addresses, by the keys that these are under.</summary>
public sealed class AddressKeyStore(IMongoDatabase database, AddressKeys keys, Guests people)
{
    /// <summary>In the order in which they are renewed: those first that others are matched with.</summary>
    public static readonly IReadOnlyList<string> Collections = [BanStore.Bans, GuestStore.Guests, CommentStore.Comments];

    private readonly IMongoCollection<Renewal> _renewals = database.GetCollection<Renewal>("renewals");
    private readonly IMongoCollection<Ban> _bans = database.GetCollection<Ban>(BanStore.Bans);
    private readonly IMongoCollection<Guest> _guests = database.GetCollection<Guest>(GuestStore.Guests);
    private readonly IMongoCollection<Comment> _comments = database.GetCollection<Comment>(CommentStore.Comments);

    private readonly TaskCompletionSource _checked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Once <see cref="Check"/> has found nothing wrong.</summary>
    public Task Checked => _checked.Task;

    /// <summary>Creates the indexes, and makes sure that every key is set that an address is under.</summary>
    /// <exception cref="SettingException">One is not.</exception>
    public async Task Check(CancellationToken ct)
    {
        await CreateIndex(_bans, ct);
        await CreateIndex(_guests, ct);
        await CreateIndex(_comments, ct);
        // Guests are found by the hash of the address, whatever key made it.
        await _guests.Indexes.CreateOneAsync(new CreateIndexModel<Guest>(Builders<Guest>.IndexKeys.Ascending(g => g.Author), new CreateIndexOptions { Name = "author", Unique = true }), cancellationToken: ct);
        foreach (var id in (await Used(_bans, ct)).Concat(await Used(_guests, ct)).Concat(await Used(_comments, ct)))
            if (keys.Find(id) is null) throw Missing($"the key {id}, under which guests' addresses lie");
        // Before there were ids: one of them stands for all.
        if (!await _renewals.Find(Builders<Renewal>.Filter.Gt(r => r.Id, "")).Limit(1).AnyAsync(ct)
            && await _comments.Find(Builders<Comment>.Filter.Gt(c => c.Author, Array.Empty<byte>())).Limit(1).FirstOrDefaultAsync(ct) is { Email: not null } one && people.Reveal(one) is null)
            throw Missing("the key under which guests' addresses lie; it was SERVICE_SECRET before there was this setting, and \"service\" stands for that");
        _checked.TrySetResult();
    }

    public async Task<Renewal> Find(string key, CancellationToken ct) => await _renewals.Find(r => r.Id == key).FirstOrDefaultAsync(ct) ?? new Renewal(key, 0, Guid.Empty, 0, null);

    public Task Put(Renewal renewal, CancellationToken ct) => _renewals.ReplaceOneAsync(r => r.Id == renewal.Id, renewal, new ReplaceOptions { IsUpsert = true }, ct);

    /// <summary>About how many documents there are.</summary>
    public async Task<long> Count(CancellationToken ct) => await _bans.EstimatedDocumentCountAsync(cancellationToken: ct) + await _guests.EstimatedDocumentCountAsync(cancellationToken: ct) + await _comments.EstimatedDocumentCountAsync(cancellationToken: ct);

    public Task<List<Ban>> BansAfter(Guid id, int limit, CancellationToken ct) => After(_bans, id, limit, ct);

    public Task<List<Guest>> GuestsAfter(Guid id, int limit, CancellationToken ct) => After(_guests, id, limit, ct);

    public Task<List<Comment>> CommentsAfter(Guid id, int limit, CancellationToken ct) => After(_comments, id, limit, ct);

    public Task<List<Ban>> BansUnder(string key, int limit, CancellationToken ct) => Under(_bans, key, limit, ct);

    public Task<List<Guest>> GuestsUnder(string key, int limit, CancellationToken ct) => Under(_guests, key, limit, ct);

    public Task<List<Comment>> CommentsUnder(string key, int limit, CancellationToken ct) => Under(_comments, key, limit, ct);

    /// <summary>Stores what is under another key now; whoever was changed meanwhile stays as he is, and is found again.</summary>
    public Task Put(Ban before, Ban after, CancellationToken ct) => Put(_bans, before, Set(after), ct);

    /// <inheritdoc cref="Put(Ban, Ban, CancellationToken)"/>
    /// <returns>False where the guest is there under the newest key already.</returns>
    public async Task<bool> Put(Guest before, Guest after, CancellationToken ct)
    {
        try { await Put(_guests, before, Set(after), ct); }
        catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { return false; }
        return true;
    }

    /// <inheritdoc cref="Put(Ban, Ban, CancellationToken)"/>
    /// <remarks>The version stays: readers see nothing of it. It guards the write all the same.</remarks>
    public async Task Put(IReadOnlyList<(Comment Before, Comment After)> changed, CancellationToken ct)
    {
        if (changed.Count == 0) return;
        try { await _comments.BulkWriteAsync(changed.Select(c => new UpdateOneModel<Comment>(Same(c.Before), Set(c.After).Set(x => x.RepeatKey, c.After.RepeatKey))), new BulkWriteOptions { IsOrdered = false }, ct); }
        catch (MongoBulkWriteException<Comment> e) when (StoreFailure.IsDuplicateKey(e))
        {
            // The same words were said once under each key, in the same moment: both were taken, and both stay.
            foreach (var (before, after) in e.WriteErrors.Select(error => changed[error.Index])) await Put(_comments, before, Set(after).Set(x => x.RepeatKey, after.Id.ToByteArray()), ct);
        }
    }

    /// <summary>Makes one of two documents of the same guest.</summary>
    /// <param name="gone">Found under an older key; all that it knew is in the other one.</param>
    public Task Remove(Guest gone, CancellationToken ct) => _guests.DeleteOneAsync(Same(gone), ct);

    private static SettingException Missing(string what) => new($"COMMENTS_ADDRESS_KEYS lacks {what}: put it back, behind the newest. It can go once the log says so.");

    // What lies under a key that is not the newest. Holds those alone that have an address under a key with an id.
    private static Task CreateIndex<T>(IMongoCollection<T> collection, CancellationToken ct) where T : class, IDocument, IHoldsAddress => collection.Indexes.CreateOneAsync(
        new CreateIndexModel<T>(Builders<T>.IndexKeys.Ascending(d => d.AddressKey).Ascending(d => d.Id), new CreateIndexOptions<T> { Name = "addressKey", PartialFilterExpression = HasKey<T>() }), cancellationToken: ct);

    private static FilterDefinition<T> HasKey<T>() where T : IHoldsAddress => Builders<T>.Filter.Gt(d => d.AddressKey, "");

    /// <summary>The ids of all keys that are in use: one seek for each.</summary>
    private static async Task<List<string>> Used<T>(IMongoCollection<T> collection, CancellationToken ct) where T : class, IDocument, IHoldsAddress
    {
        var used = new List<string>();
        for (var last = ""; await collection.Find(Builders<T>.Filter.Gt(d => d.AddressKey, last)).SortBy(d => d.AddressKey).ThenBy(d => d.Id).Limit(1).Project(d => d.AddressKey).FirstOrDefaultAsync(ct) is { } next; last = next) used.Add(next);
        return used;
    }

    private static Task<List<T>> After<T>(IMongoCollection<T> collection, Guid id, int limit, CancellationToken ct) where T : class, IDocument =>
        collection.Find(d => d.Id > id).SortBy(d => d.Id).Limit(limit).ToListAsync(ct);

    private static Task<List<T>> Under<T>(IMongoCollection<T> collection, string key, int limit, CancellationToken ct) where T : class, IDocument, IHoldsAddress =>
        collection.Find(HasKey<T>() & Builders<T>.Filter.Eq(d => d.AddressKey, key)).Limit(limit).ToListAsync(ct);

    private static Task Put<T>(IMongoCollection<T> collection, T before, UpdateDefinition<T> change, CancellationToken ct) where T : class, IDocument, IHoldsAddress => collection.UpdateOneAsync(Same(before), change, cancellationToken: ct);

    private static FilterDefinition<T> Same<T>(T before) where T : class, IDocument, IHoldsAddress =>
        Builders<T>.Filter.Eq(d => d.Id, before.Id) & Builders<T>.Filter.Eq(d => d.Version, before.Version) & Builders<T>.Filter.Eq(d => d.AddressKey, before.AddressKey);

    private static UpdateDefinition<T> Set<T>(T after) where T : class, IHoldsAddress => Builders<T>.Update.Set(d => d.Email, after.Email).Set(d => d.Author, after.Author).Set(d => d.AddressKey, after.AddressKey);
}
