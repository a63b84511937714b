using System.Text;
using Platform.Text;

namespace Platform.Articles.Search;

/// <summary>A word of a text.</summary>
/// <param name="Start">Where it begins in the text as it is shown.</param>
/// <param name="End">Behind its last character, its marks included.</param>
/// <param name="NewBlock">Whether a line ends between it and the word before.</param>
public readonly record struct TextWord(int Start, int End, Word Word, bool NewBlock)
{
    /// <summary>In comparison form (<see cref="Normaliser.Fold"/>), cut at <see cref="TextWords.MaxLength"/>.</summary>
    public string Folded => Word.Folded;

    /// <summary>As <see cref="Stems.Of"/>.</summary>
    public Stem Stem(string language) => Word.Stem(language);
}

/// <summary>A word in comparison form with its stem, which is made once for all texts that it stands in.</summary>
public sealed class Word(string folded)
{
    private Stem? _stem;

    public string Folded => folded;

    public Stem Stem(string language) => Stems.AreFor(language) ? _stem ??= Stems.Of(folded, language) : Stems.Of(folded, language);
}

/// <summary>How far a text is read.</summary>
/// <param name="end">Words that begin there or behind are left out.</param>
public sealed class TextReach(int end)
{
    /// <summary>Who reads may draw it nearer while he does.</summary>
    public int End { get; set; } = end;
}

/// <summary>Finds the words of a text and where they stand: what is indexed, searched and marked is read by the same rule. Linear in the text.</summary>
public static class TextWords
{
    /// <summary>Longer words are no words: they are cut, alike in articles and in searches.</summary>
    public const int MaxLength = 64;

    /// <summary>What words become; longer ones are not worth keeping.</summary>
    private const int MaxKnownLength = 24;
    private static readonly WordCache<Word[]> Known = new(20_000);

    /// <summary>What the folding makes of a character: 0 not asked yet, 1 a part of a word, 2 what parts words.</summary>
    private static readonly byte[] Kinds = new byte[char.MaxValue + 1];

    /// <param name="text">As it is shown.</param>
    /// <param name="limit">Words that begin there or behind are left out.</param>
    /// <param name="sieve">Words that it does not hold are left out.</param>
    public static IEnumerable<TextWord> In(string text, int limit = int.MaxValue, LetterSieve? sieve = null) => In(text, new TextReach(limit), sieve);

    /// <inheritdoc cref="In(string, int, LetterSieve?)"/>
    public static IEnumerable<TextWord> In(string text, TextReach reach, LetterSieve? sieve = null)
    {
        var newBlock = false;
        for (int i = 0, start; i < text.Length && i < reach.End;)
        {
            var length = PartLength(text, i);
            if (length == 0)
            {
                newBlock |= text[i++] == '\n';
                continue;
            }
            start = i;
            var letters = 0UL;
            for (; i < text.Length && (length = PartLength(text, i)) > 0; i += length) letters |= LetterSieve.Letters(text[i]);
            var end = IsPossessive(text, i) ? i + 2 : i;
            if (sieve is not null && !sieve.MayHold(letters))
            {
                i = end;
                continue;
            }
            foreach (var word in Fold(text.AsSpan(start, i - start)))
            {
                yield return new(start, end, word, newBlock);
                newBlock = false;
            }
            i = end;
        }
    }

    /// <summary>The words in comparison form.</summary>
    public static IEnumerable<string> Folded(string text) => In(text).Select(w => w.Folded);

    /// <summary>How many characters at this place belong to a word: none, one, or two of a surrogate pair.</summary>
    private static int PartLength(string text, int at)
    {
        var c = text[at];
        if (char.IsAscii(c)) return char.IsAsciiLetterOrDigit(c) ? 1 : 0;
        if (!char.IsSurrogate(c))
        {
            var kind = Kinds[c];
            if (kind == 0) Kinds[c] = kind = IsPart(c.ToString()) ? (byte)1 : (byte)2;
            return kind == 1 ? 1 : 0;
        }
        return Rune.TryGetRuneAt(text, at, out var rune) && IsPart(rune.ToString()) ? rune.Utf16SequenceLength : 0;
    }

    /// <summary>Marks and invisible characters fold to nothing, and stand inside words.</summary>
    private static bool IsPart(string character)
    {
        if (string.IsNullOrWhiteSpace(character)) return false;
        var folded = Normaliser.Fold(character);
        return folded.Length == 0 || folded.EnumerateRunes().Any(Rune.IsLetterOrDigit);
    }

    /// <summary>English 's ends the word it stands at, and is no word of its own.</summary>
    private static bool IsPossessive(string text, int at) => at + 1 < text.Length && text[at] is '\'' or '’' && text[at + 1] is 's' or 'S' && (at + 2 == text.Length || PartLength(text, at + 2) == 0);

    private static Word[] Fold(ReadOnlySpan<char> raw) => raw.Length > MaxKnownLength ? Words(raw.ToString()) : Known.Get(raw, Words);

    private static Word[] Words(string raw) => [.. Normaliser.Words(raw).Select(w => new Word(Cut(w)))];

    private static string Cut(string word)
    {
        if (word.Length <= MaxLength) return word;
        return word[..(char.IsHighSurrogate(word[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
    }
}
