using System.Text;
using Platform.Text;

namespace Platform.Notifications;

/// <summary>What a subscriber wants to hear of. Topics are alternatives: one match is enough.</summary>
/// <param name="All">Every article.</param>
/// <param name="Categories">Slugs, current or former; a parent takes its children along.</param>
/// <param name="Tags">In any spelling, as articles are found by them.</param>
/// <param name="Authors">Slugs, current or former.</param>
/// <param name="Languages">Of the articles; null means that of the mails.</param>
public sealed record Topics(bool All, IReadOnlyList<string>? Categories, IReadOnlyList<string>? Tags, IReadOnlyList<string>? Authors, IReadOnlyList<string>? Languages)
{
    public const int MaxOfOneKind = 100, MaxLength = 200;

    /// <summary>
    /// What the store matches by: one text per topic and language, such as <c>ar|category|iraq</c>, or <c>ar|all</c>.
    /// An article and a subscription match where they have one in common.
    /// </summary>
    /// <param name="language">Of the mails.</param>
    public IReadOnlyList<string> Keys(string language) => [.. (Languages ?? [language]).SelectMany(l => All
        ? [$"{l}|all"]
        : KeysOf(l, Categories ?? [], Tags ?? [], Authors ?? [])).Distinct(StringComparer.Ordinal)];

    /// <summary>The keys of an article.</summary>
    /// <param name="categoryTree">Its categories and all their ancestors, by current slugs and former ones.</param>
    /// <param name="tags">Former ones too.</param>
    /// <param name="authors">By current slugs and former ones.</param>
    public static IReadOnlyList<string> KeysOfArticle(string language, IReadOnlyList<string> categoryTree, IReadOnlyList<string> tags, IReadOnlyList<string> authors) =>
        [.. KeysOf(language, categoryTree, tags, authors).Prepend($"{language}|all").Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> KeysOf(string language, IReadOnlyList<string> categories, IReadOnlyList<string> tags, IReadOnlyList<string> authors) =>
        [.. categories.Select(c => $"{language}|category|{Fold(c)}"), .. tags.Select(t => $"{language}|tag|{Normaliser.Fold(t)}"), .. authors.Select(a => $"{language}|author|{Fold(a)}")];

    private static string Fold(string topic) => topic.Trim().Normalize(NormalizationForm.FormC).ToLowerInvariant();
}
