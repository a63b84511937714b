using System.Globalization;
using Platform.Comments.Moderation.Spam;

namespace Platform.Comments.Moderation.Rules;

/// <summary>What reads like the spam that moderators have found so far is looked at first.</summary>
public static class SpamScore
{
    /// <summary>High: a real comment in the queue costs more than spam that readers report.</summary>
    public const double Holds = 0.9;

    public static Verdict Judge(Submission s) => s.Facts.Spam.Score(SpamFeatures.Of(s.Words, s.Comment.Body)) is { } score && score >= Holds
        ? Verdict.Held(score.ToString("0.00", CultureInfo.InvariantCulture)) : Verdict.Pass;
}
