using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Html;

namespace Platform.Web;

/// <summary>Shows a guest's plain text: escaped, line breaks kept, http and https addresses made links that pass no credit on.</summary>
public static partial class GuestText
{
    // What may end an address in running text belongs to the sentence, in Arabic and in Latin script.
    private static readonly char[] Closing = ['.', ',', ':', ';', '!', '?', ')', ']', '}', '\'', '"', '،', '؛', '؟', '»', '”', '’', '…'];

    public static IHtmlContent Html(string text, HtmlEncoder encoder)
    {
        var html = new StringBuilder(text.Length + 64);
        var done = 0;
        foreach (var match in Address().EnumerateMatches(text))
        {
            var address = text.AsSpan(match.Index, match.Length).TrimEnd(Closing);
            if (!Uri.TryCreate(address.ToString(), UriKind.Absolute, out var uri) || uri.Host.Length == 0) continue;
            html.Append(Plain(text[done..match.Index], encoder));
            html.Append("<a href=\"").Append(encoder.Encode(uri.AbsoluteUri)).Append("\" rel=\"nofollow ugc noopener\" dir=\"ltr\">")
                .Append(encoder.Encode(address.ToString())).Append("</a>");
            done = match.Index + address.Length;
        }
        return new HtmlString(html.Append(Plain(text[done..], encoder)).ToString());
    }

    private static string Plain(string text, HtmlEncoder encoder) =>
        string.Join("<br>", text.ReplaceLineEndings("\n").Split('\n').Select(encoder.Encode));

    [GeneratedRegex(@"\bhttps?://[^\s<>""]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Address();
}
