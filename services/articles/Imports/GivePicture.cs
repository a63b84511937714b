using Platform.Articles.Features;
using Platform.Articles.Media;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>An editor gives the files of pictures that an export only names: before it is imported, or after, when the same export is imported again.</summary>
public static class GivePicture
{
    /// <summary>
    /// Takes the file of a picture, as the body. It goes into the media library, where every import finds it by its address: articles get it as lead image and within their texts, in any size
    /// that WordPress made of it. Given again it is left as it is, so that a script that was interrupted simply starts anew.
    /// </summary>
    /// <param name="address">Where it was, without <c>https://</c>: <c>old.example/wp-content/uploads/2024/01/picture.jpg</c>.</param>
    /// <returns>201 with its variants, Location and ETag; 200 where it was there; 400; 413 over 20 MB; 415 <c>media.notAnImage</c>;
    /// 422 <c>media.tooManyPixels</c>, <c>media.damaged</c>, <c>media.tooSlow</c>; 503 too many at a time.</returns>
    public static async Task<Versioned<UploadMedia.UploadedMedia>> Handle(string address, HttpContext http, MediaLibrary library, PictureStore pictures, Audit audit, CurrentUser user, PlatformSettings settings, CancellationToken ct)
    {
        var normal = PictureAddress.Normalise("https://" + address, "") ?? throw Problem.Invalid("address", "Host and path of a file, such as old.example/wp-content/uploads/2024/01/picture.jpg.");
        var id = PictureAddress.Id(normal);
        if (await pictures.Find(id, ct) is { } there) return View(there, StatusCodes.Status200OK);
        var made = await audit.Around(user, "created", new AuditSubject("media", id.ToString(), normal), null, () => library.Add(id, http.Request.Body, PictureAddress.Name(normal), null, null, user.Id, ct, untold: true), ct);
        return View(made, StatusCodes.Status201Created);

        Versioned<UploadMedia.UploadedMedia> View(Picture p, int status) => new(new(p.Id, p.Width, p.Height, UploadMedia.Variants(p, settings)), p.Version, status, settings.Public($"/api/media/{p.Id}"));
    }
}
