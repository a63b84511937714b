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
            // An address with a name before its host (https://bank.example@evil.example) is made to deceive.
            if (!Uri.TryCreate(address.ToString(), UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.UserInfo.Length > 0) continue;
            html.Append(Plain(text[done..match.Index], encoder));
            html.Append("<a href=\"").Append(encoder.Encode(uri.AbsoluteUri)).Append("\" rel=\"nofollow ugc noopener\" dir=\"ltr\">")
                .Append(encoder.Encode(Shown(address.ToString(), uri))).Append("</a>");
            done = match.Index + address.Length;
        }
        return new HtmlString(html.Append(Plain(text[done..], encoder)).ToString());
    }

    /// <summary>The address as it was written; its host in ASCII (Punycode, RFC 3492) where a letter of it may pass for another: whatever is not in Arabic letters alone, or in ASCII alone, label by label; nor are letters of Arabic and their Persian twins together in one.</summary>
    private static string Shown(string address, Uri uri)
    {
        if (Ascii.IsValid(uri.Host) || uri.Host.Split('.').All(label => Ascii.IsValid(label) || IsPlainArabic(label))) return address;
        var host = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = address.AsSpan(host).IndexOfAny('/', '?', '#');
        return $"{address[..host]}{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}{(end < 0 ? "" : address[(host + end)..])}";
    }

    private static bool IsPlainArabic(string label) =>
        label.EnumerateRunes().All(r => IsArabic(r) || Rune.IsDigit(r) || r.Value == '-') && !(label.AsSpan().ContainsAny("كيىة") && label.AsSpan().ContainsAny("کیہەۀ"));

    private static bool IsArabic(Rune rune) => rune.Value is >= 0x0620 and <= 0x064A or >= 0x066E and <= 0x06D3;

    private static string Plain(string text, HtmlEncoder encoder) =>
        string.Join("<br>", text.ReplaceLineEndings("\n").Split('\n').Select(encoder.Encode));

    [GeneratedRegex(@"\bhttps?://[^\s<>""]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Address();
}
