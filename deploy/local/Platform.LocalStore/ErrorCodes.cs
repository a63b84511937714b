using System.Collections.Frozen;

namespace Platform.LocalStore;

/// <summary>The engine's SQLSTATEs for MongoDB's errors, those that a client may tell apart.</summary>
internal static class ErrorCodes
{
    private static readonly (string State, int Code, string Name)[] Known =
    [
        ("M0000", 1, "InternalError"),
        ("M0001", 2, "BadValue"),
        ("M0003", 9, "FailedToParse"),
        ("M0004", 14, "TypeMismatch"),
        ("M0005", 15, "Overflow"),
        ("M00DO", 16, "InvalidLength"),
        ("M0006", 20, "IllegalOperation"),
        ("M0008", 26, "NamespaceNotFound"),
        ("M0009", 27, "IndexNotFound"),
        ("M000A", 28, "PathNotViable"),
        ("M000C", 34, "CannotBackfillArray"),
        ("M000D", 40, "ConflictingUpdateOperators"),
        ("M000E", 43, "CursorNotFound"),
        ("M000F", 48, "NamespaceExists"),
        ("M000G", 52, "DollarPrefixedFieldName"),
        ("M000H", 53, "CanNotBeTypeArray"),
        ("M000J", 56, "EmptyFieldName"),
        ("M000K", 57, "DottedFieldName"),
        ("M000M", 66, "ImmutableField"),
        ("M000N", 67, "CannotCreateIndex"),
        ("M000O", 68, "IndexAlreadyExists"),
        ("M000P", 72, "InvalidOptions"),
        ("M000Q", 73, "InvalidNamespace"),
        ("M000R", 85, "IndexOptionsConflict"),
        ("M000S", 86, "IndexKeySpecsConflict"),
        ("M000U", 115, "CommandNotSupported"),
        ("M00CO", 121, "DocumentFailedValidation"),
        ("M000W", 146, "ExceededMemoryLimit"),
        ("M0012", 197, "InvalidIndexSpecificationOption"),
        ("M0013", 224, "QueryFeatureNotAllowed"),
        ("M0015", 241, "ConversionFailure"),
        ("M0018", 291, "UnableToFindIndex"),
        ("M001B", 10334, "BsonObjectTooLarge"),
        ("M001C", 11000, "DuplicateKey"),
        ("M0023", 16554, "DollarAddNumericOrDateTypes"),
        ("M003A", 17419, "DocumentAfterUpdateLargerThanMaxSize"),
        ("M003B", 17420, "DocumentToUpsertLargerThanMaxSize"),
        ("M007U", 40324, "UnrecognizedCommand"),
        ("M0088", 40415, "UnknownBsonField"),
    ];

    /// <summary>MongoDB's code by SQLSTATE.</summary>
    public static readonly FrozenDictionary<string, int> ByState = Known.ToFrozenDictionary(k => k.State, k => k.Code);

    private static readonly FrozenDictionary<int, string> Names = Known.Select(k => KeyValuePair.Create(k.Code, k.Name)).Concat(
    [
        new(StoreError.Unauthorized, "Unauthorized"),
        new(StoreError.AuthenticationFailed, "AuthenticationFailed"),
        new(StoreError.MaxTimeExpired, "MaxTimeMSExpired"),
        new(StoreError.CommandNotFound, "CommandNotFound"),
        new(StoreError.ShutdownInProgress, "ShutdownInProgress"),
        new(StoreError.WriteConflict, "WriteConflict"),
        new(StoreError.TooManyConnections, "TooManyConnections"),
        new(StoreError.TransactionTooOld, "TransactionTooOld"),
    ]).ToFrozenDictionary();

    /// <summary>The name that goes with a code, as MongoDB writes it.</summary>
    public static string Name(int code) => Names.GetValueOrDefault(code) ?? $"Location{code}";
}
