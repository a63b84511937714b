using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Platform.Notifications.Mail;

/// <summary>
/// The look of mails: tables and inline styles, which is what mail programs understand; no pictures, nothing that is loaded.
/// Sides are written out per direction, since many mail programs do not know logical properties.
/// </summary>
public static class MailLayout
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private const string Ink = "#1c1a17", Quiet = "#6a645c", Accent = "#8c1d18", Paper = "#ffffff", Ground = "#f4f1ec", Line = "#e3ded6";

    public static string Encode(string text) => Encoder.Encode(text);

    /// <summary>A whole HTML document.</summary>
    /// <param name="preview">What the list of mails shows beside the subject.</param>
    /// <param name="body">Rows of the middle table.</param>
    /// <param name="footer">HTML.</param>
    public static string Page(string language, string site, string title, string preview, string body, string footer)
    {
        var (dir, start) = Sides(language);
        return $"""
            <!DOCTYPE html>
            <html lang="{language}" dir="{dir}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light">
            <title>{Encode(title)}</title>
            </head>
            <body dir="{dir}" style="margin:0;padding:0;background:{Ground};color:{Ink}">
            <div style="display:none;max-height:0;overflow:hidden">{Encode(preview)}</div>
            <table role="presentation" dir="{dir}" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:{Ground}"><tr><td align="center" style="padding:24px 12px">
            <table role="presentation" dir="{dir}" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px;background:{Paper};border:1px solid {Line}">
            <tr><td align="{start}" style="padding:18px 28px;border-bottom:3px solid {Accent};font:bold 20px/1.4 {Fonts(language)};text-align:{start};color:{Ink}">{Encode(site)}</td></tr>
            {body}
            </table>
            <table role="presentation" dir="{dir}" width="600" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:600px"><tr><td align="{start}" style="padding:16px 28px;font:13px/1.8 {Fonts(language)};text-align:{start};color:{Quiet}">{footer}</td></tr></table>
            </td></tr></table>
            </body>
            </html>

            """;
    }

    /// <summary>One row of text; nothing where there is none.</summary>
    public static string Row(string language, string? text, int size, string weight = "normal", bool quiet = false, string tag = "div", int space = 12)
    {
        if (string.IsNullOrWhiteSpace(text)) return "";
        var (dir, start) = Sides(language);
        return $"<tr><td dir=\"{dir}\" lang=\"{language}\" align=\"{start}\" style=\"padding:{space}px 28px 0;text-align:{start}\"><{tag} style=\"margin:0;font:{weight} {size}px/1.7 {Fonts(language)};color:{(quiet ? Accent : Ink)}\">{Encode(text)}</{tag}></td></tr>";
    }

    /// <summary>One row with a title that leads somewhere.</summary>
    public static string LinkRow(string language, string text, string url, int size)
    {
        var (dir, start) = Sides(language);
        return $"<tr><td dir=\"{dir}\" lang=\"{language}\" align=\"{start}\" style=\"padding:4px 28px 0;text-align:{start}\"><h2 style=\"margin:0;font:bold {size}px/1.6 {Fonts(language)}\"><a href=\"{Encode(url)}\" style=\"color:{Ink};text-decoration:none\">{Encode(text)}</a></h2></td></tr>";
    }

    public static string Button(string language, string text, string url)
    {
        var (dir, start) = Sides(language);
        return $"<tr><td dir=\"{dir}\" align=\"{start}\" style=\"padding:24px 28px 28px;text-align:{start}\"><a href=\"{Encode(url)}\" style=\"display:inline-block;padding:11px 24px;background:{Accent};color:#ffffff;text-decoration:none;font:bold 16px/1.5 {Fonts(language)}\">{Encode(text)}</a></td></tr>";
    }

    public static string Link(string text, string url) => $"<a href=\"{Encode(url)}\" style=\"color:{Quiet};text-decoration:underline\">{Encode(text)}</a>";

    /// <summary>Text for a header or a line: no control characters (so no header of somebody else's making), no line ends, no doubled spaces.</summary>
    public static string OneLine(string? text)
    {
        var line = new StringBuilder(text?.Length ?? 0);
        foreach (var c in text ?? "")
        {
            if (!char.IsControl(c) && !char.IsWhiteSpace(c)) line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }
        return line.ToString().TrimEnd();
    }

    private static (string Dir, string Start) Sides(string language) => MailWords.Direction(language) is "rtl" ? ("rtl", "right") : ("ltr", "left");

    /// <summary>Faces that the reader's machine may have; Arabic ones first where the text is Arabic.</summary>
    private static string Fonts(string language) => MailWords.Direction(language) is "rtl"
        ? "'Noto Naskh Arabic','Geeza Pro','Traditional Arabic','Segoe UI',Tahoma,serif"
        : "Georgia,'Noto Serif','Times New Roman',serif";
}
