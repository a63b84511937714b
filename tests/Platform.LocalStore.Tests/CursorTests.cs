using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.LocalStore.Tests;

public class CursorTests(StoreInstance store)
{
    private const int Many = 10_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_documents_come_page_by_page_each_once()
    {
        var things = await Filled();

        var plain = await things.Find("{}").ToListAsync(Ct);
        var sorted = await things.Find("{}", new FindOptions { BatchSize = 500 }).Sort("{ r: 1 }").ToListAsync(Ct);
        var aggregated = await things.Aggregate(new AggregateOptions { BatchSize = 300 }).Match("{ r: { $gte: 100 } }").Sort("{ r: -1 }").Project("{ r: 1 }").ToListAsync(Ct);
        var limited = await things.Find("{}", new FindOptions { BatchSize = 400 }).Sort("{ r: 1 }").Limit(1500).ToListAsync(Ct);

        plain.Select(d => d["_id"].AsInt32).Order().ShouldBe(Enumerable.Range(0, Many));
        sorted.Select(d => d["r"].AsInt32).ShouldBe(Enumerable.Range(0, Many));
        aggregated.Select(d => d["r"].AsInt32).ShouldBe(Enumerable.Range(100, Many - 100).Reverse());
        limited.Select(d => d["r"].AsInt32).ShouldBe(Enumerable.Range(0, 1500));
    }

    [Fact]
    public async Task Cursors_side_by_side_do_not_mix()
    {
        var things = await Filled();
        using var up = await things.Find("{}", new FindOptions { BatchSize = 100 }).Sort("{ r: 1 }").ToCursorAsync(Ct);
        using var down = await things.Find("{}", new FindOptions { BatchSize = 100 }).Sort("{ r: -1 }").ToCursorAsync(Ct);

        for (var page = 0; page < 20; page++)
        {
            (await up.MoveNextAsync(Ct)).ShouldBeTrue();
            (await down.MoveNextAsync(Ct)).ShouldBeTrue();
            up.Current.First()["r"].ShouldBe(page * 100);
            down.Current.First()["r"].ShouldBe(Many - 1 - page * 100);
        }
    }

    [Fact]
    public async Task A_killed_cursor_is_gone()
    {
        var things = await Filled(500);
        var (database, id) = await OpenCursor(things);

        var killed = await database.RunCommandAsync<BsonDocument>(new BsonDocument { { "killCursors", "things" }, { "cursors", new BsonArray { id, 42L } } }, cancellationToken: Ct);

        killed["cursorsKilled"].ShouldBe(new BsonArray { id });
        killed["cursorsNotFound"].ShouldBe(new BsonArray { 42L });
        (await Should.ThrowAsync<MongoCommandException>(() => More(database, id))).Code.ShouldBe(43);
    }

    [Fact]
    public async Task A_cursor_belongs_to_its_database()
    {
        var (database, id) = await OpenCursor(await Filled(500));

        (await Should.ThrowAsync<MongoCommandException>(() => More(store.NewDatabase(), id))).Code.ShouldBe(43);

        (await More(database, id))["cursor"]["nextBatch"].AsBsonArray.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_idle_cursor_is_forgotten_after_ten_minutes()
    {
        var clock = new FakeTimeProvider();
        await using var engine = new Engine(store.EngineConnection);
        var cursors = new Cursors(engine, clock);
        await Filled(500, store.Client.GetDatabase("idle"));
        var find = WireMessage.Parse(Wire.Msg(1, new BsonDocument { { "find", "things" }, { "batchSize", 2 }, { "$db", "idle" } }));
        var id = MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(await cursors.Open(EngineSql.Find, find, repeatable: true, Ct))["cursor"]["id"].AsInt64;
        var more = WireMessage.Parse(Wire.Msg(1, new BsonDocument { { "getMore", id }, { "collection", "things" }, { "batchSize", 2 }, { "$db", "idle" } }));

        clock.Advance(Cursors.IdleTime - TimeSpan.FromSeconds(1));
        cursors.Expire();
        await cursors.Next(more, Ct);
        clock.Advance(Cursors.IdleTime + TimeSpan.FromSeconds(1));
        cursors.Expire();

        (await Should.ThrowAsync<StoreError>(() => cursors.Next(more, Ct))).Code.ShouldBe(StoreError.CursorNotFound);
    }

    private async Task<IMongoCollection<BsonDocument>> Filled(int count = Many, IMongoDatabase? database = null)
    {
        var things = (database ?? store.NewDatabase()).GetCollection<BsonDocument>("things");
        await things.InsertManyAsync(Enumerable.Range(0, count).Select(n => new BsonDocument { { "_id", n }, { "r", (n * 7919) % count } }), cancellationToken: Ct);
        return things;
    }

    private static async Task<(IMongoDatabase Database, long Id)> OpenCursor(IMongoCollection<BsonDocument> things)
    {
        var reply = await things.Database.RunCommandAsync<BsonDocument>(BsonDocument.Parse("{ find: 'things', batchSize: 2 }"), cancellationToken: Ct);
        return (things.Database, reply["cursor"]["id"].AsInt64);
    }

    private static Task<BsonDocument> More(IMongoDatabase database, long id) =>
        database.RunCommandAsync<BsonDocument>(new BsonDocument { { "getMore", id }, { "collection", "things" }, { "batchSize", 2 } }, cancellationToken: Ct);
}
