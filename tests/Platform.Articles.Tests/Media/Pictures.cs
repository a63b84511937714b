using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NetVips;
using static NetVips.Enums;

namespace Platform.Articles.Tests.Media;

/// <summary>Pictures as tests need them, good and bad, all made here.</summary>
internal static class Pictures
{
    public const string Secret = "SECRET-MARKER";

    public static readonly double[] Red = [220, 30, 30], Green = [30, 160, 40], Blue = [30, 40, 200], White = [255, 255, 255];

    /// <summary>Red and green over blue and white, each a quarter.</summary>
    public static Image Quarters(int width, int height)
    {
        using var black = Image.Black(width, height, 3);
        using var srgb = black.Copy(interpretation: Interpretation.Srgb);
        using var typed = srgb.Cast(BandFormat.Uchar);
        return typed.Mutate(m =>
        {
            m.DrawRect(Red, 0, 0, width / 2, height / 2, fill: true);
            m.DrawRect(Green, width / 2, 0, width - (width / 2), height / 2, fill: true);
            m.DrawRect(Blue, 0, height / 2, width / 2, height - (height / 2), fill: true);
            m.DrawRect(White, width / 2, height / 2, width - (width / 2), height - (height / 2), fill: true);
        });
    }

    public static byte[] Jpeg(int width = 800, int height = 600)
    {
        using var image = Quarters(width, height);
        return image.JpegsaveBuffer(q: 90);
    }

    public static byte[] Png(int width = 400, int height = 300)
    {
        using var image = Quarters(width, height);
        return image.PngsaveBuffer();
    }

    /// <summary>Quarters that look as they should once they are turned as EXIF says (1 to 8).</summary>
    public static byte[] Turned(int orientation, int width = 800, int height = 600)
    {
        using var upright = Quarters(width, height);
        // What undoes each orientation: what a camera held that way would have seen.
        using var seen = orientation switch
        {
            2 => upright.Flip(Direction.Horizontal),
            3 => upright.Rot(Angle.D180),
            4 => upright.Flip(Direction.Vertical),
            5 => upright.Rot(Angle.D90).Flip(Direction.Horizontal),
            6 => upright.Rot(Angle.D270),
            7 => upright.Rot(Angle.D270).Flip(Direction.Horizontal),
            8 => upright.Rot(Angle.D90),
            _ => upright.Copy(),
        };
        using var tagged = seen.Mutate(m => m.Set(GValue.GIntType, "orientation", orientation));
        return tagged.JpegsaveBuffer(q: 95);
    }

    /// <summary>A JPEG full of what must not get out: EXIF with a place, XMP, a profile, a comment, a page hung on at its end.</summary>
    public static byte[] Telltale()
    {
        using var image = Quarters(800, 600);
        using var tagged = image.Mutate(m =>
        {
            m.Set(GValue.GStrType, "exif-ifd0-ImageDescription", Secret);
            m.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "33/1 20/1 0/1");
            m.Set(GValue.BlobType, "xmp-data", Encoding.ASCII.GetBytes($"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{Secret} GPS</x:xmpmeta>"));
        });
        var jpeg = tagged.JpegsaveBuffer(q: 90, profile: "srgb");
        var comment = Encoding.ASCII.GetBytes(Secret + "<script>alert(1)</script>");
        return [.. jpeg[..2], 0xFF, 0xFE, 0, (byte)(comment.Length + 2), .. comment, .. jpeg[2..], .. Encoding.ASCII.GetBytes($"<html><script>{Secret}</script></html>")];
    }

    public static byte[] Gif(int frames)
    {
        var pages = Enumerable.Range(0, frames).Select(i => i == 0 ? Quarters(64, 48) : Image.Black(64, 48, 3).Copy(interpretation: Interpretation.Srgb)).ToArray();
        using var joined = Image.Arrayjoin(pages, across: 1);
        using var typed = joined.Cast(BandFormat.Uchar);
        using var animated = typed.Mutate(m => m.Set(GValue.GIntType, "page-height", 48));
        return animated.GifsaveBuffer();
    }

    public static byte[] Avif()
    {
        using var image = Quarters(400, 300);
        return image.HeifsaveBuffer(compression: ForeignHeifCompression.Av1, effort: 0);
    }

    public static byte[] Webp()
    {
        using var image = Quarters(400, 300);
        return image.WebpsaveBuffer(lossless: true);
    }

    public static byte[] Cmyk()
    {
        using var image = Quarters(400, 300);
        using var cmyk = image.IccTransform("cmyk", inputProfile: "srgb");
        return cmyk.JpegsaveBuffer(keep: ForeignKeep.None);
    }

    public static byte[] SixteenBits()
    {
        using var image = Quarters(400, 300);
        using var deep = image.Colourspace(Interpretation.Rgb16);
        return deep.PngsaveBuffer();
    }

    public static byte[] Grey()
    {
        using var image = Quarters(400, 300);
        using var grey = image.Colourspace(Interpretation.Bw);
        return grey.PngsaveBuffer();
    }

    /// <summary>Its right half is transparent.</summary>
    public static byte[] HalfTransparent()
    {
        using var image = Quarters(400, 300);
        using var alpha = Image.Black(200, 300).Linear([0], [255]).Embed(0, 0, 400, 300);
        using var joined = image.Bandjoin(alpha.Cast(BandFormat.Uchar));
        return joined.PngsaveBuffer();
    }

    /// <summary>A PNG that says it is so large and holds this much: RGB of zeros.</summary>
    public static byte[] ZerosPng(int width, int height, int rows)
    {
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + (width * 3)];
            for (var i = 0; i < rows; i++) deflate.Write(row);
        }
        return Png(width, height, ("IDAT", data.ToArray()));
    }

    /// <summary>A compressed text chunk that swells to this many bytes.</summary>
    public static byte[] TextBomb(int bytes)
    {
        using var data = new MemoryStream();
        data.Write("Comment\0\0"u8);
        using (var deflate = new ZLibStream(data, CompressionLevel.SmallestSize, leaveOpen: true))
            for (var i = 0; i < bytes; i += 1 << 20) deflate.Write(new byte[1 << 20]);
        return Png(1, 1, ("zTXt", data.ToArray()), ("IDAT", Deflated([0, 0, 0, 0])));
    }

    public static byte[] Png(int width, int height, params (string Name, byte[] Data)[] chunks)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", header), .. chunks.SelectMany(c => Chunk(c.Name, c.Data)), .. Chunk("IEND", [])];
    }

    /// <summary>A JPEG whose header says that it is so large.</summary>
    public static byte[] LyingJpeg(ushort width, ushort height)
    {
        var jpeg = Jpeg(64, 64);
        var at = jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(at + 5), height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(at + 7), width);
        return jpeg;
    }

    /// <summary>A GIF of so many empty frames, 20 bytes each or less.</summary>
    public static byte[] EmptyFrames(int frames)
    {
        byte[] frame = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        return [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, .. Enumerable.Repeat(frame, frames).SelectMany(f => f), 0x3B];
    }

    public static byte[] Zip()
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true)) zip.CreateEntry("x.jpg");
        return stream.ToArray();
    }

    private static byte[] Deflated(byte[] bytes)
    {
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write(bytes);
        return data.ToArray();
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(name), .. data];
        var chunk = new byte[4 + typed.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        typed.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + typed.Length), Crc(typed));
        return chunk;
    }

    /// <summary>CRC-32 (ISO 3309), bit by bit.</summary>
    private static uint Crc(byte[] bytes)
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
