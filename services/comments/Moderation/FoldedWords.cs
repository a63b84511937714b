using System.Text;
using Platform.Text;

namespace Platform.Comments.Moderation;

/// <summary>One word of a text, in every form that a list may know it by. Forms are compared and never shown.</summary>
/// <param name="Folded">In comparison form, and without Arabic particles (see <see cref="Clitics"/>): what patterns are held against.</param>
/// <param name="Plain">The same with the spellings of a last hamza made one: what whole words are looked up by.</param>
/// <param name="Loose">Where the word is stretched or disguised, what it may stand for (see <see cref="FoldedWords.Loosen"/>); mostly none.</param>
public sealed record WordForms(IReadOnlyList<string> Folded, IReadOnlyList<string> Plain, IReadOnlyList<string> Loose);

/// <summary>
/// The words of some texts for <see cref="WordList"/>: marks, tatweel, invisible characters, presentation forms and the spellings of one letter are folded by the one
/// <see cref="Normaliser"/>; particles come off; stretched letters, look-alike letters and digits, and words in pieces ("b.a.d", "b a d") are read as what they stand for.
/// Linear in the length of the texts.
/// </summary>
public sealed class FoldedWords
{
    /// <summary>Signs that part no word where they stand alone between letters: "b.a.d".</summary>
    private const string Glue = ".-_*'’~+·•=#^`ـ";

    /// <summary>Between letters that each stand alone, so many signs of any kind part no word: "b/a/d", "(b)(a)(d)", "b 🙂 a 🙂 d".</summary>
    private const int WidestGap = 4;

    /// <summary>Pieces that are put together are no longer than words are.</summary>
    private const int LongestJoined = 40;

    private static readonly WordForms Boundary = new([], [], []);

    /// <summary>One per word, in order; an empty one parts the texts, so that no phrase reaches from one into the next.</summary>
    public IReadOnlyList<WordForms> Words { get; }

    /// <summary>What words in pieces make, put together.</summary>
    public IReadOnlyList<WordForms> Joined { get; }

    public FoldedWords(params IEnumerable<string> texts)
    {
        var words = new List<WordForms>();
        var joined = new List<WordForms>();
        foreach (var text in texts)
        {
            var folded = Normaliser.Fold(text);
            var tokens = Tokens(folded);
            foreach (var (start, end) in tokens) words.Add(Forms(folded[start..end]));
            words.Add(Boundary);
            Join(folded, tokens, joined);
        }
        (Words, Joined) = (words, joined);
    }

    /// <summary>
    /// One string for all that a stretched or disguised word may be: look-alikes replaced (see <see cref="LookAlikes.Skeleton"/>), every letter once where it stands in a row.
    /// </summary>
    public static string Loosen(string word) => Collapse(Plainly(LookAlikes.Skeleton(word)));

    /// <summary>A hamza at the end is written on its line, on a seat or not at all: بذيء, بذئ, بذي; غباء, غبا. Short words keep theirs.</summary>
    public static string Plainly(string word)
    {
        if (word.Length < 3 || word[^1] is not ('ء' or 'ي')) return word;
        if (word[^1] == 'ء' && word[^2] == 'ي') word = word[..^1] + 'ي';
        if (word.Length < 4) return word;
        return (word[^2], word[^1]) is ('ا', 'ء') or ('ي', 'ي') ? word[..^1] : word;
    }

    private static WordForms Forms(string word)
    {
        var folded = Clitics.Forms(word);
        var plain = word[^1] is 'ء' or 'ي' ? [.. folded.Select(Plainly)] : folded;
        var readings = LookAlikes.Readings(word);
        if (IsStretched(word)) readings = [.. readings, word];
        if (readings.Count == 0) return new(folded, plain, []);
        return new(folded, plain, [.. readings.SelectMany(r => Clitics.Forms(Collapse(r))).Select(Loosen).Where(l => l.Length >= 2).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Three of a letter in a row, or two alefs: no Arabic word has them.</summary>
    private static bool IsStretched(string word)
    {
        for (var i = 1; i < word.Length; i++)
            if (word[i] == word[i - 1] && (word[i] == 'ا' || (i > 1 && word[i - 2] == word[i])) && char.IsLetter(word[i])) return true;
        return false;
    }

    private static string Collapse(string word)
    {
        var once = new StringBuilder(word.Length);
        foreach (var c in word)
            if (once.Length == 0 || once[^1] != c) once.Append(c);
        return once.Length == word.Length ? word : once.ToString();
    }

    /// <summary>Runs of letters and digits, and of signs that stand for letters among them ("c@sh", "$ex"); in a text in comparison form.</summary>
    private static List<(int Start, int End)> Tokens(string folded)
    {
        var tokens = new List<(int, int)>();
        var start = -1;
        for (var i = 0; i < folded.Length;)
        {
            var length = char.IsHighSurrogate(folded[i]) && i + 1 < folded.Length ? 2 : 1;
            if (length == 2 ? char.IsLetterOrDigit(folded, i) : char.IsLetterOrDigit(folded[i]) || IsLetterSign(folded, i))
            {
                if (start < 0) start = i;
            }
            else if (start >= 0)
            {
                tokens.Add((start, i));
                start = -1;
            }
            i += length;
        }
        if (start >= 0) tokens.Add((start, folded.Length));
        return tokens;
    }

    private static bool IsLetterSign(string text, int at)
    {
        bool before = at > 0 && char.IsLetterOrDigit(text[at - 1]), after = at + 1 < text.Length && char.IsLetter(text[at + 1]);
        return text[at] switch
        {
            '@' or '!' or '|' or '€' => before && after,
            '$' => after || (before && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1])) || (at > 0 && (text[at - 1] == '$' ? at > 1 && char.IsLetter(text[at - 2]) : char.IsLetter(text[at - 1]))),
            _ => false,
        };
    }

    private static void Join(string folded, List<(int Start, int End)> tokens, List<WordForms> joined)
    {
        for (var first = 0; first < tokens.Count;)
        {
            // The longest run from here of words that one sign of the glue alone parts, or of single letters.
            int last = first, length = tokens[first].End - tokens[first].Start;
            bool single = length == 1, spaced = false;
            while (last + 1 < tokens.Count && tokens[last + 1].Start - tokens[last].End <= WidestGap)
            {
                var next = tokens[last + 1];
                var glued = next.Start - tokens[last].End == 1 && Glue.Contains(folded[next.Start - 1]);
                if (!glued && (!single || next.End - next.Start > 1)) break;
                spaced |= !glued;
                single &= next.End - next.Start == 1;
                length += next.End - next.Start;
                last++;
            }
            var count = last - first + 1;
            if (count > (spaced ? 2 : 1) && length <= LongestJoined)
            {
                joined.Add(Forms(Concat(first)));
                // "such a b a d" has a word of one letter before it.
                if (spaced && count > 3) joined.Add(Forms(Concat(first + 1)));
            }
            first = last + 1;

            string Concat(int from) => string.Concat(tokens[from..(last + 1)].Select(t => folded[t.Start..t.End]));
        }
    }
}
