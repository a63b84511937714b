using System.Buffers;
using Platform.Text;

namespace Platform.Comments.Moderation;

/// <summary>
/// Words and phrases looked for in texts: whole words, however they are spelt, vocalised, prefixed, stretched or disguised (see <see cref="FoldedWords"/>). In an entry
/// <c>*</c> stands for any letters of one word, none too: <c>غبي*</c>, <c>*spam*</c>. What contains an entry without <c>*</c> is another word.
/// Words are looked up by hash and patterns by the longest piece of their letters, so that a text takes about as long with 10,000 entries as with ten. Immutable.
/// </summary>
public sealed class WordList
{
    /// <summary>A pattern has so many letters at least; fewer would find every word.</summary>
    public const int FewestLetters = 2;

    private readonly Dictionary<string, Entry[]> _exact, _loose, _byPiece, _byLoosePiece;
    private readonly SearchValues<string> _pieces, _loosePieces;
    private readonly int[] _pieceLengths, _loosePieceLengths;
    private readonly bool _isEmpty;

    public WordList(IEnumerable<string> entries)
    {
        Entry[] all = [.. entries.Select(Entry.Read).OfType<Entry>()];
        _isEmpty = all.Length == 0;
        (_exact, _loose) = (By(all.Where(e => !e.First.IsPattern), e => e.First.Plain), By(all.Where(e => !e.First.IsPattern), e => e.First.Loose));
        var patterns = all.Where(e => e.First.IsPattern).ToArray();
        (_byPiece, _byLoosePiece) = (By(patterns, e => e.First.LongestPiece), By(patterns, e => e.First.LongestLoosePiece));
        (_pieces, _loosePieces) = (Search(_byPiece.Keys), Search(_byLoosePiece.Keys));
        (_pieceLengths, _loosePieceLengths) = (Lengths(_byPiece.Keys), Lengths(_byLoosePiece.Keys));

        static Dictionary<string, Entry[]> By(IEnumerable<Entry> all, Func<Entry, string> key) => all.GroupBy(key).ToDictionary(g => g.Key, g => g.ToArray());
        static SearchValues<string> Search(IEnumerable<string> pieces) => SearchValues.Create([.. pieces], StringComparison.Ordinal);
        static int[] Lengths(IEnumerable<string> pieces) => [.. pieces.Select(p => p.Length).Distinct()];
    }

    /// <summary>Whether the entry finds anything at all: a word needs a letter or digit, a pattern <see cref="FewestLetters"/>.</summary>
    public static bool IsSensible(string entry) => Entry.Read(entry) is not null;

    /// <summary>The first entry found, as it was written; or null.</summary>
    public string? FirstIn(FoldedWords text)
    {
        if (_isEmpty) return null;
        for (var at = 0; at < text.Words.Count; at++)
            if (Find(text.Words, at) is { } found) return found;
        foreach (var joined in text.Joined)
            if (Find([joined], 0) is { } found) return found;
        return null;
    }

    private string? Find(IReadOnlyList<WordForms> words, int at)
    {
        var word = words[at];
        foreach (var form in word.Plain)
            if (_exact.TryGetValue(form, out var entries) && Follow(entries, words, at) is { } found) return found;
        foreach (var form in word.Loose)
            if (_loose.TryGetValue(form, out var entries) && Follow(entries, words, at) is { } found) return found;
        if (_byPiece.Count == 0) return null;
        foreach (var form in word.Folded)
            if (ByPiece(form, _pieces, _pieceLengths, _byPiece) is { } found) return found;
        foreach (var form in word.Loose)
            if (ByPiece(form, _loosePieces, _loosePieceLengths, _byLoosePiece) is { } found) return found;
        return null;

        string? ByPiece(string form, SearchValues<string> pieces, int[] lengths, Dictionary<string, Entry[]> entries)
        {
            var lookup = entries.GetAlternateLookup<ReadOnlySpan<char>>();
            HashSet<Entry>? tried = null;
            for (var from = 0; from < form.Length;)
            {
                var hit = form.AsSpan(from).IndexOfAny(pieces);
                if (hit < 0) return null;
                foreach (var length in lengths)
                {
                    if (from + hit + length > form.Length || !lookup.TryGetValue(form.AsSpan(from + hit, length), out var candidates)) continue;
                    // Each pattern is held against a word once, wherever and however often its piece stands in it.
                    Entry[] fresh = [.. candidates.Where((tried ??= []).Add)];
                    if (Follow(fresh, words, at) is { } found) return found;
                }
                from += hit + 1;
            }
            return null;
        }
    }

    private static string? Follow(Entry[] entries, IReadOnlyList<WordForms> words, int at)
    {
        foreach (var entry in entries)
        {
            if (at + entry.Words.Length > words.Count) continue;
            var matches = true;
            // The first word was looked up; a pattern only by its piece.
            for (var i = entry.First.IsPattern ? 0 : 1; matches && i < entry.Words.Length; i++) matches = entry.Words[i].Matches(words[at + i]);
            if (matches) return entry.Written;
        }
        return null;
    }

    private sealed record Entry(Matcher[] Words, string Written)
    {
        public Matcher First => Words[0];

        /// <returns>Null where it has no letters, or a pattern of it too few.</returns>
        public static Entry? Read(string written)
        {
            var words = new List<Matcher>();
            foreach (var part in written.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                if (!part.Contains('*', StringComparison.Ordinal)) words.AddRange(Normaliser.Words(part).Select(w => new Matcher([w])));
                else
                {
                    var pattern = new Matcher([.. part.Split('*').Select(p => string.Concat(Normaliser.Words(p)))]);
                    if (pattern.Letters < FewestLetters) return null;
                    words.Add(pattern);
                }
            }
            return words.Count == 0 ? null : new([.. words], written);
        }
    }

    /// <summary>One word of an entry: whole, or the pieces between its stars.</summary>
    private sealed class Matcher(string[] pieces)
    {
        private readonly string[] _loosePieces = [.. pieces.Select(FoldedWords.Loosen)];

        public bool IsPattern => pieces.Length > 1;
        public int Letters => pieces.Sum(p => p.Length);
        public string Plain { get; } = FoldedWords.Plainly(pieces[0]);
        public string Loose => _loosePieces[0];
        public string LongestPiece => pieces.MaxBy(p => p.Length)!;
        public string LongestLoosePiece => _loosePieces.MaxBy(p => p.Length)!;

        public bool Matches(WordForms word) => IsPattern
            ? word.Folded.Any(f => Matches(f, pieces)) || word.Loose.Any(f => Matches(f, _loosePieces))
            : word.Plain.Contains(Plain) || word.Loose.Contains(Loose);

        /// <summary>Each piece as early as it stands: one walk through the word.</summary>
        private static bool Matches(string word, string[] pieces)
        {
            if (word.Length < pieces.Sum(p => p.Length) || !word.StartsWith(pieces[0], StringComparison.Ordinal) || !word.EndsWith(pieces[^1], StringComparison.Ordinal)) return false;
            var (from, to) = (pieces[0].Length, word.Length - pieces[^1].Length);
            foreach (var piece in pieces.AsSpan(1..^1))
            {
                var at = word.AsSpan(from, to - from).IndexOf(piece, StringComparison.Ordinal);
                if (at < 0) return false;
                from += at + piece.Length;
            }
            return true;
        }
    }
}
