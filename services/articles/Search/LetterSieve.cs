using Platform.Text;

namespace Platform.Articles.Search;

/// <summary>
/// Tells by the letters of a word alone that it has none of some terms: a light stem has no letter that its word has not (<see cref="Stems"/>). Nearly every word of a text
/// is told apart so, and need not be folded, stemmed and looked up. Latin letters tell nothing, since English stems change them.
/// </summary>
public sealed class LetterSieve
{
    private const ulong Any = ulong.MaxValue;

    /// <summary>By character: the letters that it may be, as bits.</summary>
    private static readonly ulong[] Bits = [.. Enumerable.Range(0, Normaliser.PlainEnd).Select(c => !Normaliser.TryFold((char)c, out var folded) ? Any : folded switch
    {
        >= '\u0621' and <= '\u064A' => 1UL << (folded - '\u0621'),
        >= '0' and <= '9' => 1UL << (42 + folded - '0'),
        '\0' => 0,
        _ => Any,
    })];

    private readonly ulong[] _terms;

    public LetterSieve(IEnumerable<string> terms)
    {
        ulong[] all = [.. terms.Select(Wanted).Distinct()];
        // Where a word lacks a letter of one term, it lacks it for every longer one with the same letters.
        _terms = [.. all.Where(t => !all.Any(other => other != t && (other & ~t) == 0))];
    }

    /// <summary>The letters of a piece of text, for <see cref="MayHold"/>.</summary>
    public static ulong Letters(char c) => c < Bits.Length ? Bits[c] : Any;

    /// <param name="letters">Those of all characters of the word.</param>
    public bool MayHold(ulong letters)
    {
        foreach (var term in _terms)
            if ((term & ~letters) == 0) return true;
        return false;
    }

    private static ulong Wanted(string term)
    {
        var wanted = 0UL;
        foreach (var c in term)
            if (Letters(c) is var letter and not Any) wanted |= letter;
        return wanted;
    }
}
