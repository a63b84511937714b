using System.Text.Json.Serialization;
using Platform.Articles.Features;

namespace Platform.Articles.Exports;

/// <summary>The first line.</summary>
/// <param name="Format">Rises when lines change so that readers must know.</param>
/// <param name="Site">The platform's public address.</param>
public sealed record ExportHead(int Format, DateTimeOffset At, string Site, IReadOnlyList<string> Languages);

/// <summary>The last line.</summary>
/// <param name="Counts">Lines by type, without this one.</param>
public sealed record ExportEnd(DateTimeOffset At, IReadOnlyDictionary<string, long> Counts);

/// <param name="FormerSlugs">Lead to it for ever; those of what was merged into it too.</param>
public sealed record ExportedCategory(string Slug, IReadOnlyDictionary<string, string> Names, string? Parent, int Position, long Version, IReadOnlyList<string> FormerSlugs);

/// <inheritdoc cref="ExportedCategory"/>
public sealed record ExportedAuthor(string Slug, IReadOnlyDictionary<string, string> Names, string? Bio, long Version, IReadOnlyList<string> FormerSlugs);

/// <param name="Tag">As it was written first.</param>
/// <param name="Key">Its comparison form.</param>
/// <param name="MergedInto">What it has become, or null.</param>
public sealed record ExportedTag(string Tag, string Key, string? MergedInto);

/// <summary>An article, or a past version of one: what the API shows of it, and what it does not.</summary>
public sealed record ExportedArticle : ArticleView
{
    /// <summary>The present slug and all it had while readers could see it.</summary>
    public required IReadOnlyList<string> Slugs { get; init; }

    /// <summary>Addresses that it had on the site it was imported from, decoded, without slashes at their ends; or <c>?p=123</c>.</summary>
    public required IReadOnlyList<string> Permalinks { get; init; }

    /// <summary>Site and post that it was imported from, such as <c>news.example/123</c>, or null.</summary>
    public required string? ImportedFrom { get; init; }

    /// <summary>The same in all that are translations of each other, published or not; or null.</summary>
    public required Guid? TranslationGroup { get; init; }

    /// <summary>What subscribers were told of; see ArticlePublished.</summary>
    public required int Edition { get; init; }

    /// <summary>What made this version, and who.</summary>
    public required RevisionAction Action { get; init; }
    public required Person UpdatedBy { get; init; }
    public required long? RestoredFrom { get; init; }

    /// <summary>Why it was returned or withdrawn, or null.</summary>
    public required string? Reason { get; init; }

    /// <summary>Of an article that was deleted since: what was written is gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Deleted { get; init; }

    // The copy constructor keeps this from being a list of all fields once more.
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    internal ExportedArticle(ArticleView view, Article article, bool deleted = false) : base(view)
    {
        Slugs = article.Slugs;
        Permalinks = article.Permalinks;
        ImportedFrom = article.Import?.Key;
        TranslationGroup = article.TranslationGroup;
        Edition = article.Edition;
        Action = article.Action;
        UpdatedBy = new(article.UpdatedBy, article.UpdatedByName);
        RestoredFrom = article.RestoredFrom;
        Reason = article.Reason;
        Deleted = deleted;
    }
}
