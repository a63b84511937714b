using System.Collections.Concurrent;
using System.Threading.Channels;
using Platform.Notifications.Channels;
using Platform.Notifications.Outbound;
using Platform.Notifications.Webhooks;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>
/// Sends webhooks what is due, in fair turns (<see cref="WebhookTurns"/>): one that is slow or away holds up itself only. What is due is read, taken and settled many at a time, by one reader
/// and one writer, so that the store hears the same few calls whether one webhook is told or a thousand. Several replicas take from the same queue in competition.
/// </summary>
public sealed partial class SendWebhooks(WebhookStore webhooks, WebhookDeliveryStore deliveries, WebhookSender sender, Signals signals, TimeProvider clock, LeaseStore leases, ILogger<SendWebhooks> logger)
    : RecurringJob(TimeSpan.FromSeconds(1), signals.Webhooks, null, leases, logger)
{
    /// <summary>Read, taken or settled at a time.</summary>
    private const int Page = 256;

    /// <summary>What a process that died had taken is sent again after that.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>What was taken and not begun so long after is left to whoever comes to it: else two might send it at the same time.</summary>
    private static readonly TimeSpan Begun = Lease - OutboundHttp.Limit - TimeSpan.FromSeconds(15);

    /// <summary>How long the store is asked again for what was taken, and told again how it ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1), Pause = TimeSpan.FromMilliseconds(500);

    private readonly WebhookTurns _turns = new();
    private readonly ConcurrentDictionary<Guid, Task> _sending = new();
    private readonly Channel<(WebhookDelivery Delivery, Outcome? Outcome)> _over = System.Threading.Channels.Channel.CreateUnbounded<(WebhookDelivery, Outcome?)>();

    /// <summary>What has been begun is ended, and known, before the process goes.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var settling = Settle();
        try { await base.ExecuteAsync(stoppingToken); }
        finally
        {
            await Task.WhenAll(_sending.Values);
            _over.Writer.Complete();
            await settling;
        }
    }

    protected override async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested && await TakeSome(ct)) { }
    }

    /// <returns>False where nothing more can be taken now.</returns>
    private async Task<bool> TakeSome(CancellationToken ct)
    {
        var (now, at) = (clock.Now(), clock.GetTimestamp());   // from when on the lease counts
        var due = await deliveries.FindDue(now, Page, ct);
        var taken = _turns.Take(due);
        // Where a whole page is there for webhooks that have enough under way, others may stand behind them.
        if (due.Count == Page && taken.Count < Page / 4 && _turns.WithRoom(await webhooks.Ids(ct)) is { Count: > 0 } ready)
            taken = [.. taken, .. _turns.Take((await deliveries.FindDue(ready, now, Page, ct)).Except(taken))];
        if (taken.Count == 0) return false;
        var begun = new HashSet<Guid>();
        try
        {
            var claimed = await Claim([.. taken.Select(t => t.Delivery)], now);
            var known = (await Patiently(() => webhooks.Find(claimed.Select(c => c.WebhookId).Distinct(), CancellationToken.None))).Where(w => w.DisabledAt is null).ToDictionary(w => w.Id);
            foreach (var delivery in claimed.Where(c => known.ContainsKey(c.WebhookId)))
            {
                begun.Add(delivery.Id);
                var sending = Task.Run(() => Send(known[delivery.WebhookId], delivery, at), CancellationToken.None);
                _sending[delivery.Id] = sending;
                _ = sending.ContinueWith(_ => _sending.TryRemove(delivery.Id, out var _), TaskScheduler.Default);
            }
            foreach (var gone in claimed.Select(c => c.WebhookId).Where(w => !known.ContainsKey(w)).Distinct()) await deliveries.Fail(gone, "the webhook is gone", clock.Now(), CancellationToken.None);
        }
        finally { _turns.Leave(taken.Where(t => !begun.Contains(t.Delivery)).Select(t => t.Webhook)); }
        return true;
    }

    /// <summary>An answer that was lost does not say whether they were taken: so they are looked up.</summary>
    private async Task<List<WebhookDelivery>> Claim(IReadOnlyCollection<Guid> ids, DateTimeOffset now)
    {
        var claim = Guid.NewGuid();
        try { await deliveries.Claim(ids, claim, now, now + Lease, CancellationToken.None); }
        catch (Exception e) when (StoreFailure.IsTransient(e)) { Log.TriedAgain(logger, e); }
        return await Patiently(() => deliveries.FindClaimed(ids, claim, CancellationToken.None));
    }

    private async Task Send(Webhook webhook, WebhookDelivery delivery, long taken)
    {
        Outcome? outcome;
        try { outcome = await _turns.Send(webhook.Id, async () => clock.GetElapsedTime(taken) < Begun ? await sender.Send(webhook, delivery) : null); }
        catch (Exception e)
        {
            Log.Defect(logger, e, delivery.Id);
            outcome = Outcome.Later("internal error");
        }
        _over.Writer.TryWrite((delivery, outcome));
    }

    /// <summary>Writes down how attempts ended, all that have ended meanwhile at a time.</summary>
    private async Task Settle()
    {
        while (await _over.Reader.WaitToReadAsync())
        {
            var over = new List<(WebhookDelivery Delivery, Outcome? Outcome)>();
            while (over.Count < Page && _over.Reader.TryRead(out var one)) over.Add(one);
            try
            {
                var now = clock.Now();
                WebhookSettlement[] ends = [.. over.Where(o => o.Outcome is not null).Select(o => o.Delivery.Settle(o.Outcome!, now, Random.Shared.NextDouble()))];
                await Patiently(async () => { await deliveries.Settle(ends, now, CancellationToken.None); return true; });
                foreach (var gone in over.Where(o => o.Outcome?.Kind == OutcomeKind.Gone).Select(o => o.Delivery.WebhookId).Distinct())
                    if (await webhooks.Disable(gone, now, CancellationToken.None)) Log.Disabled(logger, gone);
            }
            catch (Exception e) { Log.NotSettled(logger, e, over.Count); }
            _turns.Leave(over.Select(o => o.Delivery.WebhookId));
            signals.Webhooks.Raise();
        }
    }

    private async Task<T> Patiently<T>(Func<Task<T>> work)
    {
        for (var begun = clock.GetTimestamp(); ;)
        {
            try { return await work(); }
            catch (Exception e) when (StoreFailure.IsTransient(e) && clock.GetElapsedTime(begun) < Patience)
            {
                Log.TriedAgain(logger, e);
                await Task.Delay(Pause, clock);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Webhook {Webhook} answered 410 Gone and is disabled")]
        public static partial void Disabled(ILogger logger, Guid webhook);

        [LoggerMessage(LogLevel.Warning, "The queue of webhooks does not answer; trying again")]
        public static partial void TriedAgain(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "How {Count} webhooks went could not be written down; they are sent again")]
        public static partial void NotSettled(ILogger logger, Exception exception, int count);

        [LoggerMessage(LogLevel.Error, "Webhook delivery {Delivery} could not be made")]
        public static partial void Defect(ILogger logger, Exception exception, Guid delivery);
    }
}
