using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;

namespace Platform.Notifications;

/// <summary>Which processes of this service are alive. One that is not, has left its claimed deliveries for ever.</summary>
public sealed class WorkerStore(IMongoDatabase database)
{
    private readonly IMongoCollection<Alive> _workers = database.GetCollection<Alive>("workers");

    public Task KeepAlive(Guid worker, DateTimeOffset until, CancellationToken ct) =>
        _workers.ReplaceOneAsync(w => w.Id == worker, new Alive(worker, until), new ReplaceOptions { IsUpsert = true }, ct);

    public async Task<HashSet<Guid>> FindAlive(DateTimeOffset now, CancellationToken ct) =>
        [.. await _workers.Find(w => w.Until >= now).Project(w => w.Id).ToListAsync(ct)];

    public Task Forget(DateTimeOffset before, CancellationToken ct) => _workers.DeleteManyAsync(w => w.Until < before, ct);

    private sealed record Alive([property: BsonId] Guid Id, DateTimeOffset Until);
}
