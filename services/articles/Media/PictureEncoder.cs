using NetVips;
using Platform.ServiceDefaults;
using static NetVips.Enums;

namespace Platform.Articles.Media;

/// <summary>One file of a picture.</summary>
/// <param name="Extension"><c>webp</c> or <c>jpeg</c>.</param>
public sealed record PictureVariant(int Width, string Extension, byte[] Bytes);

/// <param name="Width">Of the whole picture, the right way up.</param>
public sealed record EncodedPicture(int Width, int Height, IReadOnlyList<PictureVariant> Variants);

/// <summary>
/// Makes our own files out of a stranger's picture, with libvips: every byte of them is encoded here, from pixels in sRGB, the right way up, without any metadata.
/// The header's dimensions are checked before anything is decoded. Only loaders for the formats of <see cref="PictureFormat"/> exist in this process.
/// </summary>
internal static class PictureEncoder
{
    /// <summary>As many pixels as a picture may have, whatever its file's size: 50 megapixels, which a decoder may hold whole as RGBA in 200 MB.</summary>
    public const long MaxPixels = 50_000_000;

    /// <summary>WebP holds no more on a side (RFC 9649, 2.4); a variant must not exceed it.</summary>
    private const int MaxVariantSide = 16_383;

    private static readonly string[] Loaders = ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadNsgif", "VipsForeignLoadWebp", "VipsForeignLoadHeif"];

    static PictureEncoder()
    {
        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (var loader in Loaders) Operation.Block(loader, false);
        Log.SetLogHandler("VIPS", LogLevelFlags.Warning, static (_, _, _) => { });   // a stranger's broken file is nothing to warn of
        Cache.Max = 0;                      // each picture is seen once
        NetVips.NetVips.Concurrency = 1;    // several pictures at a time are MediaLibrary's to decide
    }

    /// <summary>Reads the header only.</summary>
    /// <returns>Width and height, the right way up.</returns>
    /// <exception cref="Problem">415 <c>media.notAnImage</c>; 422 <c>media.tooManyPixels</c>.</exception>
    public static (int Width, int Height) Measure(string path)
    {
        using var header = Open(path);
        if ((long)header.Width * header.Height > MaxPixels) throw TooManyPixels();
        using var upright = header.Autorot();
        var widest = Picture.WidthsOf(upright.Width)[^1];
        if (Picture.HeightAt(widest, upright.Width, upright.Height) > MaxVariantSide) throw TooManyPixels();
        return (upright.Width, upright.Height);
    }

    /// <summary>Decodes once, at the largest size that is needed, and makes all variants from that.</summary>
    /// <param name="size">What <see cref="Measure"/> said.</param>
    /// <param name="ct">Stops the decoder, within a few lines of pixels in most formats.</param>
    /// <exception cref="Problem">422 <c>media.damaged</c>.</exception>
    public static EncodedPicture Encode(string path, (int Width, int Height) size, CancellationToken ct)
    {
        try
        {
            var widths = Picture.WidthsOf(size.Width);
            using var widest = Decode(path, widths[^1], Picture.HeightAt(widths[^1], size.Width, size.Height), ct);
            var variants = new List<PictureVariant>();
            foreach (var width in widths)
            {
                ct.ThrowIfCancellationRequested();
                using var scaled = width == widths[^1] ? widest.Copy() : widest.ThumbnailImage(width, Picture.HeightAt(width, size.Width, size.Height), Size.Force);
                variants.AddRange(Files(width, scaled));
            }
            return new EncodedPicture(size.Width, size.Height, variants);
        }
        catch (VipsException) when (!ct.IsCancellationRequested)
        {
            // What libvips says of it names our files and its functions.
            throw Problem.Rule("media.damaged", "The picture is damaged or cut off.");
        }
        catch (VipsException)
        {
            throw new OperationCanceledException(ct);
        }
    }

    private static Image Decode(string path, int width, int height, CancellationToken ct)
    {
        // Shrinks while it loads, turns, and brings the colours to sRGB; CMYK without a profile of its own is taken for the usual one.
        using var lazy = Image.Thumbnail(path, width, height, Size.Force, outputProfile: "srgb", failOn: FailOn.Error);
        using var srgb = lazy.Colourspace(Interpretation.Srgb);
        using var bytes = srgb.Cast(BandFormat.Uchar);
        using var stop = ct.Register(static image => ((Image)image!).SetKill(true), bytes);
        return bytes.CopyMemory();
    }

    private static IEnumerable<PictureVariant> Files(int width, Image image)
    {
        yield return new PictureVariant(width, "webp", image.WebpsaveBuffer(q: 80, effort: 4, keep: ForeignKeep.None));
        // JPEG knows no transparency: what shines through is paper.
        using var opaque = image.HasAlpha() ? image.Flatten(background: [255]) : image.Copy();
        yield return new PictureVariant(width, "jpeg", opaque.JpegsaveBuffer(q: 82, optimizeCoding: true, keep: ForeignKeep.None));
    }

    private static Image Open(string path)
    {
        try
        {
            return PictureFormat.Of(Head(path)) switch
            {
                "jpeg" => Image.Jpegload(path),
                "png" => Image.Pngload(path),
                "gif" => Image.Gifload(path),
                "webp" => Image.Webpload(path),
                "heif" => Image.Heifload(path),
                _ => throw NotAnImage(),
            };
        }
        catch (VipsException)
        {
            throw NotAnImage();
        }
    }

    private static byte[] Head(string path)
    {
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var head = new byte[PictureFormat.HeadLength];
        return head[..RandomAccess.Read(file, head, 0)];
    }

    private static Problem NotAnImage() => new(415, "media.notAnImage", "Not a picture that is taken here: JPEG, PNG, WebP, GIF or AVIF.");

    private static Problem TooManyPixels() => Problem.Rule("media.tooManyPixels", $"At most {MaxPixels / 1_000_000} megapixels, and not too narrow a strip.");
}
