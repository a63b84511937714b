using System.Text;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Platform.Articles.Search;

/// <summary>Another way to write what was searched for.</summary>
/// <param name="Words">By the words that were typed, in comparison form: those in their place.</param>
public sealed record SpellingCorrection(IReadOnlyDictionary<string, string> Words)
{
    /// <summary>The text that was typed, with the words in place.</summary>
    /// <param name="spell">From comparison form to how a word is written.</param>
    public string In(string text, Func<string, string> spell)
    {
        var corrected = new StringBuilder();
        var at = 0;
        foreach (var word in TextWords.In(text).Where(w => Words.ContainsKey(w.Folded)))
        {
            if (word.Start < at) continue;
            corrected.Append(text, at, word.Start - at).Append(spell(Words[word.Folded]));
            at = word.End;
        }
        return corrected.Append(text, at, text.Length - at).ToString();
    }
}

/// <summary>Finds words of published articles that are spelt nearly like those of a search that found nothing (Damerau-Levenshtein distance, by Lucene's automata).</summary>
public static class Spelling
{
    private const int MaxCandidates = 3, MaxCorrected = 4, MaxTried = 6, SharedLetters = 1;

    /// <summary>The likeliest first. Whether they find anything is not known yet.</summary>
    public static IReadOnlyList<SpellingCorrection> Corrections(IndexSearcher searcher, IReadOnlyDictionary<string, SearchedWord> words)
    {
        var reader = searcher.IndexReader;
        var missing = words.Where(w => w.Key.Length > 2 && !w.Value.Terms.Any(t => Lives(reader, ArticleDocument.All, new BytesRef(t)))).Select(w => w.Key).Take(MaxCorrected).ToList();
        // All words are there, but not together: the rarest may be the wrong one.
        if (missing.Count == 0) missing = [.. words.Where(w => w.Key.Length > 2).OrderBy(w => w.Value.Count).Select(w => w.Key).Take(1)];
        var candidates = missing.ToDictionary(w => w, w => Candidates(reader, w));
        if (missing.Count == 0 || candidates.Values.Any(c => c.Count == 0)) return [];
        var best = candidates.ToDictionary(c => c.Key, c => c.Value[0]);
        var others = missing.SelectMany(w => candidates[w].Skip(1).Select(c => new Dictionary<string, string>(best) { [w] = c }));
        return [.. others.Prepend(best).Take(MaxTried).Select(c => new SpellingCorrection(c))];
    }

    /// <summary>
    /// With one slip anywhere; where there are none, with two behind the first letter: that is seldom wrong, and without it the walk goes through a good part of all words there are.
    /// </summary>
    private static List<string> Candidates(IndexReader reader, string word) =>
        Candidates(reader, word, 1, 0) is var near && (near.Count > 0 || word.Length <= 4) ? near : Candidates(reader, word, 2, SharedLetters);

    private static List<string> Candidates(IndexReader reader, string word, int slips, int shared)
    {
        if (MultiFields.GetTerms(reader, ArticleDocument.Words) is not { } terms) return [];
        var near = new List<(string Word, float Similarity, int Count)>();
        var attributes = new AttributeSource();
        var similarity = attributes.AddAttribute<IBoostAttribute>();
        var found = new FuzzyTermsEnum(terms, attributes, new Term(ArticleDocument.Words, word), slips, shared, transpositions: true);
        while (found.MoveNext())
        {
            var text = found.Term.Utf8ToString();
            if (text != word) near.Add((text, similarity.Boost, found.DocFreq));
        }
        return [.. near.OrderByDescending(n => n.Similarity).ThenByDescending(n => n.Count).ThenBy(n => n.Word, StringComparer.Ordinal)
            .Where(n => Lives(reader, ArticleDocument.Words, new BytesRef(n.Word))).Take(MaxCandidates).Select(n => n.Word)];
    }

    /// <summary>Whether an article that was not withdrawn has the term.</summary>
    private static bool Lives(IndexReader reader, string field, BytesRef term) =>
        reader.Leaves.Any(l => l.AtomicReader.GetTermDocsEnum(new Term(field, term)) is { } docs && NextLive(docs, l.AtomicReader.LiveDocs));

    private static bool NextLive(DocsEnum docs, IBits? live)
    {
        int doc;
        while ((doc = docs.NextDoc()) != DocIdSetIterator.NO_MORE_DOCS)
            if (live is null || live.Get(doc)) return true;
        return false;
    }
}
