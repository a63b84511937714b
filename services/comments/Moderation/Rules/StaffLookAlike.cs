using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation.Rules;

/// <summary>A guest does not pass for the newsroom: a name that reads as that of a member of staff, in whatever letters, is not taken.</summary>
public static class StaffLookAlike
{
    public static Verdict Judge(Submission s) => s.Facts.Staff.IsTaken(s.Comment.Name)
        ? Verdict.Refused(Problem.Conflict("comment.nameTaken", "This name, or one that looks like it, belongs to the newsroom; take another one."))
        : Verdict.Pass;
}
