namespace Platform.LocalStore;

/// <summary>What MongoDB has and the local store has not: refused by name, instead of answered wrongly.</summary>
internal static class Unsupported
{
    private static readonly string[] Known =
    [
        "bulkWrite", "mapReduce", "explain", "renameCollection", "collMod", "validate", "compact", "createUser", "usersInfo", "serverStatus", "getParameter",
        "setParameter", "configureFailPoint", "currentOp", "killOp", "killSessions", "startSession", "abortTransaction", "commitTransaction", "createSearchIndexes",
        "shardCollection", "replSetGetStatus", "fsync", "profile", "top", "getLog", "hostInfo", "connectionStatus", "geoSearch", "convertToCapped", "cloneCollectionAsCapped",
    ];

    /// <summary>Refuses what a supported command may ask beyond what the engine does.</summary>
    /// <exception cref="StoreError">115 CommandNotSupported.</exception>
    public static void Check(WireMessage request)
    {
        var command = request.Command;
        if (command.Contains("startTransaction") || command.Contains("autocommit")) throw Missing("transactions over several documents are");
        switch (request.Name)
        {
            case "aggregate" when Mentions(request, "$changeStream"u8): throw Missing("change streams are");
            case "find" when command.TryGetValue("tailable", out var tailable) && tailable.ToBoolean(): throw Missing("tailable cursors are");
            case "create":
                foreach (var option in (string[])["capped", "timeseries", "clusteredIndex", "viewOn", "collation", "encryptedFields", "changeStreamPreAndPostImages", "validator"])
                    if (command.Contains(option)) throw Missing($"'{option}' of the command 'create' is");
                break;
            case "createIndexes" when Mentions(request, "collation"u8): throw Missing("a collation on an index is");
        }
        if (Mentions(request, "$where"u8)) throw Missing("'$where' is");
        if (Mentions(request, "$function"u8) || Mentions(request, "$accumulator"u8)) throw Missing("JavaScript is");
    }

    /// <summary>Whether an aggregation writes its result into a collection.</summary>
    public static bool WritesOut(WireMessage request) => Mentions(request, "$out"u8) || Mentions(request, "$merge"u8);

    /// <summary>Whether it might write it into a collection of another database.</summary>
    public static bool WritesElsewhere(WireMessage request) => request.Name == "aggregate" && WritesOut(request) && Mentions(request, "db"u8);

    public static StoreError Command(string name) => Known.Contains(name, StringComparer.Ordinal)
        ? Missing($"the command '{name}' is")
        : new(StoreError.CommandNotFound, $"no such command: '{(name.Length > 100 ? name[..100] : name)}'");

    private static StoreError Missing(string what) => new(StoreError.CommandNotSupported, $"{what} not supported by the local store; use a MongoDB server (MONGODB_URI) for that");

    /// <summary>Whether a field of this name occurs anywhere in the command. A field begins with its type and ends with 0.</summary>
    private static bool Mentions(WireMessage request, ReadOnlySpan<byte> field)
    {
        var rest = request.Body.AsSpan();
        for (int at; (at = rest.IndexOf(field)) >= 0; rest = rest[(at + 1)..])
            if (at > 0 && rest[at - 1] < 0x20 && at + field.Length < rest.Length && rest[at + field.Length] == 0 && !IsText(rest, at))
                return true;
        return false;

        // A text's value stands between its length and a 0, and would look the same: the length's last byte is 0, a type is not.
        static bool IsText(ReadOnlySpan<byte> bytes, int at) => bytes[at - 1] == 0;
    }
}
