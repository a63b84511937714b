using System.Globalization;
using System.Net;
using System.Text;
using Platform.Text;

namespace Platform.Articles.Imports.WordPress;

/// <summary>Texts, slugs and times as WordPress writes them.</summary>
internal static class WordPressText
{
    /// <summary>One line of plain text: tags out, entities read.</summary>
    public static string Line(string html) => Normaliser.OneLine(WebUtility.HtmlDecode(WithoutTags(html, " ")));

    /// <summary>Plain text with line breaks: those that are there, and those that tags make.</summary>
    public static string Lines(string html) => Normaliser.Nfc(WebUtility.HtmlDecode(WithoutTags(html.ReplaceLineEndings("\n"), "")).Trim());

    /// <summary>A slug out of its percent-encoding. WordPress cuts it at 200 bytes, also within a letter: what is left of that one goes.</summary>
    public static string Slug(string name)
    {
        var decoded = Uri.UnescapeDataString(name);
        if (decoded.Contains('%')) decoded = decoded[..decoded.IndexOf('%')];
        return Text.Slug.From(decoded.TrimEnd('\uFFFD'));
    }

    /// <summary>A time in UTC; null where there is none: absent, or MySQL's zero.</summary>
    /// <exception cref="Wxr.WxrException">It is no time.</exception>
    public static DateTimeOffset? Time(string text)
    {
        if (text.Length == 0 || text.StartsWith("0000-00-00", StringComparison.Ordinal)) return null;
        return DateTimeOffset.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year is > 1000 and < 9000
            ? time : throw new Wxr.WxrException($"Not a time: {Cut(text, 40)}");
    }

    /// <summary>At most so many characters, cut at a word, with an ellipsis where something is missing.</summary>
    public static string Cut(string text, int max)
    {
        if (text.Length <= max) return text;
        var end = text.LastIndexOf(' ', max - 2);
        if (end < max / 2) end = max - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return text[..end].TrimEnd() + "…";
    }

    private static string WithoutTags(string html, string instead)
    {
        var text = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length;)
        {
            var open = html.IndexOf('<', at);
            if (open < 0) { text.Append(html, at, html.Length - at); break; }
            text.Append(html, at, open - at);
            var tag = Markup.TagAt(html, open);
            if (tag.Length == 0) text.Append('<');
            else text.Append(tag.Name switch { "br" => "\n", "p" or "div" or "li" or "blockquote" => "\n", _ => instead });
            at = open + Math.Max(1, tag.Length);
        }
        return text.ToString();
    }
}
