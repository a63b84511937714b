namespace Platform.Comments.Moderation.Rules;

/// <summary>Some words a moderator wants to see first.</summary>
public static class SuspectWord
{
    public static Verdict Judge(Submission s) => s.Settings.Suspect.FirstIn(s.Words) is { } word ? Verdict.Held(word) : Verdict.Pass;
}
