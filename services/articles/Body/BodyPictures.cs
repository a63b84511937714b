using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Articles.Media;

namespace Platform.Articles.Body;

/// <summary>The library's pictures that a body may show. Those that it names and that do not exist are taken out of it.</summary>
/// <param name="known">By id.</param>
public sealed partial class BodyPictures(IReadOnlyDictionary<Guid, Picture> known)
{
    /// <summary>As many different pictures as a body may name; what goes beyond is not looked up, and so taken out.</summary>
    private const int MaxPictures = 200;

    /// <summary>A column of text is 47rem wide at most; see the site's style sheet.</summary>
    private const string Sizes = "(min-width: 47rem) 47rem, 100vw";

    /// <summary>Ids of the pictures that HTML may show, whoever wrote it; some may not exist.</summary>
    public static IReadOnlyCollection<Guid> NamedIn(string html) => [.. Ids(Address(), html).Take(MaxPictures)];

    /// <summary>Ids of the pictures that a sanitised body shows.</summary>
    public static IEnumerable<Guid> ShownIn(string body) => Ids(Shown(), body);

    /// <summary>The attributes of a picture, so that pages keep its place while it loads and readers load the width they need.</summary>
    /// <param name="address">As <see cref="BodyLinks.Picture"/> gave it.</param>
    /// <param name="prefix">The path before <c>/media/</c>, mostly empty.</param>
    /// <returns>Null where there is no such picture.</returns>
    public Dictionary<string, string>? Attributes(string address, string prefix)
    {
        var match = Address().Match(address);
        if (!match.Success || !Guid.TryParse(match.Groups["id"].ValueSpan, out var id) || !known.TryGetValue(id, out var picture)) return null;
        var width = int.TryParse(match.Groups["width"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var given) && picture.Widths.Contains(given) ? given : picture.Widest;
        var attributes = new Dictionary<string, string>
        {
            ["src"] = prefix + Picture.Path(id, width),
            ["width"] = width.ToString(CultureInfo.InvariantCulture),
            ["height"] = picture.HeightAt(width).ToString(CultureInfo.InvariantCulture),
            ["loading"] = "lazy",
        };
        if (picture.Widths.Count > 1)
        {
            attributes["srcset"] = string.Join(", ", picture.Widths.Select(w => FormattableString.Invariant($"{prefix}{Picture.Path(id, w)} {w}w")));
            attributes["sizes"] = Sizes;
        }
        return attributes;
    }

    private static IEnumerable<Guid> Ids(Regex pattern, string html) =>
        pattern.Matches(html).Select(m => Guid.TryParse(m.Groups["id"].ValueSpan, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct();

    [GeneratedRegex(@"/media/(?<id>[0-9a-fA-F-]{36})/(?<width>\d{1,5})\.", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex(@"<img [^>]*?src=""[^""]*?/media/(?<id>[0-9a-f-]{36})/", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Shown();
}
