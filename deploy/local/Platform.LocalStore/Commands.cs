using System.Collections.Frozen;
using MongoDB.Bson;

namespace Platform.LocalStore;

/// <summary>Which command does what: the whole table, and what becomes of names that are not in it.</summary>
internal sealed class Commands
{
    private static readonly byte[] Ok = new BsonDocument("ok", 1.0).ToBson();
    private readonly Engine _engine;
    private readonly Cursors _cursors;
    private readonly FrozenDictionary<string, Func<WireMessage, CancellationToken, Task<byte[]>>> _table;
    private readonly Handshake _handshake;

    public Commands(Engine engine, Cursors cursors, Handshake handshake)
    {
        (_engine, _cursors, _handshake) = (engine, cursors, handshake);
        var writes = new Writes(engine);
        var shapes = new Shapes(engine);
        _table = new Dictionary<string, Func<WireMessage, CancellationToken, Task<byte[]>>>(StringComparer.Ordinal)
        {
            // documents
            ["insert"] = writes.Run,
            ["update"] = writes.Run,
            ["delete"] = writes.Run,
            ["findAndModify"] = writes.Run,
            ["findandmodify"] = writes.Run,
            ["find"] = (r, ct) => _cursors.Open(EngineSql.Find, r, repeatable: true, ct),
            ["aggregate"] = (r, ct) => _cursors.Open(EngineSql.Aggregate, r, repeatable: !Unsupported.WritesOut(r), ct),
            ["getMore"] = _cursors.Next,
            ["killCursors"] = _cursors.Kill,
            ["count"] = (r, ct) => Read(EngineSql.Count, r, ct),
            ["distinct"] = (r, ct) => Read(EngineSql.Distinct, r, ct),

            // collections and indexes
            ["create"] = shapes.Create,
            ["drop"] = shapes.Drop,
            ["dropDatabase"] = shapes.DropDatabase,
            ["createIndexes"] = shapes.CreateIndexes,
            ["dropIndexes"] = shapes.DropIndexes,
            ["listCollections"] = (r, ct) => _cursors.Open(EngineSql.ListCollections, r, repeatable: true, ct),
            ["listIndexes"] = (r, ct) => _cursors.Open(EngineSql.ListIndexes, r, repeatable: true, ct),
            ["listDatabases"] = shapes.ListDatabases,
            ["collStats"] = shapes.CollectionStats,
            ["dbStats"] = shapes.DatabaseStats,

            // the connection and its sessions; the engine remembers sessions by their writes alone
            ["ping"] = Ping,
            ["buildInfo"] = (_, _) => Task.FromResult(Handshake.BuildInfo()),
            ["buildinfo"] = (_, _) => Task.FromResult(Handshake.BuildInfo()),
            ["endSessions"] = (_, _) => Task.FromResult(Ok),
            ["refreshSessions"] = (_, _) => Task.FromResult(Ok),
        }.ToFrozenDictionary();
    }

    /// <summary>Runs a command and gives its reply.</summary>
    /// <exception cref="StoreError">It is refused, with MongoDB's code.</exception>
    public async Task<byte[]> Run(WireMessage request, Caller caller, CancellationToken ct)
    {
        switch (request.Name)
        {
            case "hello" or "isMaster" or "ismaster": return _handshake.Hello(request, caller);
            case "saslStart": return caller.Start(request.Command).ToBson();
            case "saslContinue": return caller.Continue(request.Command).ToBson();
        }
        caller.Check(request);
        Unsupported.Check(request);
        return _table.TryGetValue(request.Name, out var run) ? await run(request, ct) : throw Unsupported.Command(request.Name);
    }

    /// <summary>Succeeds only when the engine answers too.</summary>
    private async Task<byte[]> Ping(WireMessage request, CancellationToken ct) =>
        await _engine.Call(repeatable: true, "SELECT NULL::bytea", ct) ?? Ok;

    private async Task<byte[]> Read(string sql, WireMessage request, CancellationToken ct) =>
        await _engine.Call(repeatable: true, sql, ct, request.Database, request.Body) ?? Ok;
}
