namespace Platform.Web;

/// <summary>How a list shows an article.</summary>
/// <param name="Level">Of its heading, 2 to 4.</param>
public sealed record Card(Edition Edition, ArticleCard Article, int Level)
{
    /// <summary>Class of the stylesheet: <c>lead</c>, <c>second</c>, <c>row</c>, <c>small</c>.</summary>
    public string Class { get; init; } = "row";

    public bool Summary { get; init; }
    public bool Picture { get; init; } = true;

    /// <summary>How wide its picture is shown, for <c>sizes</c>; the style sheet crops it to 16:9.</summary>
    public string Sizes => Class switch
    {
        "lead" => "(min-width: 64rem) 44rem, 100vw",
        "row" => "(min-width: 40rem) 13rem, 100vw",
        _ => "(min-width: 40rem) 30rem, 100vw",
    };

    /// <summary>Slug of the section whose page it is, which need not be named again.</summary>
    public string? Section { get; init; }
}
