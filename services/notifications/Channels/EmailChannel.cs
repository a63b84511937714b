using Platform.Notifications.Mail;

namespace Platform.Notifications.Channels;

/// <summary>By e-mail, breaking news over connections of its own; see <see cref="SmtpMailer"/> for its connections.</summary>
public sealed class EmailChannel(ArticleMails mails, DigestMails digests, IMailer mailer, [FromKeyedServices(Lanes.Breaking)] IMailer breaking, MailPace pace) : IChannel
{
    public Channel Kind => Channel.Email;

    public const int Wave = 8;

    public int AtOnce => Wave;

    public async Task<Outcome> Send(Outgoing delivery)
    {
        var (notBefore, slot) = await pace.Enter(delivery.To.AddressKey);
        if (notBefore is { } later) return Outcome.Quiet(later);
        using (slot) return await (delivery.Dispatch.Breaking == true ? breaking : mailer).Send(Make(delivery));
    }

    private OutgoingMail Make(Outgoing delivery) => delivery.Digest is { } items
        ? digests.Make(items, delivery.Row, delivery.To)
        : mails.Make(delivery.Dispatch, delivery.Article, delivery.Row, delivery.To);
}
