using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>Tries again what a server refused for now, when it is due; and begins what no page message has reached.</summary>
public sealed class RetryDeliveries(LedgerStore ledger, DispatchStore dispatches, Deliverer deliverer, TimeProvider clock, LeaseStore leases, ILogger<RetryDeliveries> logger)
    : RecurringJob(TimeSpan.FromSeconds(1), null, "retry-deliveries", leases, logger)
{
    private const int Batch = 1_000;

    protected override async Task Run(CancellationToken ct)
    {
        List<Delivery> due;
        do
        {
            due = await ledger.FindDue(clock.GetUtcNow(), Batch, ct, DeliveryState.Waiting, DeliveryState.Planned);
            foreach (var rows in due.GroupBy(d => d.DispatchId))
            {
                if (await dispatches.Find(rows.Key, ct) is not { } dispatch) continue;
                await deliverer.Deliver(dispatch, [.. rows], ct);
                await deliverer.Finish(dispatch.Id, ct);
            }
        }
        while (due.Count == Batch && !ct.IsCancellationRequested);
    }
}
