using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Testing;

namespace Platform.LocalStore.Tests;

public class IndexTests(StoreInstance store)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_unique_index_refuses_a_second_one_however_it_comes()
    {
        var things = store.NewCollection<BsonDocument>();
        await Create(things, "{ slug: 1 }", new() { Unique = true, Name = "by_slug" });
        await things.InsertManyAsync([new BsonDocument { { "_id", 1 }, { "slug", "a" } }, new BsonDocument { { "_id", 2 }, { "slug", "b" } }], cancellationToken: Ct);

        var insert = await Should.ThrowAsync<MongoWriteException>(() => things.InsertOneAsync(new BsonDocument("slug", "a")));
        insert.WriteError.Category.ShouldBe(ServerErrorCategory.DuplicateKey);
        insert.WriteError.Message.ShouldContain("by_slug");
        insert.WriteError.Message.ShouldContain(things.CollectionNamespace.FullName);
        (await Should.ThrowAsync<MongoWriteException>(() => things.UpdateOneAsync("{ _id: 2 }", "{ $set: { slug: 'a' } }"))).WriteError.Code.ShouldBe(11000);
        (await Should.ThrowAsync<MongoCommandException>(() => things.FindOneAndUpdateAsync("{ _id: 2 }", "{ $set: { slug: 'a' } }"))).Code.ShouldBe(11000);
        (await things.CountDocumentsAsync("{ slug: 'a' }", cancellationToken: Ct)).ShouldBe(1);
    }

    [Fact]
    public async Task A_compound_unique_index_looks_at_all_its_fields()
    {
        var things = store.NewCollection<BsonDocument>();
        await Create(things, "{ dispatch: 1, subscription: 1 }", new() { Unique = true });
        await things.InsertManyAsync([BsonDocument.Parse("{ dispatch: 1, subscription: 1 }"), BsonDocument.Parse("{ dispatch: 1, subscription: 2 }")], cancellationToken: Ct);

        (await Should.ThrowAsync<MongoWriteException>(() => things.InsertOneAsync(BsonDocument.Parse("{ dispatch: 1, subscription: 2 }")))).WriteError.Code.ShouldBe(11000);
    }

    [Fact]
    public async Task A_partial_unique_index_looks_only_at_what_its_filter_takes()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{ email: 1 }",
            new CreateIndexOptions<BsonDocument> { Unique = true, PartialFilterExpression = BsonDocument.Parse("{ status: 'confirmed' }") }), cancellationToken: Ct);
        var pending = BsonDocument.Parse("{ email: 'a@x', status: 'pending' }");

        await things.InsertManyAsync([BsonDocument.Parse("{ email: 'a@x', status: 'confirmed' }"), pending, new BsonDocument(pending)], cancellationToken: Ct);

        (await Should.ThrowAsync<MongoWriteException>(() => things.UpdateOneAsync("{ status: 'pending' }", "{ $set: { status: 'confirmed' } }"))).WriteError.Code.ShouldBe(11000);
    }

    [Fact]
    public async Task A_sparse_unique_index_lets_documents_without_the_field_be()
    {
        var things = store.NewCollection<BsonDocument>();
        await Create(things, "{ key: 1 }", new() { Unique = true, Sparse = true });

        await things.InsertManyAsync([BsonDocument.Parse("{ a: 1 }"), BsonDocument.Parse("{ a: 2 }"), BsonDocument.Parse("{ key: 1 }")], cancellationToken: Ct);

        (await Should.ThrowAsync<MongoWriteException>(() => things.InsertOneAsync(BsonDocument.Parse("{ key: 1 }")))).WriteError.Code.ShouldBe(11000);
    }

    [Fact]
    public async Task A_ttl_index_removes_what_is_past_its_time()
    {
        var things = store.NewCollection<BsonDocument>();
        await Create(things, "{ at: 1 }", new() { ExpireAfter = TimeSpan.Zero });

        await things.InsertManyAsync([new() { { "_id", "past" }, { "at", DateTime.UtcNow.AddMinutes(-1) } }, new() { { "_id", "future" }, { "at", DateTime.UtcNow.AddHours(1) } }], cancellationToken: Ct);

        await Eventually.True(async () => await things.CountDocumentsAsync("{}", cancellationToken: Ct) == 1, "the past document goes", TimeSpan.FromMinutes(1));
        (await things.Find("{}").SingleAsync(Ct))["_id"].ShouldBe("future");
    }

    [Fact]
    public async Task Creating_an_index_again_changes_nothing_and_another_of_its_name_is_refused()
    {
        var things = store.NewCollection<BsonDocument>();
        await Create(things, "{ a: 1, b: -1 }", new() { Name = "ab" });
        await Create(things, "{ a: 1, b: -1 }", new() { Name = "ab" });

        (await Names(things)).ShouldBe(["_id_", "ab"], ignoreOrder: true);
        (await Should.ThrowAsync<MongoCommandException>(() => Create(things, "{ a: 1 }", new() { Name = "ab" }))).Code.ShouldBeOneOf(85, 86);
        await things.Indexes.DropOneAsync("ab", Ct);
        (await Names(things)).ShouldBe(["_id_"]);
        (await Should.ThrowAsync<MongoCommandException>(() => things.Indexes.DropOneAsync("ab"))).Code.ShouldBe(27);
    }

    [Fact]
    public async Task Indexes_of_many_kinds_can_be_made_together()
    {
        var things = store.NewCollection<BsonDocument>();
        var keys = Builders<BsonDocument>.IndexKeys;

        await things.Indexes.CreateManyAsync([new(keys.Ascending("tags")), new(keys.Ascending("inner.value")), new(keys.Text("title")), new(keys.Descending("at").Ascending("_id"))], Ct);

        (await Names(things)).Count.ShouldBe(5);
        await things.InsertOneAsync(BsonDocument.Parse("{ tags: ['a', 'b'], title: 'أخبار اليوم' }"), cancellationToken: Ct);
        (await things.Find("{ tags: 'b' }").AnyAsync(Ct)).ShouldBeTrue();
        (await things.Find(Builders<BsonDocument>.Filter.Text("أخبار")).AnyAsync(Ct)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_sorted_query_with_an_index_gives_pages_in_order()
    {
        var things = store.NewCollection<BsonDocument>();
        await Create(things, "{ at: -1, _id: -1 }", new());
        await things.InsertManyAsync(Enumerable.Range(0, 500).Select(n => new BsonDocument { { "_id", n }, { "at", n / 10 } }), cancellationToken: Ct);
        List<int> seen = [];
        var filter = Builders<BsonDocument>.Filter.Empty;

        for (; ; )
        {
            var page = await things.Find(filter).Sort("{ at: -1, _id: -1 }").Limit(37).ToListAsync(Ct);
            if (page.Count == 0) break;
            seen.AddRange(page.Select(d => d["_id"].AsInt32));
            var (at, id) = (page[^1]["at"], page[^1]["_id"]);
            filter = Builders<BsonDocument>.Filter.Lt("at", at) | Builders<BsonDocument>.Filter.Eq("at", at) & Builders<BsonDocument>.Filter.Lt("_id", id);
        }

        seen.ShouldBe(Enumerable.Range(0, 500).Reverse());
    }

    private static Task Create(IMongoCollection<BsonDocument> things, string keys, CreateIndexOptions options) =>
        things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(keys, options), cancellationToken: Ct);

    private static async Task<List<string>> Names(IMongoCollection<BsonDocument> things) =>
        [.. (await (await things.Indexes.ListAsync(Ct)).ToListAsync(Ct)).Select(i => i["name"].AsString)];
}
