using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Platform.ServiceDefaults;

/// <summary>Ids that come out the same whenever the same thing is taken in: UUIDv7 (RFC 9562, 5.7) with a hash in the place of the random part.</summary>
public static class HashedId
{
    /// <param name="content">What the id stands for.</param>
    /// <param name="unixMilliseconds">Its time; before 1970 counts as then.</param>
    public static Guid Of(ReadOnlySpan<byte> content, long unixMilliseconds)
    {
        var bytes = SHA256.HashData(content).AsSpan(0, 16);
        Span<byte> time = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, Math.Max(0, unixMilliseconds));
        time[2..].CopyTo(bytes);
        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The time in a UUIDv7.</summary>
    /// <returns>Milliseconds since 1970.</returns>
    public static long UnixMilliseconds(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
    }

    /// <summary>The least of all ids of this time: a bound for looking ids up by their time.</summary>
    public static Guid First(long unixMilliseconds)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)unixMilliseconds << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
