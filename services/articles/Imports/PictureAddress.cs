using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles.Imports;

/// <summary>
/// Where a picture was on the site that was exported, in one spelling: host and path, decoded, NFC, without <c>www.</c>, query and scheme, such as
/// <c>old.example/wp-content/uploads/2024/01/صورة.jpg</c>. From it follows the picture's id here, so that giving its file twice makes one picture. Pure.
/// </summary>
public static partial class PictureAddress
{
    private const int MaxLength = 500;

    /// <param name="address">Absolute, or a path of the site.</param>
    /// <param name="site">Host of the site.</param>
    /// <returns>Null for what cannot be one.</returns>
    public static string? Normalise(string address, string site)
    {
        if (address.Length > 6 * MaxLength) return null;
        address = WebUtility.HtmlDecode(address).Trim();
        if (address.StartsWith("//", StringComparison.Ordinal)) address = "https:" + address;
        else if (address.StartsWith('/')) address = $"https://{site}{address}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.AbsolutePath.EndsWith('/')) return null;
        var path = Normaliser.Nfc(Uri.UnescapeDataString(uri.AbsolutePath));
        var host = uri.Authority;
        // WordPress's own proxy for pictures: i0.wp.com/old.example/wp-content/…
        if (Proxy().IsMatch(host) && path.IndexOf('/', 1) is > 0 and var end) (host, path) = (path[1..end], path[end..]);
        if (host.StartsWith("www.", StringComparison.Ordinal)) host = host[4..];
        return host.Length + path.Length <= MaxLength && FieldErrors.IsWellFormed(path) && !path.Any(char.IsControl) ? host + path : null;
    }

    /// <summary>Addresses of the files that show the same: the one of which WordPress made a smaller one (<c>-300x200</c>), and the one that it made of a large one (<c>-scaled</c>). The best first.</summary>
    public static IEnumerable<string> Files(string address)
    {
        var dot = address.LastIndexOf('.');
        if (dot < 0) return [address];
        var (name, extension) = (address[..dot], address[dot..]);
        var whole = Size().Replace(name, "");
        return new[] { whole, whole.EndsWith(Scaled, StringComparison.Ordinal) ? whole[..^Scaled.Length] : whole + Scaled, name }.Distinct().Select(n => n + extension);
    }

    /// <summary>The id that a picture from there has here; its time is that of the folder, such as <c>2024/01</c>, where it has one.</summary>
    public static Guid Id(string address)
    {
        var month = Month().Match(address);
        var at = month.Success ? new DateTimeOffset(int.Parse(month.Groups["year"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(month.Groups["month"].ValueSpan, CultureInfo.InvariantCulture), 1, 0, 0, 0, TimeSpan.Zero) : DateTimeOffset.UnixEpoch;
        return HashedId.Of(Encoding.UTF8.GetBytes("picture:" + address), at.ToUnixTimeMilliseconds());
    }

    /// <summary>What stands for its alternative text until an import says more: the file's name.</summary>
    public static string Name(string address)
    {
        var file = address[(address.LastIndexOf('/') + 1)..];
        var name = file.LastIndexOf('.') is > 0 and var dot ? file[..dot] : file;
        return Normaliser.OneLine(name.Replace('-', ' ').Replace('_', ' ')) is { Length: > 0 } words ? words : file;
    }

    /// <summary>Whether it is called as pictures are that can be taken.</summary>
    public static bool IsPicture(string address) => Extension().IsMatch(address);

    private const string Scaled = "-scaled";

    [GeneratedRegex(@"^i[0-3]\.wp\.com$", RegexOptions.None, 1000)]
    private static partial Regex Proxy();

    [GeneratedRegex(@"-\d{1,5}x\d{1,5}$", RegexOptions.None, 1000)]
    private static partial Regex Size();

    [GeneratedRegex(@"/(?<year>19[7-9]\d|20\d\d)/(?<month>0[1-9]|1[0-2])/", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Month();

    [GeneratedRegex(@"\.(jpe?g|png|gif|webp|avif)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Extension();
}
