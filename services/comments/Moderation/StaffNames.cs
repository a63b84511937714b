using Platform.Text;

namespace Platform.Comments.Moderation;

/// <summary>The names of the newsroom's staff, to compare guests' names with. Immutable.</summary>
public sealed class StaffNames(IReadOnlyCollection<string> names)
{
    public static readonly StaffNames None = new([]);

    /// <summary>Shorter ones are found in too many names by chance.</summary>
    private const int ShortestWithin = 8;

    private readonly Dictionary<string, string> _bySkeleton = names.Select(n => (Skeleton: LookAlikes.OfName(n), Name: n)).Where(n => n.Skeleton.Length > 0)
        .GroupBy(n => n.Skeleton, n => n.Name).ToDictionary(g => g.Key, g => g.First());

    public IReadOnlyCollection<string> All => names;

    /// <summary>Whether a reader would take the name for that of a member of staff: it is the same, or looks the same.</summary>
    public bool IsTaken(string name) => _bySkeleton.Count > 0 && _bySkeleton.ContainsKey(LookAlikes.OfName(name));

    /// <summary>The name of two words or more of a member of staff that stands within this one, as in "Layla Hasan (editor)"; or null.</summary>
    public string? Within(string name)
    {
        if (_bySkeleton.Count == 0) return null;
        var words = name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(LookAlikes.OfName).Where(w => w.Length > 0).ToArray();
        for (var from = 0; from < words.Length; from++)
            for (var to = from + 2; to <= words.Length; to++)
                if (string.Concat(words[from..to]) is { Length: >= ShortestWithin } part && _bySkeleton.TryGetValue(part, out var staff)) return staff;
        return null;
    }
}
