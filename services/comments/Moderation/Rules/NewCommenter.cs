namespace Platform.Comments.Moderation.Rules;

/// <summary>A guest's first comment waits for a moderator, where the mode says so.</summary>
public static class NewCommenter
{
    public static Verdict Judge(Submission s) => s.Settings.Mode == ModerationMode.NewCommenters && !s.Known ? Verdict.Held("no published comment from this address yet") : Verdict.Pass;
}
