using Lucene.Net.Analysis.Ar;
using Lucene.Net.Analysis.En;
using Platform.Text;

namespace Platform.Articles.Search;

/// <summary>Words that say nothing of what a text is about. They are indexed and searched like all others, so that a title made of them is found; they count for nothing in what is related.</summary>
public static class StopWords
{
    private static readonly HashSet<string> Words = [.. ArabicAnalyzer.DefaultStopSet.Concat(EnglishAnalyzer.DefaultStopSet).SelectMany(Normaliser.Words), "الله", "الان", "الي", "الا"];

    /// <param name="word">In comparison form.</param>
    public static bool Are(string word) => Words.Contains(word);
}
