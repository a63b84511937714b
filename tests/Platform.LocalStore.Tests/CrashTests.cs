using System.Collections.Concurrent;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.LocalStore.Tests;

/// <summary>kill -9 of the engine or of the gateway: nothing that was acknowledged is lost, nothing is done twice, and `up` heals it.</summary>
[Collection(nameof(KilledStore))]
public class CrashTests(KilledStore.Instance store)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("engine")]
    [InlineData("store-gateway")]
    public async Task Nothing_acknowledged_is_lost_when_it_is_killed_under_load(string process)
    {
        var things = store.NewCollection<BsonDocument>();
        ConcurrentBag<string> acknowledged = [];
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 16).Select(writer => Write(things, writer, acknowledged, stop.Token)).ToArray();

        for (var round = 1; round <= 3; round++)
        {
            var before = acknowledged.Count;
            await Platform.Testing.Eventually.True(() => acknowledged.Count > before + 200, "the writers get on");
            store.Kill(process);
            await Task.Run(store.Up, Ct);
        }
        var last = acknowledged.Count;
        await Platform.Testing.Eventually.True(() => acknowledged.Count > last + 200, "the writers get on after the last kill");
        await stop.CancelAsync();
        var outcomes = await Task.WhenAll(writers);

        var stored = (await things.Find("{}").Project("{ _id: 1 }").ToListAsync(Ct)).Select(d => d["_id"].ToString()!).ToHashSet(StringComparer.Ordinal);
        acknowledged.Where(id => !stored.Contains(id)).ShouldBeEmpty();
        foreach (var (writer, (acked, unknown)) in outcomes.Index())
            (await things.Find(new BsonDocument("_id", $"counter {writer}")).SingleAsync(Ct))["n"].AsInt32.ShouldBeInRange(acked, acked + unknown);
    }

    [Fact]
    public async Task A_write_whose_gateway_is_killed_before_it_answers_takes_effect_once()
    {
        await using var proxy = new CuttingProxy(store);
        using var client = new MongoClient(proxy.Uri);

        await Writes.EachOnce(client.GetDatabase("killed_gateway"), command => proxy.Arm(command, answered: true, () => KillAndHeal("store-gateway")), () => proxy.Seen.ShouldBe(2));
    }

    [Fact]
    public async Task A_write_whose_engine_is_killed_before_it_is_acknowledged_takes_effect_once()
    {
        await using var proxy = new CuttingProxy(store);
        using var client = new MongoClient(proxy.Uri);

        await Writes.EachOnce(client.GetDatabase("killed_engine"), command => proxy.Arm(command, answered: true, () => KillAndHeal("engine")), () => proxy.Seen.ShouldBe(2));
    }

    [Fact]
    public async Task An_engine_that_is_away_for_a_moment_delays_a_write_and_fails_none()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Ct);
        store.Kill("engine");

        var write = things.InsertOneAsync(new BsonDocument("_id", 2), cancellationToken: Ct);
        await Task.Run(store.Up, Ct);

        await write;
        (await things.CountDocumentsAsync("{}", cancellationToken: Ct)).ShouldBe(2);
    }

    [Fact]
    public async Task What_was_stored_is_there_after_down_and_up()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertManyAsync(Enumerable.Range(0, 100).Select(n => new BsonDocument("_id", n)), cancellationToken: Ct);

        await Task.Run(() => { store.Down(); store.Up(); }, Ct);

        (await things.CountDocumentsAsync("{}", cancellationToken: Ct)).ShouldBe(100);
    }

    private Task KillAndHeal(string process) => Task.Run(() =>
    {
        store.Kill(process);
        store.Up();
    });

    /// <summary>Inserts documents and counts them in one of its own; an error leaves open whether the last ones happened.</summary>
    private static async Task<(int Acknowledged, int Unknown)> Write(IMongoCollection<BsonDocument> things, int writer, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        var (acked, unknown) = (0, 0);
        for (var n = 0; !stop.IsCancellationRequested; n++)
        {
            try
            {
                await things.InsertOneAsync(new BsonDocument("_id", $"{writer}-{n}"), cancellationToken: CancellationToken.None);
                acknowledged.Add($"{writer}-{n}");
                unknown++;
                await things.UpdateOneAsync(new BsonDocument("_id", $"counter {writer}"), "{ $inc: { n: 1 } }", new UpdateOptions { IsUpsert = true }, CancellationToken.None);
                unknown--;
                acked++;
            }
            catch (MongoException)
            {
                // killed under it: not acknowledged
            }
            catch (TimeoutException)
            {
                // away
            }
        }
        return (acked, unknown);
    }
}
