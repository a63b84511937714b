using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Web;

/// <summary>The addresses of a picture's variants, which follow from that of its widest one: <c>/media/{id}/{width}.webp</c>, with usual widths below it, and as JPEG too.</summary>
public static partial class Variants
{
    private static readonly int[] Usual = [320, 640, 960, 1600];

    /// <summary>For <c>srcset</c>, as a page of ours asks for them; empty where there is nothing to choose from.</summary>
    public static string Set(Edition edition, LeadImage image)
    {
        var match = Address().Match(edition.Local(image.Url));
        if (!match.Success) return "";
        var (folder, widest) = (match.Groups["folder"].Value, int.Parse(match.Groups["width"].ValueSpan, CultureInfo.InvariantCulture));
        return string.Join(", ", Usual.Where(w => w < widest).Append(widest).Select(w => FormattableString.Invariant($"{folder}/{w}.webp {w}w")));
    }

    /// <summary>The widest one as JPEG, which every feed reader and every preview of links knows.</summary>
    public static string Jpeg(LeadImage image) => Address().IsMatch(image.Url) ? image.Url[..^"webp".Length] + "jpeg" : image.Url;

    /// <summary>A body for feeds, which are read elsewhere: pictures by their whole address, without the choice that only our pages' layout can make.</summary>
    public static string ForFeeds(string body, string root) => Image().Replace(body, image => Choice().Replace(image.Value, "").Replace(" src=\"/", $" src=\"{root}/", StringComparison.Ordinal));

    [GeneratedRegex(@"^(?<folder>.*/media/[^/]+)/(?<width>\d{1,5})\.webp$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    [GeneratedRegex("<img [^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Image();

    [GeneratedRegex(" (srcset|sizes|loading)=\"[^\"]*\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Choice();
}
