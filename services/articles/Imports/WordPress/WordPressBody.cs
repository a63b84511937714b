using System.Collections.Frozen;
using System.Net;
using System.Text;

namespace Platform.Articles.Imports.WordPress;

/// <summary>
/// From what WordPress keeps to the HTML that it would have shown: blocks' comments and shortcodes out, paragraphs from blank lines and breaks from line ends
/// where there is no markup that says so (as its wpautop does it). Linear; the result goes through the sanitiser like an editor's.
/// </summary>
internal static class WordPressBody
{
    /// <summary>Kept as they are, to their end.</summary>
    private static readonly FrozenSet<string> Whole = "p h1 h2 h3 h4 h5 h6 ul ol dl table pre figure script style textarea form".Split(' ').ToFrozenSet();

    /// <summary>Hold paragraphs.</summary>
    private static readonly FrozenSet<string> Containers = "blockquote div section article aside header footer main center details hr".Split(' ').ToFrozenSet();

    public static string ToHtml(string content) => Paragraphs(Shortcodes.Remove(WithoutComments(content.ReplaceLineEndings("\n"))));

    private static string WithoutComments(string html)
    {
        if (!html.Contains("<!--", StringComparison.Ordinal)) return html;
        var result = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length;)
        {
            var open = html.IndexOf("<!--", at, StringComparison.Ordinal);
            var close = open < 0 ? -1 : html.IndexOf("-->", open + 4, StringComparison.Ordinal);
            result.Append(html, at, (open < 0 ? html.Length : open) - at);
            if (close < 0) break;
            at = close + 3;
        }
        return result.ToString();
    }

    private static string Paragraphs(string html)
    {
        var result = new StringBuilder(html.Length + 256);
        int pending = 0, depth = 0;
        string? whole = null;   // the element that is kept as it is, and how often it is open
        for (var at = html.IndexOf('<'); at >= 0; at = at < html.Length ? html.IndexOf('<', at) : -1)
        {
            var tag = Markup.TagAt(html, at);
            var next = at + Math.Max(1, tag.Length);
            if (whole is not null)
            {
                if (tag.Name == whole) depth += tag.Closing ? -1 : 1;
                // A paragraph or heading that nobody closed ends where another block begins.
                if (depth == 0 || (IsLine(whole) && !tag.Closing && tag.Name is not null && (Whole.Contains(tag.Name) || Containers.Contains(tag.Name))))
                {
                    var end = depth == 0 ? next : at;
                    result.Append(html, pending, end - pending);
                    (whole, pending) = (null, end);
                    at = end;
                    continue;
                }
            }
            else if (tag.Length > 0 && (Whole.Contains(tag.Name) || Containers.Contains(tag.Name)))
            {
                Lines(html[pending..at], result);
                pending = at;
                if (Whole.Contains(tag.Name) && !tag.Closing) (whole, depth) = (tag.Name, 1);
                else
                {
                    result.Append(html, at, tag.Length);
                    pending = next;
                }
            }
            at = next;
        }
        if (whole is not null) result.Append(html, pending, html.Length - pending);
        else Lines(html[pending..], result);
        return result.ToString();
    }

    private static bool IsLine(string name) => name is "p" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6";

    private static void Lines(string text, StringBuilder result)
    {
        if (string.IsNullOrWhiteSpace(text)) return;
        var paragraph = new List<string>();
        foreach (var line in text.Split('\n').Append(""))
        {
            if (line.Trim().Replace("&nbsp;", "", StringComparison.Ordinal).Length > 0) { paragraph.Add(line.Trim()); continue; }
            if (paragraph.Count == 0) continue;
            result.Append("<p>").AppendJoin("<br>", paragraph is [var only] && IsAddress(only) ? [$"<a href=\"{only}\">{only}</a>"] : paragraph).Append("</p>");
            paragraph.Clear();
        }
    }

    /// <summary>An address alone on its line is what WordPress shows a player for.</summary>
    private static bool IsAddress(string line) => (line.StartsWith("https://", StringComparison.Ordinal) || line.StartsWith("http://", StringComparison.Ordinal)) && line.Length < 2000
        && !line.AsSpan().ContainsAny(" <>\"'") && WebUtility.HtmlDecode(line).Length > 0;
}
