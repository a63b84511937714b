using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation.Rules;

/// <summary>One author's comments keep a distance in time.</summary>
public static class TooSoon
{
    public static Verdict Judge(Submission s)
    {
        if (s.PreviousAt is not { } previous || previous.AddSeconds(s.Settings.MinSecondsBetween) <= s.Now) return Verdict.Pass;
        return Verdict.Refused(new Problem(429, "comment.tooSoon", "You have just commented; wait a little.") { RetryAfter = previous.AddSeconds(s.Settings.MinSecondsBetween) - s.Now });
    }
}
