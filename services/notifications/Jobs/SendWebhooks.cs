using System.Collections.Concurrent;
using Platform.Notifications.Channels;
using Platform.Notifications.Webhooks;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>
/// Sends webhooks what is due. Each webhook has a lane of its own, which takes a few events at a time; so one that is slow or away holds up itself only.
/// Lanes of several replicas take from the same queue in competition.
/// </summary>
public sealed partial class SendWebhooks(WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookSender sender, Signals signals, TimeProvider clock, LeaseStore leases, ILogger<SendWebhooks> logger)
    : RecurringJob(TimeSpan.FromSeconds(1), signals.Webhooks, null, leases, logger)
{
    private const int AtOnce = 16, Looked = 500;

    /// <summary>Longer than a batch takes: what a process that died had taken is sent again after that.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<Guid, Task> _lanes = new();

    protected override async Task Run(CancellationToken ct)
    {
        foreach (var webhook in await deliveries.FindWaiting(clock.Now(), [.. _lanes.Keys], Looked, ct))
            _lanes.TryAdd(webhook, Task.Run(() => Lane(webhook, ct), CancellationToken.None));
    }

    /// <summary>What has been begun is ended, and known, before the process goes.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAny(Task.WhenAll(_lanes.Values), Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
    }

    private async Task Lane(Guid id, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested && await SendNext(id)) { }
        }
        catch (Exception e) { Log.Failed(logger, e, id); }   // what was taken is due again after the lease
        finally
        {
            _lanes.TryRemove(id, out _);
            signals.Webhooks.Raise();   // something may have come since the last look
        }
    }

    /// <returns>False where nothing is due.</returns>
    private async Task<bool> SendNext(Guid id)
    {
        var now = clock.Now();
        var batch = await deliveries.Claim(id, Guid.NewGuid(), now, now + Lease, AtOnce, CancellationToken.None);
        if (batch.Count == 0) return false;
        if (await webhooks.Find(id, CancellationToken.None) is not { DisabledAt: null } webhook)
        {
            await deliveries.Fail(id, "the webhook is gone", clock.Now(), CancellationToken.None);
            return false;
        }
        var outcomes = await Task.WhenAll(batch.Select(async delivery => (delivery, Outcome: await Send(webhook, delivery))));
        now = clock.Now();
        await deliveries.Settle([.. outcomes.Select(o => o.delivery.Settle(o.Outcome, now, Random.Shared.NextDouble()))], now, CancellationToken.None);
        if (outcomes.Any(o => o.Outcome.Kind == OutcomeKind.Gone) && await webhooks.Disable(id, now, CancellationToken.None)) Log.Disabled(logger, id);
        return true;
    }

    private async Task<Outcome> Send(Webhook webhook, WebhookDelivery delivery)
    {
        try { return await sender.Send(webhook, delivery); }
        catch (Exception e)
        {
            Log.Defect(logger, e, delivery.Id);
            return Outcome.Later("internal error");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Webhook {Webhook} answered 410 Gone and is disabled")]
        public static partial void Disabled(ILogger logger, Guid webhook);

        [LoggerMessage(LogLevel.Warning, "Webhook {Webhook}: its queue could not be read; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception, Guid webhook);

        [LoggerMessage(LogLevel.Error, "Webhook delivery {Delivery} could not be made")]
        public static partial void Defect(ILogger logger, Exception exception, Guid delivery);
    }
}
