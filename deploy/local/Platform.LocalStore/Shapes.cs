using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Platform.LocalStore;

/// <summary>Databases, collections and indexes: making, listing, dropping, measuring.</summary>
internal sealed class Shapes(Engine engine)
{
    private static readonly byte[] Ok = new BsonDocument("ok", 1.0).ToBson();

    /// <summary>Makes an empty collection.</summary>
    /// <exception cref="StoreError">48 NamespaceExists.</exception>
    public async Task<byte[]> Create(WireMessage request, CancellationToken ct)
    {
        var collection = Collection(request);
        var made = await engine.Run(repeatable: false, async connection =>
        {
            await using var command = Engine.Command(connection, EngineSql.CreateCollection, request.Database, collection);
            return await command.ExecuteScalarAsync(ct) is true;
        }, ct);
        return made ? Ok : throw new StoreError(StoreError.NamespaceExists, $"Collection {request.Database}.{collection} already exists.");
    }

    public async Task<byte[]> Drop(WireMessage request, CancellationToken ct)
    {
        await engine.Call(repeatable: true, EngineSql.DropCollection, ct, request.Database, Collection(request));
        return new BsonDocument { { "ns", $"{request.Database}.{Collection(request)}" }, { "ok", 1.0 } }.ToBson();
    }

    public async Task<byte[]> DropDatabase(WireMessage request, CancellationToken ct)
    {
        await engine.Call(repeatable: true, EngineSql.DropDatabase, ct, request.Database);
        return new BsonDocument { { "dropped", request.Database }, { "ok", 1.0 } }.ToBson();
    }

    /// <summary>The engine answers as a cluster of one shard would; the driver wants that shard's answer.</summary>
    public async Task<byte[]> CreateIndexes(WireMessage request, CancellationToken ct)
    {
        var reply = Read(await engine.Call(repeatable: true, EngineSql.CreateIndexes, ct, request.Database, request.Body));
        if (reply.TryGetValue("raw", out var raw) && raw["defaultShard"] is BsonDocument shard)
        {
            if (shard.TryGetValue("code", out var code)) throw new StoreError(StoreError.Unpack(code.ToInt32()), shard.GetValue("errmsg", "").AsString);
            reply = shard;
        }
        reply["ok"] = 1.0;
        return reply.ToBson();
    }

    public async Task<byte[]> DropIndexes(WireMessage request, CancellationToken ct)
    {
        var reply = Read(await engine.CallProcedure(EngineSql.DropIndexes, ct, request.Database, request.Body));
        reply["ok"] = reply.GetValue("ok", true).ToBoolean() ? 1.0 : 0.0;
        return reply.ToBson();
    }

    public async Task<byte[]> ListDatabases(WireMessage request, CancellationToken ct) =>
        await engine.Call(repeatable: true, EngineSql.ListDatabases, ct, request.Body) ?? Ok;

    public async Task<byte[]> CollectionStats(WireMessage request, CancellationToken ct) =>
        await engine.Call(repeatable: true, EngineSql.CollectionStats, ct, request.Database, Collection(request), Scale(request)) ?? Ok;

    public async Task<byte[]> DatabaseStats(WireMessage request, CancellationToken ct) =>
        await engine.Call(repeatable: true, EngineSql.DatabaseStats, ct, request.Database, Scale(request)) ?? Ok;

    private static double Scale(WireMessage request) => request.Command.GetValue("scale", 1).ToDouble();

    private static BsonDocument Read(byte[]? reply) => BsonSerializer.Deserialize<BsonDocument>(reply);

    private static string Collection(WireMessage request) => request.Command.GetElement(0).Value is BsonString { Value.Length: > 0 } name
        ? name.Value
        : throw new StoreError(StoreError.InvalidNamespace, $"'{request.Name}' names no collection");
}
