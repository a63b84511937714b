using System.Buffers.Binary;
using CsCheck;
using MongoDB.Bson;

namespace Platform.LocalStore.Tests;

public class WireMessageTests
{
    private static readonly BsonDocument Find = new() { { "find", "things" }, { "filter", new BsonDocument("a", 1) }, { "$db", "shop" } };

    [Fact]
    public void A_command_is_read_with_its_name_and_database()
    {
        var message = WireMessage.Parse(Wire.Msg(7, Find));

        message.Id.ShouldBe(7);
        message.Name.ShouldBe("find");
        message.Database.ShouldBe("shop");
        message.Command.ToBsonDocument().ShouldBe(Find);
        message.Documents.ShouldBeNull();
        message.Legacy.ShouldBeFalse();
        message.Unacknowledged.ShouldBeFalse();
    }

    [Fact]
    public void Documents_beside_the_command_are_handed_on_as_they_are()
    {
        BsonDocument first = new("_id", 1), second = new("_id", 2);

        var message = WireMessage.Parse(Wire.Msg(1, new BsonDocument { { "insert", "things" }, { "$db", "shop" } }, documents: [first, second]));

        message.Documents!.Value.ToArray().ShouldBe([.. first.ToBson(), .. second.ToBson()]);
    }

    [Fact]
    public void A_checksum_at_the_end_is_left_out() =>
        WireMessage.Parse(Wire.Msg(1, Find, flags: 1, trailer: 4)).Command.ToBsonDocument().ShouldBe(Find);

    [Fact]
    public void A_message_that_wants_no_answer_is_known_as_such() =>
        WireMessage.Parse(Wire.Msg(1, Find, flags: 2)).Unacknowledged.ShouldBeTrue();

    [Fact]
    public void A_drivers_first_hello_may_come_as_a_query()
    {
        var message = WireMessage.Parse(Wire.Query(3, new BsonDocument { { "ismaster", 1 }, { "helloOk", true } }));

        message.Legacy.ShouldBeTrue();
        message.Name.ShouldBe("ismaster");
        message.Database.ShouldBe("admin");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(-1)]
    [InlineData(WireMessage.MaxLength + 1)]
    [InlineData(int.MaxValue)]
    public void A_length_that_no_message_may_have_is_refused(int length)
    {
        var header = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(header, length);

        Should.Throw<WireException>(() => WireMessage.Length(header));
    }

    [Fact]
    public void Compressed_messages_are_refused_by_name()
    {
        var message = Wire.Msg(1, Find);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), 2012);

        Should.Throw<WireException>(() => WireMessage.Parse(message)).Message.ShouldContain("2012");
    }

    [Fact]
    public void Two_commands_in_one_message_are_refused()
    {
        var body = Find.ToBson();
        byte[] sections = [0, .. body, 0, .. body];

        Should.Throw<WireException>(() => WireMessage.Parse(Wire.Raw(1, WireMessage.OpMsg, [0, 0, 0, 0, .. sections])));
    }

    [Fact]
    public void Every_type_of_value_is_taken() => BsonShape.Check(new BsonDocument
    {
        { "double", 1.5 }, { "string", "نص" }, { "document", new BsonDocument("a", new BsonDocument()) }, { "array", new BsonArray { 1, "x", new BsonArray() } },
        { "binary", new byte[] { 1, 2 } }, { "empty", Array.Empty<byte>() }, { "undefined", BsonUndefined.Value }, { "id", ObjectId.GenerateNewId() }, { "bool", true }, { "date", DateTime.UtcNow },
        { "null", BsonNull.Value }, { "regex", new BsonRegularExpression("^a", "i") }, { "code", new BsonJavaScript("f()") }, { "symbol", BsonSymbol.Create("s") },
        { "scope", new BsonJavaScriptWithScope("f()", new BsonDocument("x", 1)) }, { "int32", 1 }, { "timestamp", new BsonTimestamp(1, 2) }, { "int64", 1L }, { "decimal", new BsonDecimal128(1.5m) },
        { "min", BsonMinKey.Value }, { "max", BsonMaxKey.Value },
    }.ToBson());

    [Theory]
    [InlineData(BsonShape.MaxDepth, true)]
    [InlineData(BsonShape.MaxDepth + 1, false)]
    public void A_document_may_be_as_deep_as_in_MongoDB(int depth, bool taken)
    {
        if (taken) BsonShape.Check(Wire.Nested(depth));
        else Should.Throw<WireException>(() => BsonShape.Check(Wire.Nested(depth)));
    }

    [Fact]
    public void Whatever_the_bytes_are_they_are_a_message_or_refused() =>
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 200], Gen.Byte, Gen.Int[0, 200]).Sample((kind, at, value, cut) =>
        {
            var message = kind == 0
                ? Wire.Msg(1, new BsonDocument { { "insert", "things" }, { "$db", "shop" } }, documents: [new BsonDocument("_id", "x"), new BsonDocument("_id", 2)])
                : Wire.Query(1, new BsonDocument("hello", 1));
            message[at % message.Length] = value;
            message = message[..^(cut % message.Length)];
            if (message.Length >= 4) BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
            OnlyWireException(message);
        }, iter: 20_000);

    [Fact]
    public void Random_bytes_are_refused() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        if (bytes.Length >= 4) BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        OnlyWireException(bytes);
    }, iter: 20_000);

    private static void OnlyWireException(byte[] message)
    {
        try { WireMessage.Parse(message).Name.ShouldNotBeEmpty(); }
        catch (WireException) { /* refused, as it should be */ }
    }
}
