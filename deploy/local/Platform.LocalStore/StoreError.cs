using System.Net.Sockets;
using MongoDB.Bson;
using Npgsql;

namespace Platform.LocalStore;

/// <summary>An error in MongoDB's own terms: a code that drivers know, and a text for people.</summary>
internal sealed class StoreError(int code, string message) : Exception(message)
{
    public const int InternalError = 1, BadValue = 2, FailedToParse = 9, Unauthorized = 13, AuthenticationFailed = 18, NamespaceNotFound = 26,
        CursorNotFound = 43, NamespaceExists = 48, MaxTimeExpired = 50, CommandNotFound = 59, InvalidNamespace = 73, ShutdownInProgress = 91,
        WriteConflict = 112, CommandNotSupported = 115, TooManyConnections = 202, TransactionTooOld = 225, DuplicateKey = 11000;

    public int Code => code;

    /// <summary>The command may be sent once more with the same number: the driver then does so by itself.</summary>
    public bool Retryable { get; private init; }

    /// <summary>What became of a request, for its client.</summary>
    public static StoreError From(Exception problem, WireMessage request) => problem switch
    {
        StoreError known => known,
        PostgresException { SqlState: "23505" or "23P01" } duplicate => new(DuplicateKey, DuplicateText(request, duplicate.ConstraintName)),
        PostgresException refused => new(FromState(refused.SqlState), refused.MessageText) { Retryable = Engine.IsLost(refused) && IsNumbered(request) },
        NpgsqlException or IOException or SocketException or TimeoutException or InvalidOperationException { Source: "Npgsql" } =>
            new(ShutdownInProgress, "the engine does not answer: " + problem.Message) { Retryable = IsNumbered(request) },
        InvalidCastException or FormatException or ArgumentException or KeyNotFoundException or EndOfStreamException or BsonException =>
            new(FailedToParse, $"'{request.Name}' is malformed: {problem.Message}"),
        _ => new(InternalError, problem.Message),
    };

    /// <summary>MongoDB's code for an engine's SQLSTATE; 1 (InternalError) for the many that no client tells apart.</summary>
    public static int FromState(string state) => state switch
    {
        "23505" or "23P01" => DuplicateKey,
        "40001" or "40P01" or "55P03" => WriteConflict,
        "57014" => MaxTimeExpired,
        "57P01" or "57P02" or "57P03" => ShutdownInProgress,
        "0A000" => CommandNotSupported,
        _ => ErrorCodes.ByState.GetValueOrDefault(state, InternalError),
    };

    /// <summary>Codes inside <c>writeErrors</c> are SQLSTATEs of which each character takes six bits.</summary>
    public static int Unpack(int packed) =>
        packed < 1 << 24 ? packed : FromState(string.Create(5, packed, static (state, code) =>
        {
            for (var i = 0; i < state.Length; i++) state[i] = (char)(((code >> (6 * i)) & 0x3F) + '0');
        }));

    public static string DuplicateText(WireMessage request, string? index) =>
        $"E11000 duplicate key error collection: {request.Database}.{request.Command.GetElement(0).Value} index: {index ?? "?"} dup key: {{ }}";

    public byte[] ToBson()
    {
        var reply = new BsonDocument { { "ok", 0.0 }, { "errmsg", Message }, { "code", code }, { "codeName", ErrorCodes.Name(code) } };
        if (Retryable) reply.Add("errorLabels", new BsonArray { "RetryableWriteError" });
        return reply.ToBson();
    }

    private static bool IsNumbered(WireMessage request) => request.Command.Contains("txnNumber");
}
