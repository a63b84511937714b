using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation.Rules;

/// <summary>One author says one thing once in a thread. Of two that come at the same moment the store's unique index refuses one, with the same answer.</summary>
public static class ExactRepeat
{
    public static Problem Refusal => Problem.Conflict("comment.repeat", "This has been said here already, in the same words.");

    public static Verdict Judge(Submission s) => s.IsRepeat ? Verdict.Refused(Refusal) : Verdict.Pass;
}
