using MimeKit;

namespace Platform.Notifications.Mail;

/// <summary>A mail and whom it is for.</summary>
/// <param name="Id">Names it uniquely, and the same at every try.</param>
public sealed record OutgoingMail(Guid Id, MimeMessage Message, MailboxAddress To);

public enum MailOutcomeKind
{
    /// <summary>Taken.</summary>
    Sent,

    /// <summary>Refused for good.</summary>
    Refused,

    /// <summary>Refused for now, or lost before it was taken.</summary>
    Deferred,

    /// <summary>There was nobody to give it to; others need not be tried now.</summary>
    Unreachable,

    /// <summary>Lost after its end was sent and before an answer: it may have been taken.</summary>
    Uncertain,

    /// <summary>Not sent on purpose.</summary>
    Suppressed,
}

/// <summary>What became of a mail.</summary>
/// <param name="Answer">What the server said, or what failed; at most 300 characters, without the recipient's address.</param>
public sealed record MailOutcome(MailOutcomeKind Kind, string? Answer)
{
    public static readonly MailOutcome Sent = new(MailOutcomeKind.Sent, null);

    public static MailOutcome Refused(string answer) => new(MailOutcomeKind.Refused, answer);
    public static MailOutcome Deferred(string answer) => new(MailOutcomeKind.Deferred, answer);
    public static MailOutcome Unreachable(string answer) => new(MailOutcomeKind.Unreachable, answer);
    public static MailOutcome Uncertain(string answer) => new(MailOutcomeKind.Uncertain, answer);
    public static MailOutcome Suppressed(string reason) => new(MailOutcomeKind.Suppressed, reason);
}

/// <summary>Hands mails over.</summary>
public interface IMailer
{
    /// <summary>Never throws, and ends within <see cref="Worker.LongestClaim"/>; is not cancelled, since a mail that is half sent is uncertain.</summary>
    Task<MailOutcome> Send(OutgoingMail mail);
}
