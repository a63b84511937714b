using MongoDB.Bson;
using MongoDB.Bson.Serialization.Attributes;
using MongoDB.Driver;
using MongoDB.Driver.Linq;

namespace Platform.LocalStore.Tests;

/// <summary>Documents in and out through MongoDB.Driver, as services use it.</summary>
public class CrudTests(StoreInstance store)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_document_comes_back_as_it_was_stored()
    {
        var things = store.NewCollection<Thing>();
        var thing = new Thing { Id = 1, Name = "مقالة", Tags = ["a", "b"], Price = 10.5m, At = new DateTime(2024, 2, 29, 12, 0, 0, 123, DateTimeKind.Utc), Inner = new("x", 5), Key = Guid.NewGuid() };

        await things.InsertOneAsync(thing, cancellationToken: Ct);

        (await things.Find(t => t.Id == 1).SingleAsync(Ct)).ShouldBeEquivalentTo(thing);
    }

    [Theory]
    [InlineData("{ n: { $gte: 7 } }", "7,8,9")]
    [InlineData("{ n: { $in: [1, 3, 99] } }", "1,3")]
    [InlineData("{ n: { $not: { $lt: 9 } } }", "9")]
    [InlineData("{ $or: [{ n: 0 }, { name: 'thing 2' }] }", "0,2")]
    [InlineData("{ $and: [{ n: { $gt: 3 } }, { n: { $lt: 5 } }] }", "4")]
    [InlineData("{ tags: 'odd', n: { $gt: 5 } }", "7,9")]
    [InlineData("{ tags: { $all: ['odd', 'all'] }, n: { $lt: 2 } }", "1")]
    [InlineData("{ tags: { $size: 3 } }", "0")]
    [InlineData("{ name: { $regex: '^THING [12]$', $options: 'i' } }", "1,2")]
    [InlineData("{ inner: { $exists: true } }", "5")]
    [InlineData("{ 'inner.value': null, n: { $lt: 1 } }", "0")]
    [InlineData("{ rows: { $elemMatch: { k: 'b', v: { $gt: 7 } } } }", "8,9")]
    [InlineData("{ n: { $type: 'int', $mod: [5, 0] } }", "0,5")]
    [InlineData("{ $expr: { $eq: ['$n', { $size: '$tags' }] } }", "2")]
    public async Task Queries_find_what_their_operators_say(string filter, string expected)
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertManyAsync(Enumerable.Range(0, 10).Select(n =>
        {
            var thing = new BsonDocument
            {
                { "_id", n }, { "n", n }, { "name", $"thing {n}" }, { "tags", new BsonArray { n % 2 == 0 ? "even" : "odd", "all" } },
                { "rows", new BsonArray { new BsonDocument { { "k", "a" }, { "v", 100 } }, new BsonDocument { { "k", "b" }, { "v", n } } } },
            };
            if (n == 0) thing["tags"].AsBsonArray.Add("zero");
            if (n == 5) thing["inner"] = new BsonDocument("value", 1);
            return thing;
        }), cancellationToken: Ct);

        var found = await things.Find(BsonDocument.Parse(filter)).Sort("{ n: 1 }").ToListAsync(Ct);

        string.Join(',', found.Select(f => f["n"])).ShouldBe(expected);
    }

    [Theory]
    [InlineData("{ $set: { a: 2, 'b.c': 3 } }", "{ _id: 1, a: 2, l: [1, 2], b: { c: 3 } }")]
    [InlineData("{ $inc: { a: 5 } }", "{ _id: 1, a: 6, l: [1, 2] }")]
    [InlineData("{ $unset: { a: '' } }", "{ _id: 1, l: [1, 2] }")]
    [InlineData("{ $push: { l: { $each: [3, 4], $slice: -3 } } }", "{ _id: 1, a: 1, l: [2, 3, 4] }")]
    [InlineData("{ $addToSet: { l: 2 } }", "{ _id: 1, a: 1, l: [1, 2] }")]
    [InlineData("{ $pull: { l: { $gte: 2 } } }", "{ _id: 1, a: 1, l: [1] }")]
    [InlineData("{ $rename: { a: 'z' } }", "{ _id: 1, l: [1, 2], z: 1 }")]
    [InlineData("{ $min: { a: 0 }, $max: { m: 9 } }", "{ _id: 1, a: 0, l: [1, 2], m: 9 }")]
    public async Task Updates_do_what_their_operators_say(string update, string expected)
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertOneAsync(BsonDocument.Parse("{ _id: 1, a: 1, l: [1, 2] }"), cancellationToken: Ct);

        await things.UpdateOneAsync("{ _id: 1 }", BsonDocument.Parse(update), cancellationToken: Ct);

        (await things.Find("{}").SingleAsync(Ct)).ShouldBe(BsonDocument.Parse(expected));
    }

    [Fact]
    public async Task An_update_may_be_a_pipeline_or_reach_into_arrays()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertOneAsync(BsonDocument.Parse("{ _id: 1, name: 'x', items: [{ k: 'a', n: 1 }, { k: 'b', n: 2 }] }"), cancellationToken: Ct);

        await things.UpdateOneAsync("{ _id: 1 }", Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { BsonDocument.Parse("{ $set: { name: { $concat: ['p-', '$name'] } } }") }), cancellationToken: Ct);
        await things.UpdateOneAsync("{ _id: 1 }", "{ $inc: { 'items.$[i].n': 10 } }",
            new UpdateOptions { ArrayFilters = [new BsonDocumentArrayFilterDefinition<BsonDocument>(BsonDocument.Parse("{ 'i.k': 'b' }"))] }, Ct);
        await things.UpdateOneAsync("{ _id: 1, 'items.k': 'a' }", "{ $set: { 'items.$.n': 7 } }", cancellationToken: Ct);

        (await things.Find("{}").SingleAsync(Ct)).ShouldBe(BsonDocument.Parse("{ _id: 1, name: 'p-x', items: [{ k: 'a', n: 7 }, { k: 'b', n: 12 }] }"));
    }

    [Fact]
    public async Task Writes_tell_what_they_did()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertManyAsync(Enumerable.Range(0, 5).Select(n => new BsonDocument { { "_id", n }, { "n", n } }), cancellationToken: Ct);

        (await things.UpdateManyAsync("{ n: { $lt: 3 } }", "{ $set: { low: true } }", cancellationToken: Ct)).ModifiedCount.ShouldBe(3);
        var again = await things.UpdateManyAsync("{ n: { $lt: 3 } }", "{ $set: { low: true } }", cancellationToken: Ct);
        (again.MatchedCount, again.ModifiedCount).ShouldBe((3, 0));
        var upsert = await things.UpdateOneAsync("{ _id: 9 }", "{ $setOnInsert: { n: 9 } }", new UpdateOptions { IsUpsert = true }, Ct);
        (upsert.MatchedCount, upsert.UpsertedId).ShouldBe((0, new BsonInt32(9)));
        (await things.ReplaceOneAsync("{ _id: 9 }", new BsonDocument("n", 10), cancellationToken: Ct)).ModifiedCount.ShouldBe(1);
        (await things.DeleteManyAsync("{ low: true }", Ct)).DeletedCount.ShouldBe(3);
        (await things.CountDocumentsAsync("{}", cancellationToken: Ct)).ShouldBe(3);
        (await things.EstimatedDocumentCountAsync(cancellationToken: Ct)).ShouldBe(3);
        (await things.Distinct<int>("n", "{}", cancellationToken: Ct).ToListAsync(Ct)).ShouldBe([3, 4, 10], ignoreOrder: true);
    }

    [Fact]
    public async Task Find_and_modify_gives_the_document_before_or_after()
    {
        var things = store.NewCollection<BsonDocument>();
        var after = new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After };

        (await things.FindOneAndUpdateAsync("{ _id: 1 }", "{ $inc: { n: 1 }, $setOnInsert: { first: true } }", after, Ct)).ShouldBe(BsonDocument.Parse("{ _id: 1, n: 1, first: true }"));
        (await things.FindOneAndUpdateAsync("{ _id: 1 }", "{ $inc: { n: 1 } }", after, Ct))["n"].ShouldBe(2);
        (await things.FindOneAndUpdateAsync("{ _id: 1 }", "{ $inc: { n: 1 } }", cancellationToken: Ct))["n"].ShouldBe(2);
        (await things.FindOneAndUpdateAsync("{ _id: 5 }", "{ $inc: { n: 1 } }", cancellationToken: Ct)).ShouldBeNull();
        (await things.FindOneAndDeleteAsync("{ _id: 1 }", cancellationToken: Ct))["n"].ShouldBe(3);
        (await things.Find("{}").AnyAsync(Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_bulk_tells_of_each_operation_that_failed()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Ct);
        WriteModel<BsonDocument>[] bulk =
        [
            new InsertOneModel<BsonDocument>(new("_id", 2)), new InsertOneModel<BsonDocument>(new("_id", 1)),
            new UpdateOneModel<BsonDocument>("{ _id: 2 }", "{ $set: { a: 1 } }"), new UpdateOneModel<BsonDocument>("{ _id: 3 }", "{ $set: { a: 1 } }") { IsUpsert = true },
            new DeleteOneModel<BsonDocument>("{ _id: 1 }"),
        ];

        var failed = await Should.ThrowAsync<MongoBulkWriteException<BsonDocument>>(() => things.BulkWriteAsync(bulk, new BulkWriteOptions { IsOrdered = false }));
        failed.WriteErrors.ShouldHaveSingleItem().Index.ShouldBe(1);
        failed.WriteErrors[0].Category.ShouldBe(ServerErrorCategory.DuplicateKey);
        (failed.Result.InsertedCount, failed.Result.ModifiedCount, failed.Result.Upserts.Count, failed.Result.DeletedCount).ShouldBe((1, 1, 1, 1));

        var ordered = await Should.ThrowAsync<MongoBulkWriteException<BsonDocument>>(() => things.InsertManyAsync([new("_id", 10), new("_id", 2), new("_id", 11)]));
        ordered.Result.InsertedCount.ShouldBe(1);
        (await things.Find("{ _id: 11 }").AnyAsync(Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task Linq_sorts_skips_limits_and_groups()
    {
        var things = store.NewCollection<Thing>();
        await things.InsertManyAsync(Enumerable.Range(0, 50).Select(n => new Thing { Id = n, Name = $"n{n % 5}", Price = n }), cancellationToken: Ct);

        var top = await things.AsQueryable().Where(t => t.Name == "n1").OrderByDescending(t => t.Id).Skip(1).Take(2).Select(t => t.Id).ToListAsync(Ct);
        var sums = await things.AsQueryable().GroupBy(t => t.Name).Select(g => new { g.Key, Sum = g.Sum(t => t.Price), Count = g.Count() }).OrderBy(g => g.Key).ToListAsync(Ct);

        top.ShouldBe([41, 36]);
        sums.Select(s => (s.Key, s.Count)).ShouldBe([("n0", 10), ("n1", 10), ("n2", 10), ("n3", 10), ("n4", 10)]);
        sums[1].Sum.ShouldBe(Enumerable.Range(0, 50).Where(n => n % 5 == 1).Sum());
    }

    [Fact]
    public async Task A_write_that_wants_no_answer_arrives()
    {
        var things = store.NewCollection<BsonDocument>();

        await things.WithWriteConcern(WriteConcern.Unacknowledged).InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Ct);

        await Platform.Testing.Eventually.True(() => things.Find("{ _id: 1 }").AnyAsync(Ct), "the unacknowledged insert");
    }

    [Fact]
    public async Task Large_documents_are_stored_and_larger_ones_refused()
    {
        var things = store.NewCollection<BsonDocument>();

        await things.InsertOneAsync(new BsonDocument { { "_id", 1 }, { "bytes", new byte[15_000_000] } }, cancellationToken: Ct);

        (await things.Find("{ _id: 1 }").SingleAsync(Ct))["bytes"].AsByteArray.Length.ShouldBe(15_000_000);
        await Should.ThrowAsync<FormatException>(() => things.InsertOneAsync(new BsonDocument { { "_id", 2 }, { "bytes", new byte[17_000_000] } }));
    }

    [Theory]
    [InlineData("{ n: { $bad: 1 } }", 2)]
    [InlineData("{ n: { $in: 5 } }", 2)]
    public async Task A_wrong_query_is_the_callers_error(string filter, int code) =>
        (await Should.ThrowAsync<MongoCommandException>(() => store.NewCollection<BsonDocument>().Find(BsonDocument.Parse(filter)).ToListAsync())).Code.ShouldBe(code);

    [Fact]
    public async Task An_id_cannot_be_changed()
    {
        var things = store.NewCollection<BsonDocument>();
        await things.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Ct);

        (await Should.ThrowAsync<MongoWriteException>(() => things.UpdateOneAsync("{ _id: 1 }", "{ $set: { _id: 2 } }"))).WriteError.Code.ShouldBe(66);
    }

    [Fact]
    public async Task Databases_and_collections_are_listed_and_dropped()
    {
        var database = store.NewDatabase();
        await database.CreateCollectionAsync("one", cancellationToken: Ct);
        await database.GetCollection<BsonDocument>("two").InsertOneAsync(new BsonDocument(), cancellationToken: Ct);

        (await (await database.ListCollectionNamesAsync(cancellationToken: Ct)).ToListAsync(Ct)).ShouldBe(["one", "two"], ignoreOrder: true);
        (await Should.ThrowAsync<MongoCommandException>(() => database.CreateCollectionAsync("one"))).Code.ShouldBe(48);
        (await (await store.Client.ListDatabaseNamesAsync(Ct)).ToListAsync(Ct)).ShouldContain(database.DatabaseNamespace.DatabaseName);
        await database.DropCollectionAsync("one", Ct);
        await database.DropCollectionAsync("never there", Ct);
        (await (await database.ListCollectionNamesAsync(cancellationToken: Ct)).ToListAsync(Ct)).ShouldBe(["two"]);
        await store.Client.DropDatabaseAsync(database.DatabaseNamespace.DatabaseName, Ct);
        (await (await database.ListCollectionNamesAsync(cancellationToken: Ct)).ToListAsync(Ct)).ShouldBeEmpty();
    }

    public sealed record Inner(string Name, int Value);

    public sealed record Thing
    {
        public int Id { get; init; }
        public string Name { get; init; } = "";
        public List<string> Tags { get; init; } = [];
        [BsonRepresentation(BsonType.Decimal128)] public decimal Price { get; init; }
        public DateTime At { get; init; }
        public Inner? Inner { get; init; }
        [BsonGuidRepresentation(GuidRepresentation.Standard)] public Guid Key { get; init; }
    }
}
