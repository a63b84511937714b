using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.LocalStore.Tests;

/// <summary>A driver sends a numbered write again when its connection breaks; it takes effect once.</summary>
public class RetryTests(StoreInstance store)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_whose_connection_drops_takes_effect_once(bool answered)
    {
        await using var proxy = new CuttingProxy(store);
        using var client = new MongoClient(proxy.Uri);
        await Writes.EachOnce(client.GetDatabase(store.NewDatabase().DatabaseNamespace.DatabaseName), command => proxy.Arm(command, answered), () => proxy.Seen.ShouldBe(2));
    }

    [Fact]
    public async Task A_read_whose_connection_drops_is_repeated()
    {
        await using var proxy = new CuttingProxy(store);
        using var client = new MongoClient(proxy.Uri);
        var things = client.GetDatabase(store.NewDatabase().DatabaseNamespace.DatabaseName).GetCollection<BsonDocument>("things");
        await things.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: TestContext.Current.CancellationToken);

        proxy.Arm("find", answered: true);

        (await things.Find("{ _id: 1 }").AnyAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
        proxy.Seen.ShouldBe(2);
    }

    [Fact]
    public async Task A_repeat_gives_the_first_reply_word_for_word_also_when_it_was_an_error()
    {
        await using var stream = await Wire.SignIn(store);
        var database = store.NewDatabase().DatabaseNamespace.DatabaseName;
        var insert = Numbered(1, new BsonDocument { { "insert", "things" }, { "documents", new BsonArray { new BsonDocument("_id", 1), new BsonDocument("_id", 1), new BsonDocument("_id", 2) } }, { "ordered", false } }, database);

        var first = await Wire.Ask(stream, insert);
        var second = await Wire.Ask(stream, insert);

        first!["n"].ShouldBe(2);
        first["writeErrors"][0]["code"].ShouldBe(11000);
        second.ShouldBe(first);
    }

    [Fact]
    public async Task A_write_older_than_the_sessions_last_is_refused()
    {
        await using var stream = await Wire.SignIn(store);
        var database = store.NewDatabase().DatabaseNamespace.DatabaseName;
        BsonDocument Insert(int id) => new() { { "insert", "things" }, { "documents", new BsonArray { new BsonDocument("_id", id) } } };

        (await Wire.Ask(stream, Numbered(2, Insert(2), database)))!["ok"].ShouldBe(1.0);
        var late = await Wire.Ask(stream, Numbered(1, Insert(1), database));

        late!["code"].ShouldBe(225);
        late["codeName"].ShouldBe("TransactionTooOld");
    }

    [Fact]
    public async Task The_same_write_on_two_connections_at_once_takes_effect_once()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertOneAsync(BsonDocument.Parse("{ _id: 1, n: 0 }"), cancellationToken: TestContext.Current.CancellationToken);
        for (var number = 1; number <= 20; number++)
        {
            var update = Numbered(number, BsonDocument.Parse("{ update: 'things', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] }"), things.Database.DatabaseNamespace.DatabaseName);
            var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
            {
                await using var stream = await Wire.SignIn(store);
                return await Wire.Ask(stream, update);
            }));
            replies.ShouldAllBe(r => r!["nModified"] == 1);
        }
        (await things.Find("{ _id: 1 }").SingleAsync(TestContext.Current.CancellationToken))["n"].ShouldBe(20);
    }

    private readonly BsonBinaryData _session = new(Guid.NewGuid(), GuidRepresentation.Standard);

    private BsonDocument Numbered(long number, BsonDocument command, string database) =>
        new BsonDocument(command) { { "lsid", new BsonDocument("id", _session) }, { "txnNumber", number }, { "$db", database } };
}

/// <summary>Each kind of numbered write, with something done to its first try.</summary>
internal static class Writes
{
    public static async Task EachOnce(IMongoDatabase database, Action<string> arm, Action retried)
    {
        var things = database.GetCollection<BsonDocument>("things");
        await things.InsertOneAsync(BsonDocument.Parse("{ _id: 'there', n: 0 }"));

        arm("insert");
        await things.InsertOneAsync(new BsonDocument("_id", "one"));
        retried();

        arm("insert");
        await things.InsertManyAsync([new BsonDocument("_id", "many 1"), new BsonDocument("_id", "many 2")]);
        retried();

        arm("update");
        (await things.UpdateOneAsync("{ _id: 'there' }", "{ $inc: { n: 1 } }")).ModifiedCount.ShouldBe(1);
        retried();

        arm("update");
        await things.BulkWriteAsync([
            new UpdateOneModel<BsonDocument>("{ _id: 'there' }", "{ $inc: { n: 10 } }"), new UpdateOneModel<BsonDocument>("{ _id: 'one' }", "{ $inc: { n: 10 } }")]);
        retried();

        arm("findAndModify");
        (await things.FindOneAndUpdateAsync<BsonDocument>("{ _id: 'there' }", "{ $inc: { n: 100 } }", new() { ReturnDocument = ReturnDocument.After }))["n"].ShouldBe(111);
        retried();

        arm("delete");
        (await things.DeleteOneAsync("{ _id: 'many 1' }")).DeletedCount.ShouldBe(1);
        retried();

        (await things.Find("{}").Sort("{ _id: 1 }").ToListAsync()).ShouldBe(
            [BsonDocument.Parse("{ _id: 'many 2' }"), BsonDocument.Parse("{ _id: 'one', n: 10 }"), BsonDocument.Parse("{ _id: 'there', n: 111 }")]);
    }
}
