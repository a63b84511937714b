using Platform.ServiceDefaults;

namespace Platform.Articles.Media;

/// <summary>Takes pictures in. Order of writes: the note, the files, then the picture, which makes it true; a crash leaves no half picture.</summary>
public sealed class MediaLibrary(PictureDecoding decoding, PictureStore pictures, PictureFileStore files, TimeProvider clock)
{
    /// <summary>Adds a picture from a stream of at most 20 MB.</summary>
    /// <param name="user">Who adds it.</param>
    /// <exception cref="Problem">400; 413; 415 <c>media.notAnImage</c>; 422 <c>media.tooManyPixels</c>, <c>media.damaged</c>, <c>media.tooSlow</c>; 503.</exception>
    public Task<Picture> Add(Stream file, string alt, string? caption, string? credit, Guid user, CancellationToken ct) => Add(Guid.CreateVersion7(clock.Now()), file, alt, caption, credit, user, ct);

    /// <summary>As the other, under an id that the caller makes: where the picture is there already, it is answered and nothing is read.</summary>
    /// <param name="untold">Whether the text only stands in for one.</param>
    public async Task<Picture> Add(Guid id, Stream file, string alt, string? caption, string? credit, Guid user, CancellationToken ct, bool untold = false)
    {
        var text = PictureText.Check(alt, caption, credit);
        if (await pictures.Find(id, ct) is { } there) return there;
        using var upload = new UploadFile();
        await upload.Write(file, ct);
        return await Add(id, upload, text, user, ct, untold);
    }

    internal async Task<Picture> Add(Guid id, UploadFile file, PictureText text, Guid user, CancellationToken ct, bool untold = false)
    {
        if (await pictures.Find(id, ct) is { } there) return there;
        var encoded = await decoding.Encode(file.Path, ct);
        var upload = Guid.CreateVersion7(clock.Now());
        var note = await files.Note(upload, id, Picture.WidthsOf(encoded.Width), ct);
        foreach (var variant in encoded.Variants) await files.Write(upload, variant, ct);
        var picture = await pictures.Insert(new Picture { Id = id, Version = 1, Text = text, Width = encoded.Width, Height = encoded.Height, Upload = upload, CreatedAt = clock.Now(), CreatedBy = user, IsUntold = untold }, ct);
        // Another run of the same upload was faster: its files are the picture's, ours nobody's.
        if (picture.Upload == upload) await files.Keep(upload, ct);
        else await files.Drop(note, ct);
        return picture;
    }

    /// <summary>Deletes a picture, then its files; what a crash leaves of them is swept.</summary>
    /// <exception cref="Problem">412 stale.</exception>
    public async Task Delete(Picture picture, CancellationToken ct)
    {
        var note = await files.Note(picture.Upload, picture.Id, picture.Widths, ct);
        await pictures.Delete(picture, ct);
        await files.Drop(note, ct);
    }

    /// <summary>Ends what was not ended: an upload that its picture names is kept, the files of any other go.</summary>
    /// <returns>How many there were, at most <paramref name="limit"/>.</returns>
    public async Task<int> Sweep(DateTimeOffset before, int limit, CancellationToken ct)
    {
        var unfinished = await files.Unfinished(before, limit, ct);
        foreach (var note in unfinished)
        {
            if ((await pictures.Find(note.PictureId, ct))?.Upload == note.Id) await files.Keep(note.Id, ct);
            else await files.Drop(note, ct);
        }
        return unfinished.Count;
    }
}
