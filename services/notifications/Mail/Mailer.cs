using MimeKit;
using Platform.Notifications.Channels;

namespace Platform.Notifications.Mail;

/// <summary>A mail and whom it is for.</summary>
/// <param name="Id">Names it uniquely, and the same at every try.</param>
public sealed record OutgoingMail(Guid Id, MimeMessage Message, MailboxAddress To);

/// <summary>Hands mails over.</summary>
public interface IMailer
{
    /// <summary>Never throws, and ends within <see cref="Worker.LongestClaim"/>; is not cancelled, since a mail that is half sent is uncertain.</summary>
    Task<Outcome> Send(OutgoingMail mail);
}
