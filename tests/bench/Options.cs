namespace Platform.Bench;

/// <summary>What is measured, and how long.</summary>
/// <param name="Quick">Whether it works, not how fast.</param>
/// <param name="Only">Parts to report; all where empty.</param>
public sealed record Options(bool Quick, IReadOnlyList<string> Only)
{
    private static readonly string[] Parts = ["pages", "api", "comments", "thread", "live", "rules", "keywords", "mails", "webhooks", "planning", "publish", "import", "memory", "start", "search", "list", "related", "get"];

    /// <summary>Rounds of each thing that is measured in turns; medians are printed.</summary>
    public int Rounds => Quick ? 2 : 5;

    public TimeSpan Round => TimeSpan.FromSeconds(Quick ? 1 : 3);

    /// <summary>Requests of one uncached round: each needs an article of its own.</summary>
    public int Distinct => Quick ? 100 : 1_000;

    public IReadOnlyList<int> Subscribers => Quick ? [1, 1_000] : [1, 1_000, 10_000, 100_000];

    /// <summary>Subscribers through whom a dispatch walks without sending.</summary>
    public IReadOnlyList<int> Planned => Quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];

    /// <summary>Articles of the archive that is searched.</summary>
    public int Articles => Quick ? 5_000 : 100_000;

    /// <summary>Comments of the long thread.</summary>
    public int Comments => Quick ? 2_000 : 100_000;

    /// <summary>Live streams whose latency is measured, and those whose memory is.</summary>
    public int Followers => Quick ? 100 : 1_000;

    public int Streams => Quick ? 500 : 5_000;

    /// <summary>Posts of the export that is imported.</summary>
    public int Posts => Quick ? 1_000 : 10_000;

    public bool Reports(string part) => Only.Count == 0 || Only.Contains(part);

    /// <summary>Memory after load needs a load.</summary>
    public bool Measures(string part) => Reports(part) || Only is ["memory"];

    /// <returns>Null where the arguments are not understood.</returns>
    public static Options? Parse(IReadOnlyList<string> args)
    {
        var (quick, only) = (false, new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--quick") quick = true;
            else if (args[i] == "--only" && i + 1 < args.Count && Parts.Contains(args[i + 1])) only.Add(args[++i]);
            else return null;
        }
        return new(quick || only is ["memory"], only);
    }
}
