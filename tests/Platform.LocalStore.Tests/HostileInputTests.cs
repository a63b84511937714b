using System.Net.Sockets;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Platform.LocalStore.Tests;

/// <summary>What hostile or broken clients send harms nobody but themselves.</summary>
public class HostileInputTests(StoreInstance store)
{
    private static readonly BsonDocument Ping = new() { { "ping", 1 }, { "$db", "admin" } };

    [Fact]
    public async Task Bytes_that_are_no_message_close_only_their_own_connection()
    {
        await using var neighbour = await Wire.SignIn(store);
        foreach (var garbage in (byte[][])[
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(),
            Wire.Int32(int.MaxValue),
            [.. Wire.Int32(-5), .. new byte[12]],
            Wire.Raw(1, 2012, new byte[40]),
            Wire.Raw(1, WireMessage.OpMsg, [0xFF, 0xFF, 0xFF, 0xFF, 0, 5, 0, 0, 0, 0]),
            Wire.Raw(1, WireMessage.OpMsg, [0, 0, 0, 0, 9, 5, 0, 0, 0, 0]),
            Wire.Raw(1, WireMessage.OpMsg, [0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0])])
        {
            await using var stream = await Wire.SignIn(store);
            await stream.WriteAsync(garbage, TestContext.Current.CancellationToken);
            stream.Socket.Shutdown(SocketShutdown.Send);
            (await Wire.Reply(stream)).ShouldBeNull();
        }
        (await Wire.Ask(neighbour, Ping))!["ok"].ShouldBe(1.0);
    }

    [Theory]
    [InlineData("{ find: 1, $db: 'x' }")]
    [InlineData("{ find: 'c', filter: 'no document', $db: 'x' }")]
    [InlineData("{ insert: 'c', documents: 5, $db: 'x' }")]
    [InlineData("{ insert: 'c', $db: 'x' }")]
    [InlineData("{ update: 'c', updates: [{ q: {}, u: { $set: { a: 1 } } }], txnNumber: 'one', lsid: 5, $db: 'x' }")]
    [InlineData("{ update: 'c', updates: [{ q: {}, u: { $set: { a: 1 } } }], txnNumber: 1, $db: 'x' }")]
    [InlineData("{ getMore: 'no number', collection: 'c', $db: 'x' }")]
    [InlineData("{ killCursors: 'c', cursors: 'none', $db: 'x' }")]
    [InlineData("{ create: '', $db: 'x' }")]
    [InlineData("{ ping: 1, $db: 5 }")]
    [InlineData("{ createIndexes: 'c', indexes: [{}], $db: 'x' }")]
    [InlineData("{ find: 'c', $db: 'bad\u0000name' }")]
    [InlineData("{ find: 'c', $db: '' }")]
    public async Task A_malformed_command_is_answered_with_an_error_and_the_connection_lives_on(string command)
    {
        await using var stream = await Wire.SignIn(store);

        var reply = await Wire.Ask(stream, BsonDocument.Parse(command));

        reply!["ok"].ShouldBe(0.0);
        reply["errmsg"].AsString.ShouldNotBeEmpty();
        (await Wire.Ask(stream, Ping))!["ok"].ShouldBe(1.0);
    }

    [Fact]
    public async Task A_document_whose_inside_is_garbage_never_reaches_the_engine()
    {
        var body = new BsonDocument { { "insert", "things" }, { "documents", new BsonArray { new BsonDocument("abc", "defghi") } }, { "$db", "hostile" } }.ToBson();
        body[body.AsSpan().IndexOf("defghi"u8) - 4] = 0xFF; // a text that claims to be longer than its document
        await Refused(Wire.Raw(1, WireMessage.OpMsg, [0, 0, 0, 0, 0, .. body]));
    }

    [Fact]
    public async Task Documents_nested_without_end_never_reach_the_engine()
    {
        var document = new RawBsonDocument(Wire.Nested(5_000));
        await Refused(Wire.Msg(1, new BsonDocument { { "insert", "things" }, { "documents", new BsonArray { document } }, { "$db", "hostile" } }));
    }

    private async Task Refused(byte[] message)
    {
        await using var stream = await Wire.SignIn(store);
        await stream.WriteAsync(message, TestContext.Current.CancellationToken);
        (await Wire.Reply(stream)).ShouldBeNull();
        (await store.Client.GetDatabase("hostile").GetCollection<BsonDocument>("things").EstimatedDocumentCountAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    [Fact]
    public async Task Slow_clients_with_large_messages_do_not_keep_others_from_working()
    {
        // Each announces the largest message, and sends a part of it only.
        var slow = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var stream = await Wire.SignIn(store);
            byte[] part = [.. Wire.Int32(WireMessage.MaxLength), .. new byte[1000]];
            await stream.WriteAsync(part);
            return stream;
        }));
        var collection = store.NewCollection<BsonDocument>();

        await collection.InsertManyAsync(Enumerable.Range(0, 100).Select(i => new BsonDocument("_id", i)), cancellationToken: TestContext.Current.CancellationToken);

        (await collection.CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty, cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(100);
        foreach (var stream in slow) await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_a_message_leaves_nothing_behind()
    {
        foreach (var length in (int[])[1, 4, 15, 16, 30])
        {
            var stream = await Wire.SignIn(store);
            await stream.WriteAsync(Wire.Msg(1, Ping).AsMemory(0, length), TestContext.Current.CancellationToken);
            stream.Socket.LingerState = new LingerOption(enable: true, seconds: 0); // a reset, not a goodbye
            await stream.DisposeAsync();
        }
        await using var neighbour = await Wire.SignIn(store);
        (await Wire.Ask(neighbour, Ping))!["ok"].ShouldBe(1.0);
    }
}
