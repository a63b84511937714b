using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;

namespace Platform.LocalStore;

/// <summary>One request, cut out of the stream: an OP_MSG, or the OP_QUERY with which a driver may say its first hello.</summary>
/// <remarks>Source: MongoDB's wire protocol, <c>mongodb.com/docs/manual/reference/mongodb-wire-protocol</c>.</remarks>
internal sealed class WireMessage
{
    public const int OpReply = 1, OpQuery = 2004, OpMsg = 2013, HeaderLength = 16;

    /// <summary>The longest message taken, in bytes: one document of 16 MiB and what goes around it. Drivers are told so and split batches.</summary>
    public const int MaxLength = 16 * 1024 * 1024 + 256 * 1024;

    /// <summary>The longest message taken from a client that has not said who he is.</summary>
    public const int MaxUnauthenticated = 16 * 1024;

    private const string NotInNames = "/\\. \"$\0";
    private const uint ChecksumPresent = 1, MoreToCome = 2, RequiredBits = 0xFFFF;

    private WireMessage(int id, ReadOnlyMemory<byte> body)
    {
        Id = id;
        Body = body.ToArray();
        Command = new RawBsonDocument(Body);
        Name = FirstName(Body);
    }

    /// <summary>The client's number for this request; the reply names it.</summary>
    public int Id { get; }

    /// <summary>The command document as it came.</summary>
    public byte[] Body { get; }

    /// <summary>A lazy view on <see cref="Body"/>.</summary>
    public RawBsonDocument Command { get; }

    /// <summary>The command's name: its first field.</summary>
    public string Name { get; }

    /// <summary>The documents that came beside the body (a kind 1 section), end to end; null where there are none.</summary>
    public ReadOnlyMemory<byte>? Documents { get; private init; }

    /// <summary>Came as OP_QUERY and is answered with OP_REPLY.</summary>
    public bool Legacy { get; private init; }

    /// <summary>The client waits for no answer (write concern 0).</summary>
    public bool Unacknowledged { get; private init; }

    /// <summary>The database it is for.</summary>
    /// <exception cref="StoreError">73 InvalidNamespace: none that MongoDB would take.</exception>
    public string Database => !Command.TryGetValue("$db", out var name) ? "admin"
        : name is BsonString { Value: { Length: > 0 and <= 63 } text } && text.AsSpan().IndexOfAny(NotInNames) < 0 ? text
        : throw new StoreError(StoreError.InvalidNamespace, "$db is not the name of a database");

    /// <summary>The length that a message's first bytes announce.</summary>
    /// <exception cref="WireException">It is shorter than a header or longer than <paramref name="most"/>.</exception>
    public static int Length(ReadOnlySpan<byte> header, int most = MaxLength)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        return length >= HeaderLength && length <= most ? length : throw new WireException($"a message of {length} bytes; the local store takes at most {most} here");
    }

    /// <summary>Takes a whole message apart.</summary>
    /// <exception cref="WireException">The bytes are no message, or one of a kind that is not served.</exception>
    public static WireMessage Parse(ReadOnlyMemory<byte> message)
    {
        if (message.Length < HeaderLength || Length(message.Span) != message.Length)
            throw new WireException("a message whose length is not the announced one");
        var id = Int32(message, 4);
        return Int32(message, 12) switch
        {
            OpMsg => ParseMsg(id, message),
            OpQuery => ParseQuery(id, message),
            var other => throw new WireException($"opcode {other}; the local store takes OP_MSG ({OpMsg}), uncompressed"),
        };
    }

    private static WireMessage ParseQuery(int id, ReadOnlyMemory<byte> message)
    {
        const int fixedPart = 8; // numberToSkip, numberToReturn
        var name = HeaderLength + 4;
        var end = name < message.Length ? message.Span[name..].IndexOf((byte)0) : -1;
        if (end < 0) throw new WireException("an OP_QUERY without a collection");
        return new(id, Document(message, name + end + 1 + fixedPart)) { Legacy = true };
    }

    private static WireMessage ParseMsg(int id, ReadOnlyMemory<byte> message)
    {
        var flags = (uint)Int32(message, HeaderLength);
        if ((flags & RequiredBits & ~(ChecksumPresent | MoreToCome)) != 0) throw new WireException($"an OP_MSG with unknown flags {flags:x}");
        var end = message.Length - ((flags & ChecksumPresent) != 0 ? 4 : 0);
        ReadOnlyMemory<byte>? body = null, documents = null;
        for (var at = HeaderLength + 4; at < end;)
        {
            var kind = message.Span[at++];
            var section = Section(message[..end], at);
            at += section.Length;
            switch (kind)
            {
                case 0 when body is null: body = Document(section, 0); break;
                case 1 when documents is null: documents = AfterName(section); break;
                default: throw new WireException($"an OP_MSG with a second or unknown section of kind {kind}");
            }
        }
        if (body is not { } command) throw new WireException("an OP_MSG without a command");
        return new(id, command) { Documents = documents, Unacknowledged = (flags & MoreToCome) != 0 };
    }

    private static ReadOnlyMemory<byte> Section(ReadOnlyMemory<byte> message, int at)
    {
        var length = Int32(message, at);
        return length >= 5 && length <= message.Length - at ? message.Slice(at, length) : throw new WireException("a section that is longer than its message");
    }

    /// <summary>A kind 1 section is its length, a name, and documents end to end, each with its own length.</summary>
    private static ReadOnlyMemory<byte> AfterName(ReadOnlyMemory<byte> section)
    {
        var end = section.Span[4..].IndexOf((byte)0);
        if (end < 0) throw new WireException("a document sequence without a name");
        var documents = section[(4 + end + 1)..];
        for (var at = 0; at < documents.Length;) at += Document(documents, at).Length;
        return documents;
    }

    private static ReadOnlyMemory<byte> Document(ReadOnlyMemory<byte> from, int at)
    {
        var document = Section(from, at);
        BsonShape.Check(document.Span);
        return document;
    }

    private static string FirstName(ReadOnlySpan<byte> document)
    {
        var end = document[4] == 0 ? -1 : document[5..].IndexOf((byte)0);
        return end > 0 ? Encoding.UTF8.GetString(document.Slice(5, end)) : throw new WireException("a command without a name");
    }

    private static int Int32(ReadOnlyMemory<byte> from, int at) =>
        at + 4 <= from.Length ? BinaryPrimitives.ReadInt32LittleEndian(from.Span[at..]) : throw new WireException("a message that breaks off");
}

/// <summary>Bytes that are no MongoDB message; the connection they came on is closed.</summary>
internal sealed class WireException(string message) : Exception(message);
