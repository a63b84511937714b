using System.Text;
using Platform.Text;

namespace Platform.Notifications;

/// <summary>What a subscriber wants to hear of. Topics are alternatives: one match is enough.</summary>
/// <param name="All">Every article.</param>
/// <param name="Categories">Slugs, current or former; a parent takes its children along.</param>
/// <param name="Tags">In any spelling, as articles are found by them.</param>
/// <param name="Authors">Slugs, current or former.</param>
/// <param name="Languages">Of the articles; null means that of the mails.</param>
/// <param name="Keywords">Words or phrases, in any spelling and with any particle before them, of an article's title, summary or text; see <see cref="Platform.Notifications.Keywords"/>.</param>
public sealed record Topics(bool All, IReadOnlyList<string>? Categories, IReadOnlyList<string>? Tags, IReadOnlyList<string>? Authors, IReadOnlyList<string>? Languages,
    IReadOnlyList<string>? Keywords = null)
{
    public const int MaxOfOneKind = 100, MaxLength = 200;

    /// <summary>
    /// What the store matches by: one text per topic and language, such as <c>ar|category|iraq</c>, or <c>ar|all</c>.
    /// An article and a subscription match where they have one in common.
    /// </summary>
    /// <param name="language">Of the mails.</param>
    public IReadOnlyList<string> Keys(string language) => [.. (Languages ?? [language]).SelectMany(l => All
        ? [$"{l}|all"]
        : KeysOf(l, Categories ?? [], Tags ?? [], Authors ?? []).Concat((Keywords ?? []).Select(k => KeyOfKeyword(l, Platform.Notifications.Keywords.Normal(k))))).Distinct(StringComparer.Ordinal)];

    /// <summary>The keys of an article, save those of the keywords that it holds (<see cref="KeywordIndex"/> knows them).</summary>
    /// <param name="categoryTree">Its categories and all their ancestors, by current slugs and former ones.</param>
    /// <param name="tags">Former ones too.</param>
    /// <param name="authors">By current slugs and former ones.</param>
    public static IReadOnlyList<string> KeysOfArticle(string language, IReadOnlyList<string> categoryTree, IReadOnlyList<string> tags, IReadOnlyList<string> authors) =>
        [.. KeysOf(language, categoryTree, tags, authors).Prepend($"{language}|all").Distinct(StringComparer.Ordinal)];

    /// <param name="phrase">See <see cref="Platform.Notifications.Keywords.Normal"/>.</param>
    public static string KeyOfKeyword(string language, string phrase) => $"{language}|keyword|{phrase}";

    /// <returns>Language and phrase, or null for the key of another kind of topic.</returns>
    public static (string Language, string Phrase)? ReadKeyword(string key) => key.Split('|', 3) is [var language, "keyword", var phrase] ? (language, phrase) : null;

    private static IEnumerable<string> KeysOf(string language, IReadOnlyList<string> categories, IReadOnlyList<string> tags, IReadOnlyList<string> authors) =>
        [.. categories.Select(c => $"{language}|category|{Fold(c)}"), .. tags.Select(t => $"{language}|tag|{Normaliser.Fold(t)}"), .. authors.Select(a => $"{language}|author|{Fold(a)}")];

    private static string Fold(string topic) => topic.Trim().Normalize(NormalizationForm.FormC).ToLowerInvariant();
}
