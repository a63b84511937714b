namespace Platform.Comments.Moderation.Rules;

/// <summary>Everything waits for a moderator, where the mode says so.</summary>
public static class Premoderation
{
    public static Verdict Judge(Submission s) => s.Settings.Mode == ModerationMode.Pre ? Verdict.Held("every comment is read first") : Verdict.Pass;
}
