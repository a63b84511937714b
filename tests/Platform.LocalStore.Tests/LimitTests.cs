using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;

namespace Platform.LocalStore.Tests;

/// <summary>What the gateway keeps is bounded, and forgotten in time.</summary>
public class LimitTests(StoreInstance store)
{
    private static readonly BsonDocument Hello = new() { { "hello", 1 }, { "$db", "admin" } };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_connection_too_many_is_told_so_and_closed()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var endpoint = FreeEndpoint();
        await using var engine = new Engine(store.EngineConnection);
        var running = new Listener(endpoint, new Commands(engine, new Cursors(engine, TimeProvider.System), new Handshake(endpoint, TimeProvider.System)), Users.From([]), maxConnections: 3).Run(stop.Token);
        var served = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Wire.Connect(endpoint)));
        foreach (var stream in served) (await Wire.Ask(stream, Hello))!["ok"].ShouldBe(1.0);

        await using var tooMany = await Wire.Connect(endpoint);
        var refused = await Wire.Ask(tooMany, Hello);

        refused!["ok"].ShouldBe(0.0);
        refused["errmsg"].AsString.ShouldContain("at most 3");
        (await Wire.Reply(tooMany)).ShouldBeNull();
        (await Wire.Ask(served[0], Hello))!["ok"].ShouldBe(1.0);
        await served[1].DisposeAsync();
        await Platform.Testing.Eventually.True(async () =>
        {
            await using var next = await Wire.Connect(endpoint);
            return (await Wire.Ask(next, Hello))?["ok"] == 1.0;
        }, "the place of one that left is free again");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_session_is_forgotten_half_an_hour_after_its_last_write()
    {
        await using var engine = new Engine(store.EngineConnection);
        await using var stream = await Wire.SignIn(store);
        var (old, recent) = (new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard), new BsonBinaryData(Guid.NewGuid(), GuidRepresentation.Standard));
        foreach (var session in (BsonBinaryData[])[old, recent])
            (await Wire.Ask(stream, new BsonDocument { { "insert", "things" }, { "documents", new BsonArray { new BsonDocument() } }, { "lsid", new BsonDocument("id", session) }, { "txnNumber", 1L }, { "$db", "forget" } }))!["n"].ShouldBe(1);
        await engine.Call(repeatable: true, "UPDATE gateway.writes SET at = now() - interval '31 minutes' WHERE session = $1", Ct, old.Bytes);

        await engine.Call(repeatable: true, OnceSql.Forget, Ct);

        (await Known(old)).ShouldBeFalse();
        (await Known(recent)).ShouldBeTrue();

        async Task<bool> Known(BsonBinaryData session) => await engine.Call(repeatable: true, "SELECT session FROM gateway.writes WHERE session = $1", Ct, session.Bytes) is not null;
    }

    [Fact]
    public void Only_a_loopback_address_is_served()
    {
        var (ok, output) = Platform.Testing.Infrastructure.Run("dotnet", [typeof(Listener).Assembly.Location, "--listen=0.0.0.0:29999", "--engine=Host=/nowhere", "--users=/dev/null"], TimeSpan.FromSeconds(30));

        ok.ShouldBeFalse();
        output.ShouldContain("loopback");
    }

    private static IPEndPoint FreeEndpoint()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return (IPEndPoint)probe.LocalEndpoint;
    }
}
