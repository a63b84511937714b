using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation.Rules;

/// <summary>A comment has 1 to 5,000 characters (Unicode code points), a name 1 to 80. Requests are told so at their fields; this is for whatever way a comment comes.</summary>
public static class Length
{
    public static Verdict Judge(Submission s) => !Fits(s.Comment.Body, Comment.MaxBody) ? Refused("body", Comment.MaxBody) : !Fits(s.Comment.Name, Comment.MaxName) ? Refused("name", Comment.MaxName) : Verdict.Pass;

    private static bool Fits(string text, int most) => text.Length > 0 && (text.Length <= most || text.EnumerateRunes().Count() <= most);

    private static Verdict Refused(string field, int most) => Verdict.Refused(Problem.Invalid(field, $"1 to {most} characters."));
}
