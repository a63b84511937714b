using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Html;

namespace Platform.Web;

/// <summary>Small pieces of HTML that many views share.</summary>
public static class Markup
{
    /// <summary>Escapes what HTML needs and leaves Arabic as it is.</summary>
    public static HtmlEncoder Encoder { get; } = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary><c>23 نوفمبر 2026، 14:05 بتوقيت غرينتش</c>; the script turns it into the reader's own time.</summary>
    public static IHtmlContent Time(Edition edition, DateTimeOffset time) =>
        new HtmlString($"<time datetime=\"{Dates.Machine(time)}\" data-local>{Encoder.Encode(edition.Dates.Full(time))}</time>");

    /// <summary><c>23 نوفمبر 2026</c></summary>
    public static IHtmlContent Day(Edition edition, DateTimeOffset time) =>
        new HtmlString($"<time datetime=\"{Dates.Machine(time)}\">{Encoder.Encode(edition.Dates.Day(time))}</time>");
}
