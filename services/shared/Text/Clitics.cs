namespace Platform.Text;

/// <summary>
/// Arabic particles written onto the next word: a conjunction (و ف), then a preposition or particle (ب ك ل س), then the article (ال, after ل written لل).
/// Works on single words in comparison form (<see cref="Normaliser.Words"/>), and goes further than Lucene's ArabicAnalyzer, which takes off one prefix.
/// </summary>
public static class Clitics
{
    /// <summary>What must be left of a word: shorter ones are not words any more.</summary>
    private const int Shortest = 3;

    /// <summary>The word as written, then every form that is left when particles are taken off in turn; the barest is last. At most 4 forms.</summary>
    /// <remarks>Nobody can tell without a dictionary whether وليد is a name or و + ليد; two words are the same where they have a form in common.</remarks>
    public static IReadOnlyList<string> Forms(string word)
    {
        if (word.Length <= Shortest) return [word];
        var forms = new List<string>(4) { word };
        var rest = word;
        if (Off(rest, "وف") is { } afterConjunction) forms.Add(rest = afterConjunction);
        if (rest.StartsWith("لل", StringComparison.Ordinal) && rest.Length >= 2 + Shortest)
        {
            forms.Add(rest[1..]);   // ل + a word that begins with ل
            forms.Add(rest[2..]);   // ل + ال + word
            return forms;
        }
        if (Off(rest, "بكلس") is { } afterPreposition) forms.Add(rest = afterPreposition);
        if (rest.StartsWith("ال", StringComparison.Ordinal) && rest.Length >= 2 + Shortest) forms.Add(rest[2..]);
        return forms;
    }

    /// <summary>The barest form.</summary>
    public static string Strip(string word) => Forms(word)[^1];

    private static string? Off(string word, string particles) => word.Length > Shortest && particles.Contains(word[0]) ? word[1..] : null;
}
