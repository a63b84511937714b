using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.LocalStore.Tests;

public class ConcurrencyTests(StoreInstance store)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_32_writers_of_one_version_one_wins()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertOneAsync(BsonDocument.Parse("{ _id: 1, version: 0 }"), cancellationToken: Ct);

        for (var version = 0; version < 20; version++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(writer =>
                things.UpdateOneAsync(new BsonDocument { { "_id", 1 }, { "version", version } }, new BsonDocument("$set", new BsonDocument { { "version", version + 1 }, { "by", writer } }))));
            results.Sum(r => r.ModifiedCount).ShouldBe(1);
        }
    }

    [Fact]
    public async Task No_increment_is_lost()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertOneAsync(BsonDocument.Parse("{ _id: 1, n: 0 }"), cancellationToken: Ct);

        await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ =>
        {
            for (var i = 0; i < 20; i++) await things.UpdateOneAsync("{ _id: 1 }", "{ $inc: { n: 1 } }");
        }));

        (await things.Find("{ _id: 1 }").SingleAsync(Ct))["n"].ShouldBe(640);
    }

    [Fact]
    public async Task Upserts_of_one_key_make_one_document()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{ key: 1 }", new CreateIndexOptions { Unique = true }), cancellationToken: Ct);

        for (var round = 0; round < 5; round++)
            await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
            {
                var (filter, update) = (new BsonDocument("key", round), BsonDocument.Parse("{ $inc: { n: 1 } }"));
                try { await things.UpdateOneAsync(filter, update, new UpdateOptions { IsUpsert = true }); }
                catch (MongoWriteException e) when (e.WriteError.Category == ServerErrorCategory.DuplicateKey) { await things.UpdateOneAsync(filter, update); }
            }));

        (await things.Find("{}").ToListAsync(Ct)).Select(d => d["n"].AsInt32).ShouldBe([16, 16, 16, 16, 16]);
    }

    [Fact]
    public async Task A_collection_that_many_write_first_is_made_once()
    {
        var things = store.NewCollection<BsonDocument>();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(n => things.InsertOneAsync(new BsonDocument("_id", n))));

        (await things.CountDocumentsAsync("{}", cancellationToken: Ct)).ShouldBe(32);
    }

    [Fact]
    public async Task An_index_can_be_made_while_others_write()
    {
        var things = store.NewCollection<BsonDocument>();
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 100; i++) await things.InsertOneAsync(new BsonDocument { { "_id", $"{writer}-{i}" }, { "n", i } });
        }));

        await things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{ n: 1 }"), cancellationToken: Ct);
        await writing;

        (await things.CountDocumentsAsync("{ n: 7 }", cancellationToken: Ct)).ShouldBe(8);
    }
}
