using Platform.Comments.Moderation.Rules;

namespace Platform.Comments.Moderation;

/// <summary>One rule, by the name that moderators see in findings. Pure.</summary>
public sealed record Rule(string Name, Func<Submission, Verdict> Judge);

/// <summary>
/// All the rules, in order. One that refuses ends the judging; those that hold are all told.
/// The length of texts is checked with the request; that a text is no repeat, by a unique index when it is stored.
/// </summary>
public static class ModerationRules
{
    private static readonly Rule
        Closed = new("closed", ClosedThread.Judge),
        Banned = new("bannedWord", BannedWord.Judge),
        Soon = new("tooSoon", TooSoon.Judge),
        Suspect = new("suspectWord", SuspectWord.Judge),
        Links = new("links", TooManyLinks.Judge),
        New = new("newCommenter", NewCommenter.Judge),
        Pre = new("premoderation", Premoderation.Judge);

    /// <summary>For a guest's new comment.</summary>
    public static readonly IReadOnlyList<Rule> ForGuests = [Closed, Banned, Soon, Suspect, Links, New, Pre];

    /// <summary>For a guest's changed comment: a thread that has closed since does not take the last word away.</summary>
    public static readonly IReadOnlyList<Rule> ForEdits = [Banned, Suspect, Links, New, Pre];

    /// <summary>For the newsroom's own, which is never held.</summary>
    public static readonly IReadOnlyList<Rule> ForStaff = [Closed];

    public static Judgement Judge(this IReadOnlyList<Rule> rules, Submission submission)
    {
        var findings = new List<Finding>();
        foreach (var rule in rules)
        {
            var verdict = rule.Judge(submission);
            if (verdict.Refuse is not null) return new(CommentStatus.Rejected, [], verdict.Refuse);
            if (verdict.Hold is { } why) findings.Add(new(rule.Name, why));
        }
        return new(findings.Count == 0 ? CommentStatus.Published : CommentStatus.Held, findings, null);
    }
}
