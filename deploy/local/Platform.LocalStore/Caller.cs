using MongoDB.Bson;

namespace Platform.LocalStore;

/// <summary>Who speaks on a connection: nobody until he has proven who he is.</summary>
internal sealed class Caller(Users users, int connection)
{
    private Scram? _conversation;

    /// <summary>The connection's number; drivers show it in their logs.</summary>
    public int Connection => connection;

    /// <summary>Null until authenticated.</summary>
    public string? User { get; private set; }

    /// <summary>saslStart, alone or within hello.</summary>
    public BsonDocument Start(BsonDocument request)
    {
        if (request.GetValue("mechanism", "").AsString != Scram.Mechanism) throw new StoreError(StoreError.AuthenticationFailed, $"the local store knows {Scram.Mechanism} only");
        _conversation = new(users, request["payload"].AsByteArray);
        return Reply(_conversation.Challenge, done: false);
    }

    /// <summary>saslContinue. The client's last, empty message is answered too, for drivers that send it.</summary>
    public BsonDocument Continue(BsonDocument request)
    {
        if (User is not null && request["payload"].AsByteArray.Length == 0) return Reply([], done: true);
        var conversation = _conversation ?? throw new StoreError(StoreError.AuthenticationFailed, "no authentication is under way");
        _conversation = null;
        var proof = conversation.Finish(request["payload"].AsByteArray);
        User = conversation.User;
        return Reply(proof, done: true);
    }

    /// <summary>Lets pass what this caller may do: everything for the administrator, else what touches the database of his own name.</summary>
    /// <exception cref="StoreError">13 Unauthorized; 73 InvalidNamespace.</exception>
    public void Check(WireMessage request)
    {
        var database = request.Database;
        if (User is null) throw new StoreError(StoreError.Unauthorized, $"command '{request.Name}' requires authentication");
        if (User == Users.Administrator || request.Name is "ping" or "buildInfo" or "buildinfo" or "endSessions" or "refreshSessions") return;
        if (database != User || request.Name == "listDatabases" || Unsupported.WritesElsewhere(request))
            throw new StoreError(StoreError.Unauthorized, $"user '{User}' may not run '{request.Name}' on database '{database}'");
    }

    private static BsonDocument Reply(byte[] payload, bool done) => new() { { "conversationId", 1 }, { "done", done }, { "payload", payload }, { "ok", 1.0 } };
}
