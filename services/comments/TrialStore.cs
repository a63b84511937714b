using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.Comments.Trials;
using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>Trials of settings, and what they would change. Both go by themselves.</summary>
public sealed class TrialStore(IMongoDatabase database, OutboxRelay relay, TimeProvider clock)
{
    public const string Trials = "trials";
    private static readonly FilterDefinitionBuilder<TrialChange> WhereChange = Builders<TrialChange>.Filter;
    private readonly DocumentStore<Trial> _trials = new(database, Trials, relay, clock);
    private readonly IMongoCollection<TrialChange> _changes = database.GetCollection<TrialChange>("trialChanges");

    public async Task CreateIndexes(CancellationToken ct)
    {
        await _trials.CreateOutboxIndex(ct);
        await _trials.Collection.Indexes.CreateManyAsync(
        [
            // Those that are under way, oldest first.
            new(Builders<Trial>.IndexKeys.Ascending(t => t.Phase).Ascending(t => t.Id), new CreateIndexOptions { Name = "phase" }),
            new(Builders<Trial>.IndexKeys.Ascending(t => t.ExpiresAt), new CreateIndexOptions { Name = "expiry", ExpireAfter = TimeSpan.Zero }),
        ], ct);
        await _changes.Indexes.CreateManyAsync(
        [
            // A trial's changes, in order.
            new(Builders<TrialChange>.IndexKeys.Ascending(c => c.TrialId).Ascending(c => c.Id), new CreateIndexOptions { Name = "trial" }),
            new(Builders<TrialChange>.IndexKeys.Ascending(c => c.ExpiresAt), new CreateIndexOptions { Name = "expiry", ExpireAfter = TimeSpan.Zero }),
        ], ct);
    }

    public Task<Trial?> Find(Guid id, CancellationToken ct) => _trials.Find(id, ct);

    /// <inheritdoc cref="DocumentStore{T}.Insert"/>
    public Task<Trial> Insert(Trial trial, ActionTaken action, CancellationToken ct) => _trials.Insert(trial, [action], ct);

    /// <summary>Writes where it stands; the settings in it never change.</summary>
    /// <param name="actions">For the moderation log.</param>
    /// <returns>False when it was changed since.</returns>
    public async Task<bool> Save(Trial next, CancellationToken ct, params IReadOnlyList<ActionTaken> actions)
    {
        var update = Builders<Trial>.Update.Set(t => t.Version, next.Version).Set(t => t.Phase, next.Phase).Set(t => t.Done, next.Done).Set(t => t.Total, next.Total)
            .Set(t => t.Changed, next.Changed).Set(t => t.Stage, next.Stage).Set(t => t.AfterAt, next.AfterAt).Set(t => t.AfterId, next.AfterId);
        return await _trials.Update(Builders<Trial>.Filter.Eq(t => t.Id, next.Id) & Builders<Trial>.Filter.Eq(t => t.Version, next.Version - 1), update, actions, ct) is not null;
    }

    /// <summary>Those under way, oldest first.</summary>
    public Task<List<Trial>> UnderWay(int limit, CancellationToken ct) =>
        _trials.Collection.Find(Builders<Trial>.Filter.In(t => t.Phase, [TrialPhase.Running, TrialPhase.Applying, TrialPhase.Undoing])).SortBy(t => t.Id).Limit(limit).ToListAsync(ct);

    public async Task Put(IReadOnlyList<TrialChange> changes, CancellationToken ct)
    {
        if (changes.Count == 0) return;
        await _changes.BulkWriteAsync(changes.Select(c => new ReplaceOneModel<TrialChange>(WhereChange.Eq(x => x.Id, c.Id), c) { IsUpsert = true }), new BulkWriteOptions { IsOrdered = false }, ct);
    }

    /// <summary>A page of what it would change, in the order of the comments' times.</summary>
    /// <remarks>Left to itself the store of the local run takes the index of ids too, and sorts all changes of the trial.</remarks>
    public Task<List<TrialChange>> Changes(Guid trialId, Guid after, int limit, CancellationToken ct) =>
        _changes.Find(WhereChange.Eq(c => c.TrialId, trialId) & WhereChange.Gt(c => c.Id, after), new FindOptions { Hint = "trial" }).SortBy(c => c.Id).Limit(limit).ToListAsync(ct);
}
