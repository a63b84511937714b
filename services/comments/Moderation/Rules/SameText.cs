using System.Globalization;

namespace Platform.Comments.Moderation.Rules;

/// <summary>One text under many names and articles is a campaign or an advertisement; a moderator looks at it.</summary>
public static class SameText
{
    /// <summary>So often it may have come within the hour.</summary>
    public const int Most = 5;

    public static Verdict Judge(Submission s) => s.SameTexts >= Most ? Verdict.Held((s.SameTexts + 1).ToString(CultureInfo.InvariantCulture) + " times within an hour") : Verdict.Pass;
}
