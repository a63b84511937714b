using System.Net;
using MongoDB.Bson;

namespace Platform.LocalStore;

/// <summary>What the gateway says about itself: the primary of a replica set of one, so that drivers number their writes.</summary>
internal sealed class Handshake(IPEndPoint endpoint, TimeProvider clock)
{
    /// <summary>MongoDB 7.0: the newest version whose commands the engine all has; 8.0 adds the client-wide bulkWrite.</summary>
    private const int WireVersion = 21;
    private const string Version = "7.0.0";
    private readonly ObjectId _election = ObjectId.GenerateNewId();

    /// <summary>hello, and its older names. The first one may carry the beginning of the authentication.</summary>
    public byte[] Hello(WireMessage request, Caller caller)
    {
        var me = endpoint.ToString();
        var reply = new BsonDocument
        {
            { request.Name == "hello" ? "isWritablePrimary" : "ismaster", true }, { "helloOk", true }, { "secondary", false },
            { "setName", "local" }, { "setVersion", 1 }, { "hosts", new BsonArray { me } }, { "primary", me }, { "me", me }, { "electionId", _election },
            { "maxBsonObjectSize", 16 * 1024 * 1024 }, { "maxMessageSizeBytes", WireMessage.MaxLength }, { "maxWriteBatchSize", 25_000 },
            { "logicalSessionTimeoutMinutes", 30 }, { "connectionId", caller.Connection }, { "localTime", clock.GetUtcNow().UtcDateTime },
            { "minWireVersion", 0 }, { "maxWireVersion", WireVersion }, { "readOnly", false }, { "ok", 1.0 },
        };
        if (request.Command.Contains("saslSupportedMechs")) reply.Add("saslSupportedMechs", new BsonArray { Scram.Mechanism });
        if (request.Command.TryGetValue("speculativeAuthenticate", out var start) && start.AsBsonDocument.GetValue("mechanism", "") == Scram.Mechanism)
            reply.Add("speculativeAuthenticate", caller.Start(start.AsBsonDocument));
        return reply.ToBson();
    }

    public static byte[] BuildInfo() => new BsonDocument
    {
        { "version", Version }, { "versionArray", new BsonArray { 7, 0, 0, 0 } }, { "gitVersion", "local-store" }, { "bits", 64 }, { "maxBsonObjectSize", 16 * 1024 * 1024 }, { "ok", 1.0 },
    }.ToBson();
}
