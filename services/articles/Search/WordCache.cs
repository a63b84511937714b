using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Platform.Articles.Search;

/// <summary>
/// Keeps what is known of words, up to a number of them, and then begins anew: the frequent words of a language are few and soon back. For any number of threads.
/// </summary>
/// <param name="capacity">In words; some more where several threads add at once.</param>
public sealed class WordCache<T>(int capacity)
{
    private volatile Generation _words = new();

    /// <remarks>Counts by itself: a ConcurrentDictionary takes all of its locks, up to a thousand, to tell its count.</remarks>
    private sealed class Generation
    {
        private readonly ConcurrentDictionary<string, T> _made = new(StringComparer.Ordinal);
        private int _count;

        public bool TryGet(ReadOnlySpan<char> word, [MaybeNullWhen(false)] out T made) => _made.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out made);

        public int Add(string word, T made) => _made.TryAdd(word, made) ? Interlocked.Increment(ref _count) : 0;
    }

    public T Get(ReadOnlySpan<char> word, Func<string, T> make)
    {
        var words = _words;
        if (words.TryGet(word, out var known)) return known;
        var text = word.ToString();
        var made = make(text);
        if (words.Add(text, made) >= capacity) _words = new();
        return made;
    }
}
