using Platform.Articles.Media;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>The newsroom finds pictures in the library and puts words to them; readers may ask for what they see.</summary>
public static class ManageMedia
{
    private const int MaxQuery = 200, MaxQueryWords = 10;

    /// <param name="Alt">Required; at most 1,000 characters.</param>
    /// <param name="Caption">At most 1,000 characters; absent for none.</param>
    /// <param name="Credit">At most 200 characters; absent for none.</param>
    public sealed record MediaInput(string? Alt = null, string? Caption = null, string? Credit = null);

    /// <param name="Variants">Their addresses, as WebP; the smallest first.</param>
    public sealed record MediaView(Guid Id, long Version, string Alt, string? Caption, string? Credit, int Width, int Height, IReadOnlyList<UploadMedia.MediaVariantView> Variants, DateTimeOffset CreatedAt, Guid CreatedBy);

    /// <summary>A page of the library, the newest first.</summary>
    /// <param name="q">Words, in any spelling; each begins a word of the alternative text, the caption or the credit.</param>
    public static async Task<Page<MediaView>> List(string? q, PageRequest page, HttpResponse response, PictureStore pictures, PlatformSettings settings, Cursors cursors, CancellationToken ct)
    {
        if (q?.Length > MaxQuery || (q is not null && !FieldErrors.IsWellFormed(q))) throw Problem.Invalid("q", $"At most {MaxQuery} characters of text.");
        var before = page.Cursor is null ? (Guid?)null : page.Cursor is [var last] && Guid.TryParse(last, out var id) ? id : throw Cursors.Foreign();
        var found = await pictures.List([.. Picture.WordsOf(q ?? "").Take(MaxQueryWords)], before, page.Limit + 1, ct);
        response.Headers.CacheControl = "private, no-cache";
        return page.Cut(found, cursors, p => [p.Id.ToString()], p => View(p, settings));
    }

    /// <summary>A picture of the library; for readers, one that a published article shows.</summary>
    /// <returns>200; 304; 404.</returns>
    public static async Task<Versioned<MediaView>> Get(Guid id, HttpResponse response, CurrentUser user, PictureStore pictures, PictureUseStore uses, PlatformSettings settings, CancellationToken ct)
    {
        // Both are asked in any case: an answer that comes sooner would tell that there is no such picture.
        var (found, shownBy) = (pictures.Find(id, ct), uses.ShownBy(id, ct));
        if (await shownBy is null && !user.IsWriter) { await found; throw Problem.NotFound("media"); }
        var picture = await found ?? throw Problem.NotFound("media");
        response.Headers.CacheControl = user.IsAnonymous ? "no-cache" : "private, no-cache";
        return new(View(picture, settings), picture.Version);
    }

    /// <summary>Other words for a picture; articles that show it already keep theirs. If-Match is honoured where it is sent.</summary>
    /// <returns>200; 400 with every wrong field; 403 another writer's; 404; 412 stale.</returns>
    public static async Task<Versioned<MediaView>> Describe(Guid id, MediaInput request, HttpContext http, PictureStore pictures, CurrentUser user, PlatformSettings settings, CancellationToken ct)
    {
        var picture = await pictures.Get(id, ct);
        _ = picture.Describe(picture.Text, user);   // who may, before what is wrong
        IfMatch.Optional(http).Check(picture.Version, "media");
        var described = picture.Describe(PictureText.Check(request.Alt, request.Caption, request.Credit), user);
        if (described != picture) described = await pictures.Save(described, ct);
        return new(View(described, settings), described.Version);
    }

    /// <summary>Deletes a picture that no article shows, but for withdrawn ones. If-Match is honoured where it is sent.</summary>
    /// <returns>204; 404; 409 <c>media.inUse</c>; 412 stale.</returns>
    public static async Task<IResult> Delete(Guid id, HttpContext http, MediaLibrary library, PictureStore pictures, PictureUseStore uses, CancellationToken ct)
    {
        var picture = await pictures.Get(id, ct);
        IfMatch.Optional(http).Check(picture.Version, "media");
        // An article that takes it in the same moment shows its alternative text in its place.
        if (await uses.IsUsed(id, ct)) throw Problem.Conflict("media.inUse", "Articles show this picture.");
        await library.Delete(picture, ct);
        return TypedResults.NoContent();
    }

    internal static MediaView View(Picture picture, PlatformSettings settings) => new(picture.Id, picture.Version, picture.Text.Alt, picture.Text.Caption, picture.Text.Credit, picture.Width, picture.Height,
        UploadMedia.Variants(picture, settings), picture.CreatedAt, picture.CreatedBy);
}
