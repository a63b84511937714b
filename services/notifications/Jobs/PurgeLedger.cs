using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>The ledger remembers its rows for a month; the dispatches and their counts stay.</summary>
public sealed class PurgeLedger(LedgerStore ledger, TimeProvider clock, LeaseStore leases, ILogger<PurgeLedger> logger) : RecurringJob(TimeSpan.FromHours(1), null, "purge-ledger", leases, logger)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);
    private const int Batch = 1_000;

    protected override async Task Run(CancellationToken ct)
    {
        while (await ledger.Purge(clock.GetUtcNow() - Kept, Batch, ct) == Batch) { }
    }
}
