using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>Plans the digests whose hour has come; all replicas send them.</summary>
public sealed class PlanDigests(DigestPlanner planner, LeaseStore leases, ILogger<PlanDigests> logger) : RecurringJob(TimeSpan.FromSeconds(1), null, "plan-digests", leases, logger)
{
    protected override async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested && await planner.PlanPage(ct)) { }
    }
}
