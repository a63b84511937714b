using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.LocalStore.Tests;

/// <summary>What the local store cannot do it says, by name.</summary>
public class UnsupportedTests(StoreInstance store)
{
    [Theory]
    [InlineData("{ aggregate: 'c', pipeline: [{ $changeStream: {} }], cursor: {} }", "change streams")]
    [InlineData("{ insert: 'c', documents: [{ _id: 1 }], txnNumber: NumberLong(1), startTransaction: true, autocommit: false }", "transactions")]
    [InlineData("{ commitTransaction: 1 }", "commitTransaction")]
    [InlineData("{ bulkWrite: 1, ops: [], nsInfo: [] }", "bulkWrite")]
    [InlineData("{ mapReduce: 'c' }", "mapReduce")]
    [InlineData("{ configureFailPoint: 'failCommand', mode: 'off' }", "configureFailPoint")]
    [InlineData("{ find: 'c', filter: { $where: 'this.a > 1' } }", "$where")]
    [InlineData("{ aggregate: 'c', pipeline: [{ $project: { x: { $function: { body: 'f', args: [], lang: 'js' } } } }], cursor: {} }", "JavaScript")]
    [InlineData("{ find: 'c', tailable: true }", "tailable cursors")]
    [InlineData("{ create: 'c', capped: true, size: 4096 }", "capped")]
    [InlineData("{ create: 'c', timeseries: { timeField: 't' } }", "timeseries")]
    [InlineData("{ create: 'c', viewOn: 'd', pipeline: [] }", "viewOn")]
    [InlineData("{ createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', collation: { locale: 'en', strength: 2 } }] }", "collation on an index")]
    public async Task An_unsupported_command_is_refused_with_its_name(string command, string name)
    {
        var refused = await Should.ThrowAsync<MongoCommandException>(() => store.NewDatabase().RunCommandAsync<BsonDocument>(BsonDocument.Parse(command)));

        refused.Code.ShouldBe(115);
        refused.CodeName.ShouldBe("CommandNotSupported");
        refused.Message.ShouldContain(name);
        refused.Message.ShouldContain("not supported by the local store");
    }

    [Fact]
    public async Task An_unknown_command_is_not_found()
    {
        var refused = await Should.ThrowAsync<MongoCommandException>(() => store.NewDatabase().RunCommandAsync<BsonDocument>(new BsonDocument("nope", 1)));

        refused.Code.ShouldBe(59);
        refused.Message.ShouldContain("nope");
    }

    [Fact]
    public async Task A_text_that_only_names_something_unsupported_is_stored()
    {
        var collection = store.NewCollection<BsonDocument>();
        var words = new BsonDocument { { "_id", 1 }, { "text", "$where" }, { "list", new BsonArray { "$changeStream", "$function" } } };

        await collection.InsertOneAsync(words, cancellationToken: TestContext.Current.CancellationToken);

        (await collection.Find("{ text: '$where' }").SingleAsync(TestContext.Current.CancellationToken)).ShouldBe(words);
    }

    [Fact]
    public async Task A_transaction_is_refused_by_name_through_the_driver()
    {
        using var session = await store.Client.StartSessionAsync(cancellationToken: TestContext.Current.CancellationToken);
        session.StartTransaction();

        var refused = await Should.ThrowAsync<MongoCommandException>(() => store.NewCollection<BsonDocument>().InsertOneAsync(session, new BsonDocument("_id", 1)));

        refused.Message.ShouldContain("transactions");
    }
}
