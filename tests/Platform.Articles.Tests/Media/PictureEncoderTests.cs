using System.Text;
using NetVips;
using Platform.Articles.Media;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Media;

public sealed class PictureEncoderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(319, 319)]
    [InlineData(320, 320)]
    [InlineData(321, 320, 321)]
    [InlineData(800, 320, 640, 800)]
    [InlineData(1599, 320, 640, 960, 1599)]
    [InlineData(1600, 320, 640, 960, 1600)]
    [InlineData(8000, 320, 640, 960, 1600)]
    public void A_picture_has_the_usual_widths_that_it_fills(int width, params int[] widths) => Picture.WidthsOf(width).ShouldBe(widths);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void However_the_camera_was_held_the_picture_stands_upright(int orientation)
    {
        var made = Encode(Pictures.Turned(orientation));

        (made.Width, made.Height).ShouldBe((800, 600));
        made.Variants.Select(v => (v.Width, v.Extension)).ShouldBe([(320, "webp"), (320, "jpeg"), (640, "webp"), (640, "jpeg"), (800, "webp"), (800, "jpeg")]);
        foreach (var variant in made.Variants)
        {
            using var image = Decode(variant);
            (image.Width, image.Height).ShouldBe((variant.Width, variant.Width * 3 / 4));
            Quarters(image);
        }
    }

    [Fact]
    public void Nothing_that_is_not_seen_gets_out()
    {
        var telltale = Pictures.Telltale();
        Encoding.Latin1.GetString(telltale).ShouldContain(Pictures.Secret);
        foreach (var variant in Encode(telltale).Variants)
        {
            var bytes = Encoding.Latin1.GetString(variant.Bytes);
            foreach (var marker in new[] { Pictures.Secret, "Exif", "GPS", "xmp", "ICC", "ICCP", "<script", "html", "Photoshop" }) bytes.ShouldNotContain(marker, Case.Sensitive);
            using var image = Decode(variant);
            image.GetFields().ShouldNotContain(f => f.StartsWith("exif") || f.StartsWith("xmp") || f.StartsWith("icc") || f.StartsWith("iptc") || f.Contains("comment"));
        }
    }

    public static TheoryData<string, byte[]> Formats => new()
    {
        { "PNG", Pictures.Png() },
        { "WebP", Pictures.Webp() },
        { "AVIF", Pictures.Avif() },
        { "CMYK JPEG", Pictures.Cmyk() },
        { "PNG of 16 bits", Pictures.SixteenBits() },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Formats_and_colours_become_sRGB(string what, byte[] bytes)
    {
        var made = Encode(bytes);

        (made.Width, made.Height).ShouldBe((400, 300), what);
        foreach (var variant in made.Variants)
        {
            using var image = Decode(variant);
            (image.Bands, image.Interpretation, image.Format).ShouldBe((3, Enums.Interpretation.Srgb, Enums.BandFormat.Uchar), what);
            Quarters(image);
        }
    }

    [Fact]
    public void Grey_stays_grey()
    {
        using var image = Decode(Encode(Pictures.Grey()).Variants[^1]);
        var pixel = image.Getpoint(10, 10);
        pixel.ShouldAllBe(band => Math.Abs(band - pixel[0]) < 3);
    }

    [Fact]
    public void Through_what_is_transparent_shines_paper_in_a_JPEG()
    {
        var made = Encode(Pictures.HalfTransparent());
        using (var webp = Decode(made.Variants[^2])) (webp.HasAlpha(), webp.Getpoint(390, 10)[3]).ShouldBe((true, 0));
        using var jpeg = Decode(made.Variants[^1]);
        Near(jpeg, 390, 10, Pictures.White);
        Near(jpeg, 10, 10, Pictures.Red);
    }

    [Fact]
    public void Of_an_animation_the_first_frame_is_taken()
    {
        var made = Encode(Pictures.Gif(30));
        (made.Width, made.Height).ShouldBe((64, 48));
        using var image = Decode(made.Variants[0]);
        Quarters(image);
    }

    [Fact]
    public void A_strip_of_one_pixel_keeps_one()
    {
        using var image = Decode(Encode(Pictures.Png(2000, 1)).Variants[0]);
        (image.Width, image.Height).ShouldBe((320, 1));
        Encode(Pictures.Png(1, 1)).Variants.Count.ShouldBe(2);
    }

    public static TheoryData<string, byte[], int, string> Bad => new()
    {
        { "nothing", [], 415, "media.notAnImage" },
        { "HTML", "<html><script>alert(1)</script></html>"u8.ToArray(), 415, "media.notAnImage" },
        { "SVG", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"><rect width=\"10\" height=\"10\"/></svg>"u8.ToArray(), 415, "media.notAnImage" },
        { "a zip", Pictures.Zip(), 415, "media.notAnImage" },
        { "a PDF", "%PDF-1.7 "u8.ToArray(), 415, "media.notAnImage" },
        { "a TIFF", "II*\0\b\0\0\0\0\0\0\0"u8.ToArray(), 415, "media.notAnImage" },
        { "an MP4", "\0\0\0\u0018ftypmp42\0\0\0\0mp42isom"u8.ToArray(), 415, "media.notAnImage" },
        { "three bytes of a JPEG", [0xFF, 0xD8, 0xFF], 415, "media.notAnImage" },
        { "a PNG's signature and rubbish", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Enumerable.Repeat((byte)7, 500)], 415, "media.notAnImage" },
        { "a RIFF that is no WebP", "RIFF\u0010\0\0\0WAVEfmt "u8.ToArray(), 415, "media.notAnImage" },
        { "a PNG of 60,000 by 60,000", Pictures.ZerosPng(60_000, 60_000, 1), 422, "media.tooManyPixels" },
        { "a JPEG of 60,000 by 60,000", Pictures.LyingJpeg(60_000, 60_000), 422, "media.tooManyPixels" },
        { "a GIF of 60,000 by 60,000", [.. "GIF89a"u8, 0x60, 0xEA, 0x60, 0xEA, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, 0x2C, 0, 0, 0, 0, 0x60, 0xEA, 0x60, 0xEA, 0, 2, 2, 0x44, 1, 0, 0x3B], 422, "media.tooManyPixels" },
        { "a strip that is too narrow", Pictures.ZerosPng(10, 20_000, 20_000), 422, "media.tooManyPixels" },
        { "a PNG that says more than it holds", Pictures.ZerosPng(1000, 1000, 10), 422, "media.damaged" },
        { "a JPEG cut off", Pictures.Jpeg()[..^2000], 422, "media.damaged" },
        { "a PNG cut off", Pictures.Png()[..^200], 422, "media.damaged" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_good_picture_is_refused(string what, byte[] bytes, int status, string code)
    {
        var refused = Should.Throw<Problem>(() => Encode(bytes), what);
        (refused.Status, refused.Code).ShouldBe((status, code), what);
    }

    [Fact]
    public void Much_of_nothing_is_a_picture()
    {
        var zeros = Pictures.ZerosPng(7000, 7000, 7000);
        zeros.Length.ShouldBeLessThan(2_000_000);
        Encode(zeros).Variants[^1].Width.ShouldBe(1600);
    }

    [Fact]
    public void A_JPEG_that_says_more_than_it_holds_is_as_large_as_it_says()
    {
        var made = Encode(Pictures.LyingJpeg(2000, 2000));
        (made.Width, made.Height, made.Variants.Count).ShouldBe((2000, 2000, 8));
    }

    [Fact]
    public void Frames_without_end_and_text_that_swells_do_no_harm()
    {
        // What this test adds: others run in the same process.
        var before = Resident();
        Encode(Pictures.EmptyFrames(100_000)).Width.ShouldBe(1);
        var swollen = Pictures.TextBomb(300 << 20);
        swollen.Length.ShouldBeLessThan(1_000_000);
        try { Encode(swollen); } catch (Problem refused) { refused.Status.ShouldBeOneOf(415, 422); }
        (Resident() - before).ShouldBeLessThan(512L << 20);
    }

    private static long Resident()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    [Fact]
    public void A_decoder_that_is_told_to_stops()
    {
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        using var file = Written(Pictures.ZerosPng(7000, 7000, 7000));
        Should.Throw<OperationCanceledException>(() => PictureEncoder.Encode(file.Path, (7000, 7000), stopped.Token));
    }

    private static EncodedPicture Encode(byte[] bytes)
    {
        using var file = Written(bytes);
        return PictureEncoder.Encode(file.Path, PictureEncoder.Measure(file.Path), CancellationToken.None);
    }

    private static UploadFile Written(byte[] bytes)
    {
        var file = new UploadFile();
        file.Write(new MemoryStream(bytes), CancellationToken.None).GetAwaiter().GetResult();
        return file;
    }

    private static Image Decode(PictureVariant variant) => variant.Extension == "webp" ? Image.WebploadBuffer(variant.Bytes) : Image.JpegloadBuffer(variant.Bytes);

    /// <summary>Red and green over blue and white.</summary>
    private static void Quarters(Image image)
    {
        var (w, h) = (image.Width, image.Height);
        Near(image, w / 4, h / 4, Pictures.Red);
        Near(image, w * 3 / 4, h / 4, Pictures.Green);
        Near(image, w / 4, h * 3 / 4, Pictures.Blue);
        Near(image, w * 3 / 4, h * 3 / 4, Pictures.White);
    }

    private static void Near(Image image, int x, int y, double[] colour)
    {
        var pixel = image.Getpoint(x, y);
        for (var band = 0; band < 3; band++) Math.Abs(pixel[band] - colour[band]).ShouldBeLessThan(60, $"at {x},{y}: {string.Join(',', pixel)} for {string.Join(',', colour)}");
    }
}
