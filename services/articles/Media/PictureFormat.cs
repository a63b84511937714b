namespace Platform.Articles.Media;

/// <summary>What is taken: JPEG, PNG, WebP, GIF and AVIF, told by their first bytes alone. Names and media types are what a client says.</summary>
internal static class PictureFormat
{
    /// <summary>As many bytes as are looked at.</summary>
    public const int HeadLength = 256;

    /// <returns>The name of libvips' loader, such as <c>jpeg</c>; null for anything else: SVG, TIFF, archives, pages.</returns>
    public static string? Of(ReadOnlySpan<byte> head) =>
        head.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "jpeg"
        : head.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "png"
        : head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8) ? "gif"
        : head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..].StartsWith("WEBP"u8) ? "webp"
        : IsAvif(head) ? "heif"
        : null;

    /// <summary>ISO base media file with the brand <c>avif</c> (AV1 Image File Format, 6.1), first or compatible.</summary>
    private static bool IsAvif(ReadOnlySpan<byte> head)
    {
        if (head.Length < 16 || !head[4..].StartsWith("ftyp"u8)) return false;
        var end = Math.Min(head.Length, (int)Math.Min(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head), HeadLength));
        for (var at = 8; at + 4 <= end; at += 4)
            if (at != 12 && head[at..].StartsWith("avif"u8)) return true;   // at 12 is the minor version
        return false;
    }
}
