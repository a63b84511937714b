using Platform.Notifications.Channels;
using Platform.Notifications.Jobs;
using Platform.Notifications.Mail;
using Platform.ServiceDefaults;

namespace Platform.Notifications.CommentMails;

/// <summary>Sends mails to those who comment, and again after a temporary refusal, for a day. Addresses that are suppressed get none.</summary>
public sealed partial class SendCommentMails(CommentMailStore mails, SuppressionStore suppressions, CommentMailComposer composer, GuestSeal seal, IMailer mailer, Signals signals, TimeProvider clock, LeaseStore leases, ILogger<SendCommentMails> logger)
    : RecurringJob(TimeSpan.FromSeconds(1), signals.CommentMails, null, leases, logger)
{
    /// <summary>A process that dies while sending: another one finds it after so long.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private const int AtOnce = 4;

    /// <summary>One looks; only where there is something, others help.</summary>
    protected override async Task Run(CancellationToken ct)
    {
        if (await SendNext(ct)) await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ => { while (!ct.IsCancellationRequested && await SendNext(ct)) { } }));
    }

    /// <returns>False where none is due.</returns>
    private async Task<bool> SendNext(CancellationToken ct)
    {
        if (await mails.Take(clock.Now(), Lease, ct) is not { } mail) return false;
        // Killed in the middle of sending it: it may have gone. Replies are not told twice; a proof is sent again, see below.
        var outcome = mail is { Sending: not null, Lines: not null } ? Outcome.Uncertain("it was being sent when the process ended") : await Send(mail, ct);
        // An uncertain proof is repeated, since the guest cannot go on without it; its Message-ID and link are the same. Uncertain replies are not.
        var again = outcome.Kind is OutcomeKind.Later or OutcomeKind.Unreachable || (outcome.Kind is OutcomeKind.Uncertain && mail.Lines is null);
        var due = again ? Delivery.Retry(mail.Attempts, mail.RequestedAt, clock.Now()) : null;
        if (outcome.Kind != OutcomeKind.Accepted) Log.NotSent(logger, mail.Id, outcome.Kind, due);
        await mails.Settle(mail, due, CancellationToken.None);
        return true;
    }

    private async Task<Outcome> Send(CommentMail mail, CancellationToken ct)
    {
        if (mail.Address is null || mail.Link is null || seal.Open(mail.Address) is not { } address || seal.Open(mail.Link) is not { } link) return Outcome.Refused("it was sealed under another key");
        if (EmailAddress.TryParse(address) is not { } parsed) return Outcome.Refused("no mail can go there");
        return await suppressions.Has(parsed.Key, ct) ? Outcome.Suppressed("the address is suppressed") : await mailer.Send(composer.Make(mail, address, link));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Mail to a commenter {Mail}: {Outcome}; next try: {Due}")]
        public static partial void NotSent(ILogger logger, Guid mail, OutcomeKind outcome, DateTimeOffset? due);
    }
}
