using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace Platform.LocalStore.Tests;

/// <summary>Messages built by hand, and a bare connection that sends them: what no driver would do.</summary>
internal static class Wire
{
    public static byte[] Msg(int id, BsonDocument command, int flags = 0, BsonDocument[]? documents = null, int trailer = 0)
    {
        List<byte> body = [.. Int32(flags), 0, .. command.ToBson()];
        if (documents is not null)
        {
            byte[] content = [.. "documents\0"u8, .. documents.SelectMany(d => d.ToBson())];
            body.AddRange([1, .. Int32(4 + content.Length), .. content]);
        }
        body.AddRange(new byte[trailer]);
        return Raw(id, WireMessage.OpMsg, [.. body]);
    }

    public static byte[] Query(int id, BsonDocument command) =>
        Raw(id, WireMessage.OpQuery, [.. Int32(0), .. Encoding.ASCII.GetBytes("admin.$cmd\0"), .. Int32(0), .. Int32(-1), .. command.ToBson()]);

    public static byte[] Raw(int id, int opcode, byte[] body) => [.. Int32(16 + body.Length), .. Int32(id), .. Int32(0), .. Int32(opcode), .. body];

    /// <summary>A document with others inside it, this many in all; the driver would not write more than a hundred.</summary>
    public static byte[] Nested(int depth)
    {
        byte[] document = [.. Int32(5), 0];
        for (var i = 1; i < depth; i++) document = [.. Int32(document.Length + 8), 3, (byte)'a', 0, .. document, 0];
        return document;
    }

    public static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static async Task<NetworkStream> Connect(IPEndPoint to)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(to);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A connection of the administrator's, authenticated by SCRAM-SHA-256 as RFC 5802 has it.</summary>
    public static async Task<NetworkStream> SignIn(StoreInstance store)
    {
        var stream = await Connect(store.Gateway);
        var first = "n=admin,r=nonce";
        var started = await Ask(stream, new BsonDocument { { "saslStart", 1 }, { "mechanism", "SCRAM-SHA-256" }, { "payload", Encoding.ASCII.GetBytes("n,," + first) }, { "$db", "admin" } });
        var challenge = Encoding.ASCII.GetString(started!["payload"].AsByteArray);
        var parts = challenge.Split(',').ToDictionary(part => part[0], part => part[2..]);
        var salted = Rfc2898DeriveBytes.Pbkdf2(store.Password("admin"), Convert.FromBase64String(parts['s']), int.Parse(parts['i'], CultureInfo.InvariantCulture), HashAlgorithmName.SHA256, 32);
        var key = HMACSHA256.HashData(salted, "Client Key"u8.ToArray());
        var final = $"c=biws,r={parts['r']}";
        var signature = HMACSHA256.HashData(SHA256.HashData(key), Encoding.ASCII.GetBytes($"{first},{challenge},{final}"));
        var proof = Convert.ToBase64String([.. key.Zip(signature, (k, s) => (byte)(k ^ s))]);
        var done = await Ask(stream, new BsonDocument { { "saslContinue", 1 }, { "conversationId", 1 }, { "payload", Encoding.ASCII.GetBytes($"{final},p={proof}") }, { "$db", "admin" } });
        done!["done"].ShouldBe(true);
        return stream;
    }

    /// <summary>The next reply's document; null when the server has closed.</summary>
    public static async Task<BsonDocument?> Reply(NetworkStream stream)
    {
        try
        {
            var header = new byte[16];
            await stream.ReadExactlyAsync(header);
            var rest = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - 16];
            await stream.ReadExactlyAsync(rest);
            return BsonSerializer.Deserialize<BsonDocument>(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) == WireMessage.OpMsg ? rest[5..] : rest[20..]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static async Task<BsonDocument?> Ask(NetworkStream stream, BsonDocument command)
    {
        await stream.WriteAsync(Msg(1, command));
        return await Reply(stream);
    }
}
