using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Something that was merged into another, or renamed to it.</summary>
/// <param name="Name">How the other is written, where that says more than <paramref name="To"/>.</param>
public sealed record Merge(string From, string To, string? Name);

/// <summary>
/// What was merged into what, of authors or of tags: one document, so that one versioned write keeps the rules. Nothing that was merged away is
/// merged into, so that every name leads to its current one in one step, however often things were merged.
/// </summary>
/// <param name="Version">Counts merges.</param>
public sealed record Merges(Guid Id, long Version, IReadOnlyList<Merge> Pairs) : IDocument
{
    public const int MaxPairs = 20_000;

    public static readonly Merges NoAuthors = new(new("01900000-0000-7000-8000-000000000002"), 1, []);
    public static readonly Merges NoTags = new(new("01900000-0000-7000-8000-000000000003"), 1, []);

    /// <summary>Made when first asked for: the driver fills the record without its constructor.</summary>
    private Dictionary<string, Merge> ByFrom => field ??= Pairs.ToDictionary(p => p.From);
    private ILookup<string, Merge> ByTo => field ??= Pairs.ToLookup(p => p.To);

    /// <summary>What it is now; itself where it was never merged.</summary>
    public string Current(string name) => ByFrom.GetValueOrDefault(name)?.To ?? name;

    /// <summary>What has been merged into it.</summary>
    public IEnumerable<string> Into(string name) => ByTo[name].Select(p => p.From);

    /// <summary>How something that others were merged into is written; null where nothing was.</summary>
    public string? Name(string current) => ByTo[current].FirstOrDefault()?.Name;

    /// <summary>Everything that was merged away.</summary>
    public IEnumerable<string> Gone => ByFrom.Keys;

    /// <summary>Merges one into another, with all that was merged into it before. Where the other was merged into this one earlier, they change places: an old name comes back.</summary>
    /// <returns>The same where there is nothing to merge.</returns>
    /// <exception cref="Problem">422 <c>{what}.tooManyMerges</c>.</exception>
    public Merges With(string from, string to, string? name, string what)
    {
        if (from == to) return this;
        var target = Current(to) == from ? to : Current(to);
        Merge[] pairs = [.. Pairs.Where(p => p.From != target && p.From != from).Select(p => p.To == from || p.To == target ? new Merge(p.From, target, name) : p), new Merge(from, target, name)];
        return pairs.Length <= MaxPairs ? new Merges(Id, Version + 1, pairs) : throw Problem.Rule(what + ".tooManyMerges", $"At most {MaxPairs} merges.");
    }

    /// <summary>Without what is no more.</summary>
    public Merges Without(string name) => new(Id, Version + 1, [.. Pairs.Where(p => p.From != name && p.To != name)]);
}
