using Platform.Text;

namespace Platform.Articles.Search;

/// <summary>What words there are in the published articles.</summary>
public interface IVocabulary
{
    /// <summary>In how many articles the term is.</summary>
    int Count(string term);

    /// <summary>Whether some article has the term with the article before it (ال).</summary>
    bool IsDefinite(string term);

    /// <summary>Whether some article has the word, in comparison form, exactly so.</summary>
    bool Has(string word);
}

/// <summary>A word of a search: the terms under which its forms are indexed, the word's own first.</summary>
/// <param name="Count">In how many articles the most frequent one is.</param>
public sealed record SearchedWord(IReadOnlyList<string> Terms, int Count);

/// <summary>
/// The forms of a searched word: with and without و ف ب ك ل س before it, in either direction. Nobody can tell by letters alone that فكرة is not ف + كرة,
/// but the vocabulary can: no clitic comes behind an article, so what occurs with one (الفكرة) is a word of its own; and a word with a clitic is rarer than the word.
/// </summary>
public static class WordForms
{
    private static readonly string[] Clitic = ["و", "ف", "ب", "ك", "ل", "س", "وب", "وك", "ول", "وس", "فب", "فك", "فل", "فس"];
    private static readonly string[] WithArticle = ["ال", "وال", "بال", "فال", "كال", "لل", "وبال", "ولل"];

    /// <summary>So many articles prove nothing yet.</summary>
    private const int Few = 3;

    /// <param name="word">In comparison form.</param>
    /// <param name="languages">Those of the texts that are searched.</param>
    public static SearchedWord Of(string word, IReadOnlyList<string> languages, IVocabulary vocabulary)
    {
        var terms = new List<string>();
        if (languages.Any(Stems.AreFor))
        {
            var stem = Stems.Of(word, "ar");
            terms.AddRange(stem.Terms);
            if (Stems.IsArabic(word)) AddArabic(terms, word, stem, vocabulary);
        }
        if (languages.Any(l => !Stems.AreFor(l))) terms.Add(word);
        return new([.. terms.Distinct(StringComparer.Ordinal)], terms.Max(vocabulary.Count));
    }

    private static void AddArabic(List<string> terms, string word, Stem stem, IVocabulary vocabulary)
    {
        AddPrefixed(terms, stem.Bare, stem.Terms[0], vocabulary);
        if (stem.Definite) return;
        if (word.Length == 2) AddShort(terms, word, vocabulary);
        // الدم
        if (word.Length == 4 && word.StartsWith("ال", StringComparison.Ordinal) && !StopWords.Are(word) && !StopWords.Are(word[2..]) && vocabulary.Has(word[2..]))
        {
            terms.Add(Stems.Of(word[2..], "ar").Terms[0]);
            AddShort(terms, word[2..], vocabulary);
        }
        foreach (var form in Clitics.Forms(word).Skip(1))
        {
            var bare = Stems.Of(form, "ar");
            var count = vocabulary.Count(bare.Terms[0]);
            if (count == 0 || IsOwnWord(stem.Terms[0], count, vocabulary)) continue;
            terms.AddRange(bare.Terms);
            AddPrefixed(terms, bare.Bare, bare.Terms[0], vocabulary);
        }
    }

    /// <summary>Words of two letters keep their article in the index, since ال is more often a part of a word so short.</summary>
    private static void AddShort(List<string> terms, string word, IVocabulary vocabulary)
    {
        if (StopWords.Are(word)) return;
        foreach (var written in WithArticle.Select(a => a + word))
            if (!StopWords.Are(written) && vocabulary.Has(written)) terms.AddRange(Stems.Of(written, "ar").Terms);
    }

    private static void AddPrefixed(List<string> terms, string bare, string term, IVocabulary vocabulary)
    {
        if (bare.Length < 3) return;
        var count = vocabulary.Count(term);
        foreach (var clitic in Clitic)
        {
            // Not where everybody reads another word, such as the country Libya in ل + يبيا.
            if (!Clitics.Forms(clitic + bare).Contains(bare)) continue;
            // Two letters are in too many words: then all of the word must be there.
            if (term.Length < 3 && !vocabulary.Has(clitic + bare)) continue;
            var prefixed = term.Length < 3 ? Stems.Of(clitic + bare, "ar").Terms[0] : clitic + term;
            if (vocabulary.Count(prefixed) > 0 && !IsOwnWord(prefixed, count, vocabulary)) terms.Add(prefixed);
        }
    }

    private static bool IsOwnWord(string term, int bareCount, IVocabulary vocabulary) => vocabulary.IsDefinite(term) || vocabulary.Count(term) > Math.Max(Few, bareCount);
}
