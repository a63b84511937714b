using Platform.Articles.Media;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>A writer puts a picture into the library.</summary>
public static class UploadMedia
{
    public const long MaxBody = UploadForm.MaxBody;

    /// <param name="File">JPEG, PNG, WebP, GIF (its first frame) or AVIF; 20 MB and 50 megapixels at most. What it is, its bytes tell, not its name.</param>
    /// <param name="Alt">What it shows; required, at most 1,000 characters.</param>
    /// <param name="Caption">At most 1,000 characters.</param>
    /// <param name="Credit">Who made it; at most 200 characters.</param>
    public sealed record UploadMediaForm(IFormFile File, string Alt, string? Caption, string? Credit);

    /// <param name="Width">Of the picture as uploaded, the right way up; the widest variant may be narrower.</param>
    public sealed record UploadedMedia(Guid Id, int Width, int Height, IReadOnlyList<MediaVariantView> Variants);

    /// <param name="Url">As WebP; with <c>.jpeg</c> in place of <c>.webp</c> it is there as JPEG.</param>
    public sealed record MediaVariantView(int Width, string Url);

    /// <summary>Takes a picture: decoded within bounds and encoded anew, without its metadata. Readers see it once a published article shows it.</summary>
    /// <returns>201 with its variants, Location and ETag; 400 with every wrong field; 413 over 20 MB; 415 <c>media.notAnImage</c>;
    /// 422 <c>media.tooManyPixels</c>, <c>media.damaged</c>, <c>media.tooSlow</c>; 503 too many at a time.</returns>
    public static async Task<Versioned<UploadedMedia>> Handle(HttpContext http, NewId id, MediaLibrary library, CurrentUser user, PlatformSettings settings, CancellationToken ct)
    {
        using var form = await UploadForm.Read(http.Request, ct);
        var picture = await library.Add(id.Value, form.File, form.Text, user.Id, ct);
        return new(new UploadedMedia(picture.Id, picture.Width, picture.Height, Variants(picture, settings)), picture.Version, StatusCodes.Status201Created, settings.Public($"/api/media/{picture.Id}"));
    }

    internal static IReadOnlyList<MediaVariantView> Variants(Picture picture, PlatformSettings settings) => [.. picture.Widths.Select(w => new MediaVariantView(w, settings.Public(Picture.Path(picture.Id, w))))];
}
