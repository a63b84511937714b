using System.Collections.Frozen;

namespace Platform.Articles.Body;

/// <summary>How an element stands among others.</summary>
internal enum Kind
{
    /// <summary>Within a line.</summary>
    Inline,

    /// <summary>A block that holds lines and no other block.</summary>
    Paragraph,

    /// <summary>A block that holds blocks.</summary>
    Container,

    /// <summary>Within a line, without content.</summary>
    VoidInline,

    /// <summary>A block without content.</summary>
    VoidBlock,
}

/// <summary>What a body may consist of: headings, paragraphs, lists, quotations, links, emphasis, figures, tables. Nothing else reaches a reader.</summary>
internal static class BodyElements
{
    public static readonly FrozenDictionary<string, Kind> Kinds = new[]
    {
        (Kind.Inline, "a abbr b bdi bdo cite code del em i ins kbd mark q s small span strong sub sup time u"),
        (Kind.Paragraph, "p h2 h3 h4 h5 h6 pre dt caption figcaption"),
        (Kind.Container, "blockquote ul ol li dl dd figure table thead tbody tfoot tr td th"),
        (Kind.VoidInline, "br img wbr"),
        (Kind.VoidBlock, "hr"),
    }.SelectMany(k => k.Item2.Split(' ').Select(name => KeyValuePair.Create(name, k.Item1))).ToFrozenDictionary();

    /// <summary>Elements kept under another name: the page has its one h1 already, and blocks without a meaning of their own are paragraphs.</summary>
    private static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string> { ["h1"] = "h2", ["strike"] = "s", ["tt"] = "code" }
        .Concat("address article aside body center details dialog div fieldset footer form header hgroup main nav section summary".Split(' ').Select(n => KeyValuePair.Create(n, "p")))
        .ToFrozenDictionary();

    /// <summary>Elements whose content is no text for readers; left out with it.</summary>
    public static readonly FrozenSet<string> Hidden = ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"];

    /// <summary>Attributes by element; those of <c>*</c> on every one.</summary>
    private static readonly FrozenDictionary<string, string[]> Attributes = new Dictionary<string, string[]>
    {
        ["*"] = ["lang", "dir"],
        ["a"] = ["href", "rel"],
        ["abbr"] = ["title"],
        ["img"] = ["src", "alt", "width", "height"],
        ["ol"] = ["start", "reversed"],
        ["td"] = ["colspan", "rowspan"],
        ["th"] = ["colspan", "rowspan", "scope"],
        ["time"] = ["datetime"],
    }.ToFrozenDictionary();

    /// <summary>Attributes of pictures that <see cref="BodyPictures"/> sets; a writer's own are not taken.</summary>
    private static readonly string[] Set = ["srcset", "sizes", "loading"];

    public static IEnumerable<string> AllAttributes => Attributes.Values.SelectMany(a => a).Concat(Set).Distinct();

    public static string Name(string tag) => Renamed.GetValueOrDefault(tag) ?? tag;

    /// <summary>Whether the element may have the attribute with this value; addresses are checked elsewhere.</summary>
    public static bool Allows(string element, string attribute, string value) =>
        (Attributes["*"].Contains(attribute) || Attributes.GetValueOrDefault(element)?.Contains(attribute) == true) && attribute switch
        {
            "dir" => value is "rtl" or "ltr" or "auto",
            "lang" => value.Length is > 0 and <= 35 && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'),
            "width" or "height" or "colspan" or "rowspan" or "start" => value.Length is > 0 and <= 4 && value.All(char.IsAsciiDigit),
            "scope" => value is "row" or "col" or "rowgroup" or "colgroup",
            "reversed" => true,
            _ => value.Length is > 0 and <= 1000,
        };
}
