using System.Buffers.Binary;

namespace Platform.LocalStore;

/// <summary>Checks that bytes are a BSON document, as deep as MongoDB allows: the engine is C, and takes lengths at their word.</summary>
/// <remarks>Source: <c>bsonspec.org/spec.html</c>, version 1.1.</remarks>
internal static class BsonShape
{
    /// <summary>MongoDB's limit of nested documents and arrays.</summary>
    public const int MaxDepth = 180;

    private const byte String = 0x02, Document = 0x03, Array = 0x04, Binary = 0x05, Regex = 0x0B, Pointer = 0x0C, Code = 0x0D, Symbol = 0x0E, CodeWithScope = 0x0F;

    /// <exception cref="WireException">It is not one, or it is too deep.</exception>
    public static void Check(ReadOnlySpan<byte> document) => Check(document, MaxDepth);

    private static void Check(ReadOnlySpan<byte> document, int depth)
    {
        if (depth == 0) throw new WireException($"a document that is nested more than {MaxDepth} deep");
        if (document.Length < 5 || BinaryPrimitives.ReadInt32LittleEndian(document) != document.Length || document[^1] != 0) throw Malformed();
        var rest = document[4..^1];
        while (rest.Length > 0)
        {
            var type = rest[0];
            rest = AfterName(rest[1..]);
            var length = ValueLength(type, rest);
            if (length > rest.Length) throw Malformed();
            var value = rest[..length];
            rest = rest[length..];
            switch (type)
            {
                case Document or Array: Check(value, depth - 1); break;
                case String or Code or Symbol or Pointer when value[Prefixed(value, 0) - 1] != 0: throw Malformed();
                case CodeWithScope: Check(value[(4 + Prefixed(value[4..], 0))..], depth - 1); break;
            }
        }
    }

    /// <summary>How many bytes a value of this type takes.</summary>
    private static int ValueLength(byte type, ReadOnlySpan<byte> value) => type switch
    {
        0x06 or 0x0A or 0x7F or 0xFF => 0,                       // undefined, null, the largest and the smallest key
        0x08 => 1,                                               // boolean
        0x10 => 4,                                               // int32
        0x01 or 0x09 or 0x11 or 0x12 => 8,                       // double, date, timestamp, int64
        0x07 => 12,                                              // ObjectId
        0x13 => 16,                                              // decimal128
        String or Code or Symbol => Prefixed(value, 1),
        Pointer => Prefixed(value, 1) + 12,
        Binary => Prefixed(value, 0) + 1,
        Document or Array => Whole(value, 5),
        CodeWithScope => Whole(value, 14),
        Regex => value.Length - AfterName(AfterName(value)).Length,
        _ => throw Malformed(),
    };

    /// <summary>A length that does not count itself, and what it counts.</summary>
    private static int Prefixed(ReadOnlySpan<byte> value, int least)
    {
        var length = Int32(value);
        return length >= least && length <= value.Length - 4 ? 4 + length : throw Malformed();
    }

    /// <summary>A length that counts itself, too.</summary>
    private static int Whole(ReadOnlySpan<byte> value, int least)
    {
        var length = Int32(value);
        return length >= least ? length : throw Malformed();
    }

    private static int Int32(ReadOnlySpan<byte> value) => value.Length >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(value) : throw Malformed();

    private static ReadOnlySpan<byte> AfterName(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return end >= 0 ? bytes[(end + 1)..] : throw Malformed();
    }

    private static WireException Malformed() => new("a document that is no BSON");
}
