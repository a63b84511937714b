using Platform.Notifications.Channels;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>Tries again what of one channel was refused for now, when it is due; and begins what no page message has reached.</summary>
/// <param name="channel">Null is e-mail.</param>
public abstract class RetryChannel(Channel? channel, string lease, LedgerStore ledger, DispatchStore dispatches, Deliverer deliverer, TimeProvider clock, LeaseStore leases, ILogger logger)
    : RecurringJob(TimeSpan.FromSeconds(1), null, lease, leases, logger)
{
    private const int Batch = 1_000;

    protected override async Task Run(CancellationToken ct)
    {
        List<Delivery> due;
        do
        {
            due = await ledger.FindDue(channel, clock.GetUtcNow(), Batch, ct, DeliveryState.Waiting, DeliveryState.Planned);
            var of = (await dispatches.Find(due.Select(d => d.DispatchId).Distinct(), ct)).ToDictionary(d => d.Id);
            foreach (var rows in due.GroupBy(d => d.DispatchId).Where(g => of.ContainsKey(g.Key)).OrderByDescending(g => of[g.Key].Breaking == true))
            {
                await deliverer.Deliver(of[rows.Key], [.. rows], ct);
                await deliverer.Finish(rows.Key, ct);
            }
        }
        while (due.Count == Batch && !ct.IsCancellationRequested);
    }
}

/// <summary>Tries mails again.</summary>
public sealed class RetryDeliveries(LedgerStore ledger, DispatchStore dispatches, Deliverer deliverer, TimeProvider clock, LeaseStore leases, ILogger<RetryDeliveries> logger)
    : RetryChannel(null, "retry-deliveries", ledger, dispatches, deliverer, clock, leases, logger);

/// <summary>Tries pushes again.</summary>
public sealed class RetryPushes(LedgerStore ledger, DispatchStore dispatches, Deliverer deliverer, TimeProvider clock, LeaseStore leases, ILogger<RetryPushes> logger)
    : RetryChannel(Channel.Push, "retry-pushes", ledger, dispatches, deliverer, clock, leases, logger);
