using System.Net;
using System.Text.RegularExpressions;
using Platform.Articles.Body;
using Platform.Articles.Imports.WordPress;
using Platform.Articles.Imports.Wxr;
using Platform.Articles.Media;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>An item's pictures, as far as their files were given.</summary>
/// <param name="Lead">Its lead image, or null.</param>
/// <param name="Known">Those in its text, by the address that stands there.</param>
/// <param name="Galleries">Those that galleries of its text show, by their attachments' ids.</param>
/// <param name="Missing">How many were not given.</param>
/// <param name="Prefix">The path before <c>/media/</c>, mostly empty.</param>
public sealed partial record ItemPictures(Picture? Lead, IReadOnlyDictionary<string, Picture> Known, IReadOnlyDictionary<string, Picture> Galleries, int Missing, string Prefix)
{
    /// <summary>As many as a body may show.</summary>
    private const int Most = 200;

    public static readonly ItemPictures None = new(null, new Dictionary<string, Picture>(), new Dictionary<string, Picture>(), 0, "");

    /// <summary>Those that its text may show.</summary>
    public BodyPictures Body => new(Shown.DistinctBy(p => p.Id).ToDictionary(p => p.Id));

    /// <summary>All of them, in an order that is always the same.</summary>
    public IEnumerable<Guid> Ids => Shown.Select(p => p.Id).Distinct().Order().Concat(Lead is null ? [] : [Lead.Id]);

    private IEnumerable<Picture> Shown => Known.Values.Concat(Galleries.Values);

    /// <summary>Ids of the attachments that the text shows as galleries (<c>[gallery ids="1,2"]</c>).</summary>
    public static IReadOnlyList<string> GalleriesIn(string content) => [.. Gallery().Matches(content).SelectMany(Attachments).Distinct().Take(Most)];

    /// <summary>Addresses that HTML shows as pictures, or links to as such; as they stand there.</summary>
    public static IReadOnlyList<string> AddressesIn(string html) => [.. Address().Matches(html).Select(m => m.Groups["address"].Value).Distinct().Take(Most)];

    /// <summary>The text with the library's addresses in the place of the old ones.</summary>
    public string Rewrite(string html)
    {
        if (Known.Count > 0) html = Address().Replace(html, m => Known.TryGetValue(m.Groups["address"].Value, out var p) ? $"{m.Groups["before"].Value}{Prefix}{Picture.Path(p.Id, p.Widest)}{m.Groups["after"].Value}" : m.Value);
        return Galleries.Count == 0 ? html : Gallery().Replace(html, m => string.Concat(Attachments(m).Where(Galleries.ContainsKey).Select(id => Galleries[id]).Select(Figure)));
    }

    private string Figure(Picture picture)
    {
        var caption = picture.Text.Caption is { } text ? $"<figcaption>{WebUtility.HtmlEncode(text)}</figcaption>" : "";
        return $"\n\n<figure><img src=\"{Prefix}{Picture.Path(picture.Id, picture.Widest)}\" alt=\"{WebUtility.HtmlEncode(picture.Text.Alt)}\">{caption}</figure>\n\n";
    }

    private static string[] Attachments(Match gallery) => gallery.Groups["ids"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"\[gallery\s[^\]]*ids\s*=\s*[""'](?<ids>[0-9,\s]+)[""'][^\]]*\]", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Gallery();

    [GeneratedRegex(@"(?<before>\s(src|href)\s*=\s*[""'])(?<address>[^""'<>]+\.(jpe?g|png|gif|webp|avif)(\?[^""'<>]*)?)(?<after>[""'])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}

/// <summary>Finds the pictures that imports name among those whose files were given (<see cref="GivePicture"/>).</summary>
public sealed class ImportedPictures(PictureStore pictures, BodyLinks links)
{
    private const int Attempts = 5, MaxText = 1000;

    public async Task<ItemPictures> Of(WxrItem item, ImportShelf shelf, CancellationToken ct)
    {
        var addresses = ItemPictures.AddressesIn(item.Content);
        var galleries = ItemPictures.GalleriesIn(item.Content);
        if (addresses.Count == 0 && galleries.Count == 0 && item.Thumbnail.Length == 0) return ItemPictures.None;
        var found = await Find([.. addresses.Select(a => PictureAddress.Normalise(a, shelf.Host))], ct);
        var known = addresses.Zip(found).Where(f => f.Second is not null).ToDictionary(f => f.First, f => f.Second!);
        var byOrigin = await pictures.FindByOrigins([.. galleries.Append(item.Thumbnail).Where(id => id.Length > 0).Select(shelf.KeyOf)], ct);
        var lead = byOrigin.GetValueOrDefault(shelf.KeyOf(item.Thumbnail));
        var shown = galleries.Where(id => byOrigin.ContainsKey(shelf.KeyOf(id))).ToDictionary(id => id, id => byOrigin[shelf.KeyOf(id)]);
        return new(lead, known, shown, addresses.Count - known.Count + galleries.Count - shown.Count + (item.Thumbnail.Length > 0 && lead is null ? 1 : 0), links.Prefix);
    }

    /// <summary>Whether the file of an attachment was given.</summary>
    public async Task<bool> IsGiven(WxrItem attachment, ImportShelf shelf, CancellationToken ct) => (await Find([PictureAddress.Normalise(attachment.AttachmentUrl, shelf.Host)], ct))[0] is not null;

    /// <summary>Notes with the pictures of these attachments which ones they are, so that articles find their lead images, and what the export says of them, unless the newsroom has said something else. Again changes nothing.</summary>
    public async Task Describe(IReadOnlyList<WxrItem> attachments, ImportShelf shelf, CancellationToken ct)
    {
        var found = await Find([.. attachments.Select(a => PictureAddress.Normalise(a.AttachmentUrl, shelf.Host))], ct);
        foreach (var (item, picture) in attachments.Zip(found))
            if (picture is not null && item.Id.Length > 0) await Describe(picture.Id, item, shelf.KeyOf(item.Id), ct);
    }

    private async Task Describe(Guid id, WxrItem item, string origin, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await pictures.Find(id, ct) is not { } picture) return;
            var described = picture.Imported(origin, Text(item));
            if (described == picture) return;
            try
            {
                await pictures.Save(described, ct);
                return;
            }
            catch (Problem e) when (e.Status == 412 && attempt < Attempts) { }   // somebody changed it in the same moment: look again
        }
    }

    /// <summary>What the export says of a picture; null where that is nothing.</summary>
    private static PictureText? Text(WxrItem item)
    {
        var alt = WordPressText.Line(item.Alt) is { Length: > 0 } given ? given : WordPressText.Line(item.Title);
        var caption = WordPressText.Line(item.Excerpt);
        try { return alt.Length == 0 ? null : PictureText.Check(WordPressText.Cut(alt, MaxText), caption.Length == 0 ? null : WordPressText.Cut(caption, MaxText), null); }
        catch (Problem) { return null; }   // characters that no text may hold
    }

    /// <summary>The best file of each address, null where there is none; one read for all.</summary>
    private async Task<IReadOnlyList<Picture?>> Find(IReadOnlyList<string?> addresses, CancellationToken ct)
    {
        var files = addresses.Select(a => a is null ? [] : PictureAddress.Files(a).Select(PictureAddress.Id).ToArray()).ToArray();
        var known = await pictures.Find([.. files.SelectMany(f => f).Distinct()], ct);
        return [.. files.Select(f => f.Select(known.GetValueOrDefault).FirstOrDefault(p => p is not null))];
    }
}
