using Platform.Notifications.Channels;
using Platform.Notifications.Mail;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>Sends confirmation mails: at least once each, and again after a temporary refusal, for as long as their link works.</summary>
public sealed partial class SendConfirmations(SubscriptionStore subscriptions, SuppressionStore suppressions, ConfirmationMails mails, IMailer mailer, Signals signals, TimeProvider clock, LeaseStore leases, ILogger<SendConfirmations> logger)
    : RecurringJob(TimeSpan.FromSeconds(1), signals.Confirmations, null, leases, logger)
{
    /// <summary>A process that dies while sending: another one sends it again after so long.</summary>
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
        if (await subscriptions.TakeConfirmation(clock.Now(), Lease, ct) is not { Confirmation: { } confirmation } subscription) return false;
        // Who complained is not asked again; and what asks sees no difference.
        var outcome = await suppressions.Has(subscription.AddressKey, ct) ? Outcome.Suppressed("the address is suppressed") : await mailer.Send(mails.Make(subscription));
        var now = clock.Now();
        // An uncertain one too: without this mail the reader cannot go on, and a repeat has the same Message-ID and link.
        var due = outcome.Kind is OutcomeKind.Later or OutcomeKind.Unreachable or OutcomeKind.Uncertain ? Delivery.Retry(confirmation.Attempts, confirmation.RequestedAt, now) : null;
        if (outcome.Kind != OutcomeKind.Accepted) Log.NotSent(logger, confirmation.Id, outcome.Kind, due);
        await subscriptions.SettleConfirmation(subscription.Id, confirmation.Id, due, CancellationToken.None);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Confirmation mail {Mail}: {Outcome}; next try: {Due}")]
        public static partial void NotSent(ILogger logger, Guid mail, OutcomeKind outcome, DateTimeOffset? due);
    }
}
