using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation.Rules;

/// <summary>Some words the newsroom does not print. The guest is not told which: that would teach how to write them.</summary>
public static class BannedWord
{
    public static Verdict Judge(Submission s) => s.Settings.Banned.FirstIn(s.Words) is null ? Verdict.Pass
        : Verdict.Refused(Problem.Rule("comment.bannedWord", "The comment has a word that is not printed here."));
}
