using System.Numerics;

namespace Platform.Articles.Search;

/// <summary>
/// Keeps what is known of words. A word has two places in a table of fixed size, and a new one drives out whoever was there longest: the frequent words of a language
/// are few and soon back. For any number of threads without a lock, since a place holds one reference.
/// </summary>
/// <param name="capacity">In words; rounded up to a power of two.</param>
public sealed class WordCache<T>(int capacity)
{
    private readonly Entry?[] _places = new Entry?[BitOperations.RoundUpToPowerOf2((uint)capacity)];

    private sealed record Entry(string Word, T Made);

    public T Get(ReadOnlySpan<char> word, Func<string, T> make)
    {
        var place = string.GetHashCode(word, StringComparison.Ordinal) & (_places.Length - 2);
        var newer = _places[place];
        if (newer is not null && word.SequenceEqual(newer.Word)) return newer.Made;
        if (_places[place + 1] is { } older && word.SequenceEqual(older.Word)) return older.Made;
        var text = word.ToString();
        var made = new Entry(text, make(text));
        _places[place + 1] = newer;
        _places[place] = made;
        return made.Made;
    }
}
