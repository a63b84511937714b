using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation.Rules;

/// <summary>Who is banned writes nothing. He is not told by what he was known.</summary>
public static class Banned
{
    public static Verdict Judge(Submission s) => s.Facts.Bans.Find(s.Authors, s.Comment.Name, s.From, s.Now) is null ? Verdict.Pass
        : Verdict.Refused(Problem.Forbidden("comment.banned", "You may not comment here."));
}
