using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>What a dead worker had claimed is uncertain: nobody knows whether the mail went out.</summary>
public sealed partial class SettleLost(LedgerStore ledger, WorkerStore workers, Deliverer deliverer, TimeProvider clock, LeaseStore leases, ILogger<SettleLost> logger)
    : RecurringJob(TimeSpan.FromSeconds(2), null, "settle-lost", leases, logger)
{
    private const int Batch = 1_000;

    protected override async Task Run(CancellationToken ct)
    {
        var now = clock.Now();
        var due = await ledger.FindDue(now, Batch, ct, DeliveryState.Sending);
        if (due.Count == 0) return;
        var alive = await workers.FindAlive(now, ct);
        var lost = due.Where(d => !alive.Contains(d.Worker!.Value) || d.ClaimedAt() < now - Worker.LongestClaim).ToList();
        await ledger.Leave(due.Except(lost).Select(d => d.Id), now + Worker.Check, ct);
        if (lost.Count == 0) return;
        await ledger.SettleAndClaim([.. lost.Select(d => new Settlement(d.Id, d.Claim!.Value, DeliveryState.Uncertain, "the worker died while sending"))], [], default, default, now, ct);
        Log.Lost(logger, lost.Count);
        foreach (var dispatch in lost.Select(d => d.DispatchId).Distinct()) await deliverer.Finish(dispatch, ct);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Count} deliveries are uncertain: their worker died while sending them")]
        public static partial void Lost(ILogger logger, int count);
    }
}
