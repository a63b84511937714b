using System.Text.Json.Serialization;

namespace Platform.Articles.Revisions;

/// <summary>A field of an article that differs between two versions.</summary>
/// <param name="Field">Its name in the public contract.</param>
[JsonDerivedType(typeof(ValueChange))]
[JsonDerivedType(typeof(BodyChange))]
public abstract record FieldChange([property: JsonPropertyOrder(-1)] string Field);

/// <summary>Values as in the public contract, categories and authors by slug; null where there was none.</summary>
public sealed record ValueChange(string Field, object? Before, object? After) : FieldChange(Field);

/// <summary>The body, by words of its plain text; where the text is the same and only markup differs, by words of the HTML.</summary>
public sealed record BodyChange(IReadOnlyList<TextChange> Changes) : FieldChange("body");

/// <summary>What differs between two versions of an article, in the order of the contract.</summary>
public static class ArticleDiff
{
    /// <param name="before">The other version, or null: then everything is new.</param>
    public static IReadOnlyList<FieldChange> Between(Article? before, Article after)
    {
        var old = before is null ? null : Fields(before).ToDictionary(f => f.Name, f => f.Value);
        return
        [
            .. from field in Fields(after)
               let was = old?.GetValueOrDefault(field.Name)
               where !ArticleContent.Same(was, field.Value)
               select field.Name == "body" ? Body(before?.Content, after.Content) : (FieldChange)new ValueChange(field.Name, was, field.Value),
        ];
    }

    private static BodyChange Body(ArticleContent? before, ArticleContent after) =>
        new(before?.Text == after.Text ? WordDiff.Of(before.Body, after.Body) : WordDiff.Of(before?.Text ?? "", after.Text));

    private static IEnumerable<(string Name, object? Value)> Fields(Article article) =>
    [
        ("status", article.Status),
        .. article.Content.Fields,
        ("slug", article.Slug),
        ("publishAt", article.PublishAt),
        ("corrections", article.Corrections.Count == 0 ? null : article.Corrections),
    ];
}
