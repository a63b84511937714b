using System.Globalization;
using Microsoft.Net.Http.Headers;
using Platform.Articles.Media;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>Anyone sees a picture that a published article shows; the newsroom sees all.</summary>
public static class ShowMedia
{
    /// <summary>The gateway keeps larger ones out of its memory, where they would push pages out.</summary>
    private const int MaxKept = 256 * 1024;

    /// <summary>A variant of a picture, such as <c>640.webp</c>. It never changes.</summary>
    /// <param name="id">Of the picture, in small letters.</param>
    /// <param name="file">Width and extension, <c>webp</c> or <c>jpeg</c>.</param>
    /// <returns>200 with the file; 304; 404 unknown, or shown by no published article.</returns>
    public static async Task<IResult> Handle(string id, string file, HttpContext http, CurrentUser user, PictureStore pictures, PictureUseStore uses, PictureFileStore files, CancellationToken ct)
    {
        // One spelling of each address, so that no cache holds a picture twice.
        if (!Guid.TryParseExact(id, "D", out var pictureId) || pictureId.ToString() != id || Variant(file) is not var (width, extension)) throw Problem.NotFound("media");
        // Both are asked in any case: an answer that comes sooner would tell that there is no such picture.
        var (found, asked) = (pictures.Find(pictureId, ct), uses.ShownBy(pictureId, ct));
        var (picture, shownBy) = (await found, await asked);
        if (picture is null || !picture.Widths.Contains(width) || (shownBy is null && !user.IsWriter)) throw Problem.NotFound("media");

        var headers = http.Response.Headers;
        headers.CacheControl = shownBy is null ? "private, no-store" : "public, max-age=31536000, immutable";
        headers.XContentTypeOptions = "nosniff";
        var etag = new EntityTagHeaderValue(FormattableString.Invariant($"\"{picture.Upload:N}-{width}-{extension}\""));
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(etag, useStrongComparison: false) || t.Equals(EntityTagHeaderValue.Any)))
        {
            headers.ETag = etag.ToString();
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }
        var bytes = await files.Read(picture.Upload, width, extension, ct) ?? throw Problem.NotFound("media");
        // One article that shows it is enough for the gateway to know: when that one goes, the gateway asks again.
        // An address with a query is not one of ours, and would be kept once for every query that somebody thinks of.
        if (shownBy is { } article && bytes.Length <= MaxKept && !http.Request.QueryString.HasValue) headers[CacheTags.Header] = CacheTags.Pictures(article);
        else if (http.Request.QueryString.HasValue) headers.CacheControl = "private, no-store";
        return TypedResults.Bytes(bytes, "image/" + extension, entityTag: etag);
    }

    private static (int Width, string Extension)? Variant(string file) => file.Split('.') is [var width, ("webp" or "jpeg") and var extension]
        && width.Length is > 0 and <= 5 && width[0] != '0' && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) ? (pixels, extension) : null;
}
