using System.Collections.Frozen;
using System.Text;

namespace Platform.Articles.Imports.WordPress;

/// <summary>
/// Takes WordPress's shortcodes out of a text: captions become figures, embeds become links, of the others the tags go and what they enclose stays.
/// An editor's own brackets, such as [1] or [رويترز] or [sic], are left alone.
/// </summary>
internal static class Shortcodes
{
    private const int MaxTag = 2_000;

    private static readonly FrozenSet<string> Known = "audio caption contact-form contact-form-7 embed gallery playlist video wp_caption more toc youtube vimeo soundcloud instagram twitter facebook googlemaps dropcap button".Split(' ').ToFrozenSet();

    private readonly record struct Code(string Name, bool Closing, bool Certain, int Length);

    public static string Remove(string html)
    {
        if (!html.Contains('[')) return html;
        var closed = Closed(html);
        var result = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length;)
        {
            var open = html.IndexOf('[', at);
            if (open < 0) { result.Append(html, at, html.Length - at); break; }
            result.Append(html, at, open - at);
            var code = CodeAt(html, open);
            if (code.Length == 0 || !(code.Certain || Known.Contains(code.Name) || closed.ContainsKey(code.Name)))
            {
                result.Append('[');
                at = open + 1;
            }
            else if (!code.Closing && code.Name is "caption" or "wp_caption" or "embed" && closed.TryGetValue(code.Name, out var last) && last >= open + code.Length)
            {
                var inner = open + code.Length;
                var end = html.IndexOf($"[/{code.Name}]", inner, StringComparison.OrdinalIgnoreCase);
                result.Append(code.Name == "embed" ? Link(html[inner..end]) : Figure(html[inner..end]));
                at = end + code.Name.Length + 3;
            }
            else at = open + code.Length;
        }
        return result.ToString();
    }

    /// <summary>Where each name is closed for the last time.</summary>
    private static Dictionary<string, int> Closed(string html)
    {
        var closed = new Dictionary<string, int>();
        for (var at = html.IndexOf("[/", StringComparison.Ordinal); at >= 0; at = html.IndexOf("[/", at + 2, StringComparison.Ordinal))
            if (CodeAt(html, at) is { Closing: true } code) closed[code.Name] = at;
        return closed;
    }

    private static Code CodeAt(string html, int at)
    {
        var name = at + 1;
        var closing = name < html.Length && html[name] == '/';
        if (closing) name++;
        var end = name;
        while (end < html.Length && end - name < 40 && (char.IsAsciiLetterOrDigit(html[end]) || html[end] is '-' or '_')) end++;
        if (end == name || end == html.Length || !char.IsAsciiLetter(html[name]) || html[end] is not (']' or ' ' or '/' or '\n' or '\t')) return default;
        if (closing && html[end] != ']') return default;
        var close = html.AsSpan(end, Math.Min(MaxTag, html.Length - end)).IndexOf(']');
        if (close < 0) return default;
        var inside = html.AsSpan(end, close);
        return new(html[name..end].ToLowerInvariant(), closing, inside.Contains('=') || inside.EndsWith("/"), end + close + 1 - at);
    }

    /// <summary>The picture, with whatever follows it as its caption.</summary>
    private static string Figure(string inner)
    {
        var picture = inner.IndexOf("<img", StringComparison.OrdinalIgnoreCase);
        if (picture < 0) return inner;
        var end = picture + Math.Max(4, Markup.TagAt(inner, picture).Length);
        if (inner.AsSpan(end).TrimStart().StartsWith("</a>", StringComparison.OrdinalIgnoreCase)) end = inner.IndexOf("</a>", end, StringComparison.OrdinalIgnoreCase) + 4;
        return $"\n\n<figure>{inner[..end]}<figcaption>{inner[end..].Trim()}</figcaption></figure>\n\n";
    }

    private static string Link(string address) => $"\n\n{address.Trim()}\n\n";
}
