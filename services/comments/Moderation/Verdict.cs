using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation;

/// <summary>What one rule says of a submission.</summary>
public sealed record Verdict
{
    public static readonly Verdict Pass = new();

    /// <summary>A moderator must read it first; for the moderator, why.</summary>
    public string? Hold { get; private init; }

    /// <summary>It is not taken; for the guest, why.</summary>
    public Problem? Refuse { get; private init; }

    public static Verdict Held(string why) => new() { Hold = why };
    public static Verdict Refused(Problem problem) => new() { Refuse = problem };
}

/// <summary>What all the rules together say.</summary>
/// <param name="Refusal">The first rule's that refuses, or null.</param>
public sealed record Judgement(CommentStatus Status, IReadOnlyList<Finding> Findings, Problem? Refusal);
