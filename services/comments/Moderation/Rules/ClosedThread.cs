using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation.Rules;

/// <summary>A closed thread takes nothing.</summary>
public static class ClosedThread
{
    public static Verdict Judge(Submission s) => s.Thread.IsOpen(s.Settings, s.Now) ? Verdict.Pass
        : Verdict.Refused(Problem.Conflict("thread.closed", "This article takes no comments any more."));
}
