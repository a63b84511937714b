namespace Platform.Articles.Revisions;

public enum DiffOp
{
    Equal,
    Insert,
    Delete,
}

/// <summary>A stretch of text that stayed, came or went.</summary>
public sealed record TextChange(DiffOp Op, string Text);

/// <summary>
/// What changed between two texts, by words. Equal and deleted stretches in order are the old text, equal and inserted ones the new text.
/// Where there are too many small changes to be of use, whole lines are compared, and at last all between the common ends.
/// </summary>
public static class WordDiff
{
    /// <summary>More stretches than this help nobody, and cost memory.</summary>
    public const int MaxChanges = 10_000;

    public static IReadOnlyList<TextChange> Of(string before, string after)
    {
        if (before == after) return before.Length == 0 ? [] : [new(DiffOp.Equal, before)];
        return Compare(before, after, WordEnd) ?? Compare(before, after, LineEnd) ?? Compare(before, after, LineEnd, ends: true)!;
    }

    /// <returns>Null where there are more than <see cref="MaxChanges"/>.</returns>
    private static List<TextChange>? Compare(string before, string after, Func<string, int, int> end, bool ends = false)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        var (old, oldEnds) = Split(before, end, known);
        var (next, nextEnds) = Split(after, end, known);
        var (gone, come) = ends ? SequenceDiff.Ends(old, next) : SequenceDiff.Compare(old, next);
        var changes = new List<TextChange>();
        for (int i = 0, j = 0; i < old.Length || j < next.Length;)
        {
            var (i0, j0) = (i, j);
            while (i < old.Length && !gone[i] && j < next.Length && !come[j]) { i++; j++; }
            Add(DiffOp.Equal, before, oldEnds, i0, i);
            (i0, j0) = (i, j);
            // Changes with nothing but a space between them read as one.
            for (var more = true; more;)
            {
                while (i < old.Length && gone[i]) i++;
                while (j < next.Length && come[j]) j++;
                more = (i > i0 || j > j0) && i + 1 < old.Length && j + 1 < next.Length && !gone[i] && !come[j] && (gone[i + 1] || come[j + 1]) && IsSpace(before, oldEnds, i);
                if (more) { i++; j++; }
            }
            Add(DiffOp.Delete, before, oldEnds, i0, i);
            Add(DiffOp.Insert, after, nextEnds, j0, j);
            if (changes.Count > MaxChanges && !ends) return null;
        }
        return changes;

        void Add(DiffOp op, string text, int[] ends, int from, int to)
        {
            if (to > from) changes.Add(new(op, text[Start(ends, from)..ends[to - 1]]));
        }
    }

    private static int Start(int[] ends, int token) => token == 0 ? 0 : ends[token - 1];

    private static bool IsSpace(string text, int[] ends, int token) => ends[token] - Start(ends, token) == 1 && text[ends[token] - 1] == ' ';

    /// <summary>Numbers the pieces of a text: equal ones alike.</summary>
    private static (int[] Ids, int[] Ends) Split(string text, Func<string, int, int> end, Dictionary<string, int> known)
    {
        var (ids, ends) = (new List<int>(), new List<int>());
        var lookup = known.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var at = 0; at < text.Length;)
        {
            var stop = end(text, at);
            var piece = text.AsSpan(at, stop - at);
            if (!lookup.TryGetValue(piece, out var id)) lookup[piece] = id = known.Count;
            ids.Add(id);
            ends.Add(stop);
            at = stop;
        }
        return ([.. ids], [.. ends]);
    }

    /// <summary>A run of letters, marks and digits is a word; each other sign stands for itself.</summary>
    private static int WordEnd(string text, int at)
    {
        var stop = at;
        while (stop < text.Length && IsOfWord(text, stop)) stop += char.IsSurrogatePair(text, stop) ? 2 : 1;
        return stop > at ? stop : at + (at + 1 < text.Length && char.IsSurrogatePair(text, at) ? 2 : 1);
    }

    private static bool IsOfWord(string text, int at) => char.GetUnicodeCategory(text, at) is <= System.Globalization.UnicodeCategory.OtherNumber;

    private static int LineEnd(string text, int at) => text.IndexOf('\n', at) is >= 0 and var found ? found + 1 : text.Length;
}
