using MongoDB.Driver;
using Platform.ServiceDefaults;

namespace Platform.Comments.People;

/// <summary>Guests who were asked to prove their addresses, or have done so, or have had everything erased.</summary>
public sealed class GuestStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    public const string Guests = "guests";

    private static readonly FilterDefinitionBuilder<Guest> Where = Builders<Guest>.Filter;
    private readonly DocumentStore<Guest> _guests = new(database, Guests, relay, clock);

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _guests.CreateOutboxIndex(ct);
        await _guests.Collection.Indexes.CreateManyAsync(
        [
            // Mails about replies that are due. Holds nothing else.
            new(Builders<Guest>.IndexKeys.Ascending(g => g.RepliesDue), new CreateIndexOptions<Guest> { Name = "repliesDue", PartialFilterExpression = Where.Gt(g => g.RepliesDue, DateTimeOffset.UnixEpoch) }),
            // Tombstones, oldest first. Holds nothing else.
            new(Builders<Guest>.IndexKeys.Ascending(g => g.ErasedAt).Ascending(g => g.Id), new CreateIndexOptions<Guest> { Name = "erased", PartialFilterExpression = Where.Gt(g => g.ErasedAt, DateTimeOffset.UnixEpoch) }),
        ], ct);
    }

    public Task<Guest?> Find(Guid id, CancellationToken ct) => _guests.Find(id, ct);

    /// <summary>The guest with one of these hashes; of two, who has the first one.</summary>
    public async Task<Guest?> Find(IReadOnlyList<byte[]> authors, CancellationToken ct)
    {
        var found = await _guests.Collection.Find(Where.In(g => g.Author, authors)).ToListAsync(ct);
        return authors.Select(a => found.Find(g => g.Author.AsSpan().SequenceEqual(a))).FirstOrDefault(g => g is not null);
    }

    /// <summary>Those with these hashes who have had everything erased.</summary>
    public Task<List<Guest>> ErasedAmong(IReadOnlyCollection<byte[]> authors, CancellationToken ct) => _guests.Collection.Find(Where.In(g => g.Author, authors) & Where.Ne(g => g.ErasedAt, null)).ToListAsync(ct);

    /// <summary>Changes a guest, with what that causes in the same write; again from the start where somebody else was quicker.</summary>
    /// <param name="change">Gives the same guest where nothing is to be changed.</param>
    /// <returns>The guest as he is then; null where he is not known.</returns>
    public Task<Guest?> Change(Guid id, Func<Guest, (Guest After, IReadOnlyList<object> Events)> change, CancellationToken ct) => Change(() => Find(id, ct), null, change, ct);

    /// <inheritdoc cref="Change(Guid, Func{Guest, ValueTuple{Guest, IReadOnlyList{object}}}, CancellationToken)"/>
    /// <param name="authors">All hashes that he may be found by.</param>
    /// <param name="fresh">What to begin with where he is not known; null leaves it at that.</param>
    public Task<Guest?> Change(IReadOnlyList<byte[]> authors, Guest? fresh, Func<Guest, (Guest After, IReadOnlyList<object> Events)> change, CancellationToken ct) => Change(() => Find(authors, ct), fresh, change, ct);

    private async Task<Guest?> Change(Func<Task<Guest?>> find, Guest? fresh, Func<Guest, (Guest After, IReadOnlyList<object> Events)> change, CancellationToken ct)
    {
        while (true)
        {
            var before = await find();
            if ((before ?? fresh) is not { } current) return null;
            var (after, events) = change(current);
            if (after == current) return current;
            try
            {
                if (before is not null ? await _guests.Save(after, events, ct) : ReferenceEquals(await _guests.Insert(after, events, ct), after)) return after;
            }
            catch (MongoWriteException e) when (StoreFailure.IsDuplicateKey(e)) { }   // somebody has met him at the same time
        }
    }

    /// <summary>Guests to whom a mail about replies is due.</summary>
    public Task<List<Guest>> RepliesDue(DateTimeOffset now, int limit, CancellationToken ct) =>
        _guests.Collection.Find(Where.Gt(g => g.RepliesDue, DateTimeOffset.UnixEpoch) & Where.Lte(g => g.RepliesDue, now)).SortBy(g => g.RepliesDue).Limit(limit).ToListAsync(ct);

    /// <summary>Those who have had everything erased, oldest first.</summary>
    /// <param name="after">The last one that was read, or null.</param>
    public Task<List<Guest>> Erased(Guest? after, int limit, CancellationToken ct)
    {
        var (at, id) = (after?.ErasedAt ?? DateTimeOffset.UnixEpoch, after?.Id ?? Guid.Empty);
        return _guests.Collection.Find(Where.Gt(g => g.ErasedAt, DateTimeOffset.UnixEpoch) & Where.Gte(g => g.ErasedAt, at) & (Where.Gt(g => g.ErasedAt, at) | Where.Gt(g => g.Id, id)))
            .SortBy(g => g.ErasedAt).ThenBy(g => g.Id).Limit(limit).ToListAsync(ct);
    }
}
