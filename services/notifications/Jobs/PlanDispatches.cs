using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>Plans what this process has started, and what another one has left behind; a few pages of each in turn, so that a small dispatch need not wait for a large one; breaking news first.</summary>
public sealed class PlanDispatches(Planner planner, DispatchStore dispatches, Deliverer deliverer, Worker worker, Signals signals, TimeProvider clock, LeaseStore leases, ILogger<PlanDispatches> logger)
    : RecurringJob(TimeSpan.FromSeconds(1), signals.Planning, null, leases, logger)
{
    protected override async Task Run(CancellationToken ct)
    {
        while (await dispatches.FindToPlan(worker.Id, clock.GetUtcNow(), ct) is { Count: > 0 } toPlan)
            foreach (var dispatch in toPlan.Any(d => d.Breaking == true) ? toPlan.Where(d => d.Breaking == true) : toPlan)
                if (await planner.PlanPages(dispatch with { Planner = worker.Id }, ct) is { Phase: DispatchPhase.Sending, Matched: 0 })
                    await deliverer.Finish(dispatch.Id, ct);
    }
}
