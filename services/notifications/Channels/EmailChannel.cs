using Platform.Notifications.Mail;

namespace Platform.Notifications.Channels;

/// <summary>By e-mail; see <see cref="SmtpMailer"/> for its connections.</summary>
public sealed class EmailChannel(ArticleMails mails, DigestMails digests, IMailer mailer) : IChannel
{
    public Channel Kind => Channel.Email;

    public const int Wave = 8;

    public int AtOnce => Wave;

    public Task<Outcome> Send(Outgoing delivery) => mailer.Send(delivery.Digest is { } items
        ? digests.Make(items, delivery.Row, delivery.To)
        : mails.Make(delivery.Dispatch, delivery.Article, delivery.Row, delivery.To));
}
