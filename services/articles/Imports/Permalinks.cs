using System.Globalization;
using Platform.Text;

namespace Platform.Articles.Imports;

/// <summary>Addresses that an imported article had before, in one spelling: decoded, NFC, lower case, without slashes at the ends; or <c>?p=123</c>. Pure.</summary>
public static class Permalinks
{
    public const int MaxLength = 500;

    /// <summary>The spelling that is kept and compared.</summary>
    /// <param name="path">A path, percent-encoded or raw, with or without slashes at its ends; or one with <c>?p=123</c>.</param>
    /// <returns>Null for what cannot be one.</returns>
    public static string? Normalise(string path)
    {
        if (path.Length > 6 * MaxLength) return null;
        if (path.LastIndexOf("?p=", StringComparison.Ordinal) is >= 0 and var query)
            return path[(query + 3)..] is { Length: > 0 and < 20 } id && id.All(char.IsAsciiDigit) ? "?p=" + id : null;
        if (path.IndexOfAny(['?', '#']) is >= 0 and var end) path = path[..end];
        var decoded = Normaliser.Nfc(Uri.UnescapeDataString(path)).ToLowerInvariant().Trim('/');
        if (decoded.StartsWith("index.php/", StringComparison.Ordinal)) decoded = decoded[10..];
        return decoded.Length is > 0 and <= MaxLength ? decoded : null;
    }

    /// <summary>All addresses under which WordPress shows a post, whichever of its usual structures is set.</summary>
    /// <param name="link">The address in the export.</param>
    /// <param name="names">Its slug and older ones, percent-encoded as WordPress has them.</param>
    /// <param name="date">Of its publication, in the site's time.</param>
    public static IReadOnlyList<string> Of(string link, string id, IEnumerable<string> names, DateTimeOffset? date)
    {
        var all = new List<string?> { Normalise("?p=" + id) };
        if (Uri.TryCreate(link.Trim(), UriKind.Absolute, out var address)) all.Add(Normalise(address.AbsolutePath));
        foreach (var name in names.Where(n => n.Length > 0))
        {
            all.Add(Normalise(name));
            if (date is not { } on) continue;
            all.Add(Normalise(string.Create(CultureInfo.InvariantCulture, $"{on:yyyy}/{on:MM}/{name}")));
            all.Add(Normalise(string.Create(CultureInfo.InvariantCulture, $"{on:yyyy}/{on:MM}/{on:dd}/{name}")));
        }
        return [.. all.OfType<string>().Distinct()];
    }
}
