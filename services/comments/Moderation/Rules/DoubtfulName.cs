using Platform.Text;

namespace Platform.Comments.Moderation.Rules;

/// <summary>A name that has a staff member's within it, or letters of several scripts in one word, is looked at first.</summary>
public static class DoubtfulName
{
    public static Verdict Judge(Submission s) =>
        s.Facts.Staff.Within(s.Comment.Name) is { } staff ? Verdict.Held("looks like " + staff)
        : LookAlikes.MixesScripts(s.Comment.Name) ? Verdict.Held("letters of several scripts in one word")
        : Verdict.Pass;
}
