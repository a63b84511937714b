using System.Buffers.Binary;
using System.IO.Compression;

namespace Platform.Demo;

/// <summary>Draws pictures for the demo: waves in shades of one hue, so that nobody's rights are in them and no file lies in the repository.</summary>
internal static class Drawing
{
    private const int Width = 1600, Height = 900;

    /// <param name="hue">0 to 359.</param>
    /// <returns>A PNG (ISO/IEC 15948) of 1600 by 900.</returns>
    public static byte[] Png(int hue)
    {
        using var pixels = new MemoryStream();
        using (var deflate = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[1 + (Width * 3)];
            for (var y = 0; y < Height; y++)
            {
                for (var x = 0; x < Width; x++) Colour(hue, x, y).CopyTo(row, 1 + (x * 3));
                deflate.Write(row);
            }
        }
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Height);
        (header[8], header[9]) = (8, 2);   // 8 bits, RGB
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, pixels.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <summary>Five bands, each behind a wave of its own, the nearer the darker.</summary>
    private static byte[] Colour(int hue, int x, int y)
    {
        var band = 0;
        for (var i = 1; i <= 5; i++)
        {
            var crest = (Height * (0.18 + (0.15 * i))) + (60 * Math.Sin((x / (180.0 + (40 * i))) + (hue * i))) + (25 * Math.Sin((x / 70.0) + hue + i));
            if (y > crest) band = i;
        }
        var light = 0.82 - (0.13 * band) - (0.05 * y / Height);
        return [Channel(0), Channel(8), Channel(4)];

        // From hue and lightness (CSS Color 4, 7.1).
        byte Channel(int n)
        {
            var k = (n + ((hue + (band * 7)) / 30.0)) % 12;
            return (byte)(255 * (light - (0.55 * Math.Min(light, 1 - light) * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1)))));
        }
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        name.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    /// <summary>CRC-32 (ISO 3309), bit by bit.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }
        return ~crc;
    }
}
