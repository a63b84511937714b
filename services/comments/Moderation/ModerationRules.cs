using Platform.Comments.Moderation.Rules;

namespace Platform.Comments.Moderation;

/// <summary>One rule, by the name that moderators see in findings. Pure.</summary>
/// <param name="Version">Raised with every change of what it finds; stored with each finding.</param>
public sealed record Rule(string Name, int Version, Func<Submission, Verdict> Judge);

/// <summary>
/// All the rules, in order. One that refuses ends the judging; those that hold are all told.
/// </summary>
public static class ModerationRules
{
    private static readonly Rule
        Long = new("length", 1, Length.Judge),
        Closed = new("closed", 1, ClosedThread.Judge),
        Bans = new("ban", 1, Banned.Judge),
        Names = new("nameTaken", 1, StaffLookAlike.Judge),
        Words = new("bannedWord", 3, BannedWord.Judge),
        Again = new("exactRepeat", 1, ExactRepeat.Judge),
        Soon = new("tooSoon", 1, TooSoon.Judge),
        Suspect = new("suspectWord", 3, SuspectWord.Judge),
        Links = new("links", 1, TooManyLinks.Judge),
        Doubtful = new("name", 1, DoubtfulName.Judge),
        Shouts = new("shouting", 1, Shouting.Judge),
        Floods = new("flood", 1, Flood.Judge),
        Same = new("repeat", 1, SameText.Judge),
        Spam = new("spam", 1, SpamScore.Judge),
        Outside = new("outside", 1, OutsideOpinion.Judge),
        New = new("newCommenter", 1, NewCommenter.Judge),
        Pre = new("premoderation", 1, Premoderation.Judge);

    /// <summary>For a guest's new comment, first: what refuses whatever else there is.</summary>
    public static readonly IReadOnlyList<Rule> Refusing = [Long, Closed, Bans, Names, Words, Again];

    /// <summary>For a guest's new comment, then: what holds, once his turn is taken.</summary>
    public static readonly IReadOnlyList<Rule> Holding = [Soon, Suspect, Links, Doubtful, Shouts, Floods, Same, Spam, Outside, New, Pre];

    /// <summary>For a guest's new comment, all together.</summary>
    public static readonly IReadOnlyList<Rule> ForGuests = [.. Refusing, .. Holding];

    /// <summary>What the settings alone decide, of a comment that is there.</summary>
    public static readonly IReadOnlyList<Rule> OfSettings = [Closed, Words, Soon, Suspect, Links, New, Pre];

    /// <summary>For a guest's changed comment: a thread that has closed since does not take the last word away.</summary>
    public static readonly IReadOnlyList<Rule> ForEdits = [Long, Bans, Words, Again, Suspect, Links, Shouts, Floods, Spam, Outside, New, Pre];

    /// <summary>Of a held comment, what another text may put right. Not what a scorer outside has found: it may just be away.</summary>
    public static readonly IReadOnlySet<string> AnsweredByEdits = ForEdits.Where(r => r != Outside).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>For what has waited for nothing but the proof of its guest's address: bans, names, words and mode may have changed meanwhile.</summary>
    public static readonly IReadOnlyList<Rule> ForProved = [Bans, Names, Words, Suspect, Links, Doubtful, Pre];

    /// <summary>For the newsroom's own, which is never held.</summary>
    public static readonly IReadOnlyList<Rule> ForStaff = [Long, Closed];

    public static Judgement Judge(this IReadOnlyList<Rule> rules, Submission submission)
    {
        var findings = new List<Finding>();
        foreach (var rule in rules)
        {
            var verdict = rule.Judge(submission);
            if (verdict.Refuse is not null) return new(CommentStatus.Rejected, [new(rule.Name, verdict.Refuse.Code) { Version = rule.Version }], verdict.Refuse);
            if (verdict.Hold is { } why) findings.Add(new(rule.Name, why) { Version = rule.Version });
        }
        return new(findings.Count == 0 ? CommentStatus.Published : CommentStatus.Held, findings, null);
    }
}
