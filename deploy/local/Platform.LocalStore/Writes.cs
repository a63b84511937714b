using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Platform.LocalStore;

/// <summary>insert, update, delete, findAndModify. A numbered one takes effect once, however often it is sent.</summary>
internal sealed class Writes(Engine engine)
{
    public async Task<byte[]> Run(WireMessage request, CancellationToken ct)
    {
        var kind = request.Name == "findandmodify" ? "findAndModify" : request.Name;
        var command = request.Command;
        var reply = command.TryGetValue("txnNumber", out var number)
            ? await Once(kind, command["lsid"]["id"].AsByteArray, number.AsInt64, request, ct)
            : await Plainly(kind, request, ct);
        return kind == "findAndModify" ? reply : InMongosTerms(request, reply);
    }

    private async Task<byte[]> Once(string kind, byte[] session, long number, WireMessage request, CancellationToken ct) =>
        await engine.Call(repeatable: true, OnceSql.Write, ct, session, number, kind, request.Database, request.Body, (object?)request.Documents)
        ?? throw new StoreError(StoreError.TransactionTooOld, $"write {number} of this session comes after a newer one");

    /// <summary>A write over many documents has no number, and is not repeated when the engine dies under it.</summary>
    private async Task<byte[]> Plainly(string kind, WireMessage request, CancellationToken ct) => kind == "findAndModify"
        ? (await engine.Call(repeatable: false, EngineSql.FindAndModify, ct, request.Database, request.Body))!
        : (await engine.Call(repeatable: false, kind switch { "insert" => EngineSql.Insert, "update" => EngineSql.Update, _ => EngineSql.Delete }, ct,
            request.Database, request.Body, (object?)request.Documents))!;

    /// <summary>The engine's codes and its text for duplicate keys, put as MongoDB puts them.</summary>
    private static byte[] InMongosTerms(WireMessage request, byte[] reply)
    {
        if (reply.AsSpan().IndexOf("writeErrors"u8) < 0) return reply;
        var document = BsonSerializer.Deserialize<BsonDocument>(reply);
        if (!document.TryGetValue("writeErrors", out var errors)) return reply;
        foreach (var error in errors.AsBsonArray.OfType<BsonDocument>())
        {
            var code = StoreError.Unpack(error["code"].ToInt32());
            error["code"] = code;
            if (code == StoreError.DuplicateKey) error["errmsg"] = StoreError.DuplicateText(request, IndexIn(error["errmsg"].AsString));
        }
        return document.ToBson();
    }

    /// <summary>The engine says: … violates Index 'name'.</summary>
    private static string? IndexIn(string text)
    {
        const string before = "Index '";
        var at = text.IndexOf(before, StringComparison.Ordinal);
        return at < 0 ? null : text[(at + before.Length)..].TrimEnd('\'');
    }
}
