using AngleSharp;
using AngleSharp.Html.Dom;
using Ganss.Xss;

namespace Platform.Articles.Body;

/// <summary>
/// Makes what an editor sends safe to show as it is, and derives its plain text. Three steps: <see cref="BodyTidy"/> makes it small and well nested,
/// HtmlSanitizer lets through only what is allowed, <see cref="PlainText"/> reads the result.
/// </summary>
public sealed class BodySanitiser(BodyLinks links)
{
    private readonly HtmlSanitizer _sanitiser = NewSanitiser();

    /// <param name="pictures">Those that it may show; where it is null, any of this site's own.</param>
    /// <returns>The body, and its text; both empty where nothing is left.</returns>
    /// <exception cref="ServiceDefaults.Problem">400 where it exceeds the limits of <see cref="BodyTidy"/>.</exception>
    public (string Body, string Text) Clean(string html, BodyPictures? pictures = null)
    {
        using IHtmlDocument document = _sanitiser.SanitizeDom(BodyTidy.Rewrite(html, links, pictures));
        return (document.Body!.ChildNodes.ToHtml(_sanitiser.OutputFormatter).Trim(), PlainText.Of(document.Body));
    }

    private static HtmlSanitizer NewSanitiser()
    {
        var sanitiser = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = BodyElements.Kinds.Keys.ToHashSet(),
            AllowedAttributes = BodyElements.AllAttributes.ToHashSet(),
            AllowedSchemes = new HashSet<string> { "http", "https", "mailto" },
            UriAttributes = new HashSet<string> { "href", "src" },
        });
        sanitiser.AllowedCssProperties.Clear();
        sanitiser.AllowedAtRules.Clear();
        return sanitiser;
    }
}
