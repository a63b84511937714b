using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>Says that this process lives, so that nobody takes its deliveries for lost.</summary>
public sealed class KeepAlive(WorkerStore workers, Worker worker, TimeProvider clock, LeaseStore leases, ILogger<KeepAlive> logger) : RecurringJob(TimeSpan.FromSeconds(4), null, null, leases, logger)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    protected override async Task Run(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await workers.KeepAlive(worker.Id, now + Worker.Silence, ct);
        await workers.Forget(now - Remembered, ct);
    }
}
