using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>Closes dispatches whose last delivery was settled by nobody who looked after the whole.</summary>
public sealed class FinishDispatches(DispatchStore dispatches, Deliverer deliverer, LeaseStore leases, ILogger<FinishDispatches> logger)
    : RecurringJob(TimeSpan.FromSeconds(1), null, "finish-dispatches", leases, logger)
{
    protected override async Task Run(CancellationToken ct)
    {
        foreach (var dispatch in await dispatches.FindSending(ct)) await deliverer.Finish(dispatch.Id, ct);
    }
}
