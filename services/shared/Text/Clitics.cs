namespace Platform.Text;

/// <summary>
/// Arabic particles written onto the next word: a conjunction (و ف), then a preposition or particle (ب ك ل, and س before a verb), then the article (ال, after ل written لل).
/// Works on single words in comparison form (<see cref="Normaliser.Words"/>), and goes further than Lucene's ArabicAnalyzer, which takes off one prefix.
/// Frequent words that only begin like that (<see cref="WholeWords"/>) stay whole.
/// </summary>
public static class Clitics
{
    /// <summary>What must be left of a word: shorter ones are not words any more.</summary>
    private const int Shortest = 3;

    /// <summary>The word as written, then every form that is left when particles are taken off in turn; the barest is last. At most 4 forms.</summary>
    /// <remarks>Nobody can tell without a dictionary whether وليد is a name or و + ليد; two words are the same where they have a form in common.</remarks>
    public static IReadOnlyList<string> Forms(string word)
    {
        if (word.Length <= Shortest || WholeWords.Begin(word)) return [word];
        var forms = new List<string>(4) { word };
        if (word[0] is 'و' or 'ف')
        {
            word = word[1..];
            forms.Add(word);
        }
        if (word.Length <= Shortest || WholeWords.Begin(word)) return forms;
        if (word.StartsWith("لل", StringComparison.Ordinal) && word.Length >= 2 + Shortest)
        {
            forms.Add(word[1..]);   // ل + a word that begins with ل
            forms.Add(word[2..]);   // ل + ال + word
            return forms;
        }
        if (IsPreposition(word))
        {
            word = word[1..];
            forms.Add(word);
        }
        if (word.StartsWith("ال", StringComparison.Ordinal) && word.Length >= 2 + Shortest && !WholeWords.Begin(word)) forms.Add(word[2..]);
        return forms;
    }

    /// <summary>The barest form.</summary>
    public static string Strip(string word) => Forms(word)[^1];

    /// <summary>س makes a future of a verb, which begins with ي ت ن or أ; no other word takes it.</summary>
    private static bool IsPreposition(string word) => word[0] is 'ب' or 'ك' or 'ل' || (word[0] == 'س' && word[1] is 'ي' or 'ت' or 'ن' or 'ا');
}
