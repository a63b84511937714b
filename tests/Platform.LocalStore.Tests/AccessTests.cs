using System.Text;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.LocalStore.Tests;

/// <summary>Each service has its own credentials, and can touch its own database only.</summary>
public class AccessTests(StoreInstance store)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_works_in_its_own_database_and_in_no_other()
    {
        using var client = new MongoClient(store.Uri("articles"));
        var own = client.GetDatabase("articles").GetCollection<BsonDocument>("things");
        var other = client.GetDatabase("comments").GetCollection<BsonDocument>("things");

        await own.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{ a: 1 }"), cancellationToken: Ct);
        await own.InsertOneAsync(new BsonDocument("a", 1), cancellationToken: Ct);
        (await own.Find("{ a: 1 }").AnyAsync(Ct)).ShouldBeTrue();

        (await Should.ThrowAsync<MongoCommandException>(() => other.Find("{}").AnyAsync())).Code.ShouldBe(13);
        (await Should.ThrowAsync<MongoCommandException>(() => other.InsertOneAsync(new BsonDocument()))).Code.ShouldBe(13);
        (await Should.ThrowAsync<MongoCommandException>(() => client.DropDatabaseAsync("comments"))).Code.ShouldBe(13);
        (await Should.ThrowAsync<MongoCommandException>(() => client.ListDatabaseNamesAsync())).Code.ShouldBe(13);
    }

    [Theory]
    [InlineData("{ $merge: { into: { db: 'comments', coll: 'things' } } }")]
    [InlineData("{ $out: { db: 'comments', coll: 'things' } }")]
    public async Task A_service_cannot_write_elsewhere_by_way_of_an_aggregation(string stage)
    {
        using var client = new MongoClient(store.Uri("notifications"));
        var own = client.GetDatabase("notifications").GetCollection<BsonDocument>("things");
        await own.InsertOneAsync(new BsonDocument("a", 1), cancellationToken: Ct);

        (await Should.ThrowAsync<MongoCommandException>(() => own.AggregateAsync<BsonDocument>(new[] { BsonDocument.Parse(stage) }))).Code.ShouldBe(13);
    }

    [Theory]
    [InlineData("articles", "wrong")]
    [InlineData("nobody", "wrong")]
    public async Task A_wrong_name_and_a_wrong_password_are_refused_alike(string user, string password)
    {
        using var client = new MongoClient($"mongodb://{user}:{password}@{store.Gateway}/?directConnection=true");

        var refused = await Should.ThrowAsync<MongoAuthenticationException>(() => client.GetDatabase("articles").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1)));

        refused.InnerException.ShouldBeOfType<MongoCommandException>().Message.ShouldContain("Authentication failed.");
    }

    [Theory]
    [InlineData("{ find: 'things', $db: 'articles' }")]
    [InlineData("{ listDatabases: 1, $db: 'admin' }")]
    [InlineData("{ ping: 1, $db: 'admin' }")]
    [InlineData("{ nope: 1, $db: 'admin' }")]
    public async Task A_stranger_may_say_hello_and_nothing_else(string command)
    {
        await using var stream = await Wire.Connect(store.Gateway);

        (await Wire.Ask(stream, BsonDocument.Parse("{ hello: 1, $db: 'admin' }")))!["ok"].ShouldBe(1.0);
        (await Wire.Ask(stream, BsonDocument.Parse(command)))!["code"].ShouldBe(13);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n,,n=admin")]
    [InlineData("p=tls-unique,,n=admin,r=x")]
    [InlineData("n,,r=x")]
    public async Task A_malformed_authentication_is_refused(string payload)
    {
        await using var stream = await Wire.Connect(store.Gateway);

        var refused = await Wire.Ask(stream, new BsonDocument { { "saslStart", 1 }, { "mechanism", "SCRAM-SHA-256" }, { "payload", Encoding.UTF8.GetBytes(payload) }, { "$db", "admin" } });

        refused!["code"].ShouldBe(18);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c=biws,r=nonce,p=AAAA")]
    [InlineData("c=biws,r={nonce}")]
    [InlineData("c=biws,r={nonce},p=not base64")]
    [InlineData("c=biws,r={nonce},p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public async Task A_proof_that_is_none_is_refused_and_leaves_a_stranger(string payload)
    {
        await using var stream = await Wire.Connect(store.Gateway);
        var started = await Wire.Ask(stream, new BsonDocument { { "saslStart", 1 }, { "mechanism", "SCRAM-SHA-256" }, { "payload", Encoding.UTF8.GetBytes("n,,n=admin,r=nonce") }, { "$db", "admin" } });
        var nonce = Encoding.UTF8.GetString(started!["payload"].AsByteArray).Split(',')[0][2..];

        var refused = await Wire.Ask(stream, new BsonDocument
        {
            { "saslContinue", 1 }, { "conversationId", 1 }, { "payload", Encoding.UTF8.GetBytes(payload.Replace("{nonce}", nonce, StringComparison.Ordinal)) }, { "$db", "admin" },
        });

        refused!["code"].ShouldBe(18);
        (await Wire.Ask(stream, BsonDocument.Parse("{ ping: 1, $db: 'admin' }")))!["code"].ShouldBe(13);
    }

    [Fact]
    public async Task A_strangers_large_message_is_not_even_read()
    {
        await using var stream = await Wire.Connect(store.Gateway);

        await stream.WriteAsync(Wire.Int32(WireMessage.MaxUnauthenticated + 1).Concat(new byte[12]).ToArray(), Ct);

        (await Wire.Reply(stream)).ShouldBeNull();
    }

    [Fact]
    public void Of_users_a_file_says_name_and_password()
    {
        Users.From(["articles secret", ""]).Knows("articles").ShouldBeTrue();
        Should.Throw<FormatException>(() => Users.From(["articles"]));
    }
}
