using System.Globalization;

namespace Platform.Comments.Moderation.Rules;

/// <summary>What a scorer outside takes for bad is looked at first; where there is none, or it has not answered in time, it says nothing.</summary>
public static class OutsideOpinion
{
    public const double Holds = 0.8;

    public static Verdict Judge(Submission s) => s.Outside is { } outside && outside.Score >= Holds
        ? Verdict.Held(outside.Score.ToString("0.00", CultureInfo.InvariantCulture) + (outside.Reason is { } reason ? " " + reason : "")) : Verdict.Pass;
}
