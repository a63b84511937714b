using Platform.Notifications.Mail;

namespace Platform.Notifications.Channels;

/// <summary>By e-mail, breaking news over connections of its own; see <see cref="SmtpMailer"/> for its connections.</summary>
public sealed class EmailChannel(ArticleMails mails, DigestMails digests, IMailer mailer, [FromKeyedServices(Lanes.Breaking)] IMailer breaking) : IChannel
{
    public Channel Kind => Channel.Email;

    public const int Wave = 8;

    public int AtOnce => Wave;

    public Task<Outcome> Send(Outgoing delivery) => (delivery.Dispatch.Breaking == true ? breaking : mailer).Send(delivery.Digest is { } items
        ? digests.Make(items, delivery.Row, delivery.To)
        : mails.Make(delivery.Dispatch, delivery.Article, delivery.Row, delivery.To));
}
