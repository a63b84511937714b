using Platform.ServiceDefaults;

namespace Platform.Notifications.Jobs;

/// <summary>Does something again and again until the process stops; a failure is logged and tried again at the next time.</summary>
/// <param name="lease">Names a job that one replica at a time does; null where all may.</param>
public abstract partial class RecurringJob(TimeSpan interval, Signal? signal, string? lease, LeaseStore leases, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private bool _storeAway;

    /// <summary>Once. Returns soon, or looks at the token.</summary>
    protected abstract Task Run(CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await (signal?.Wait(interval, stoppingToken) ?? Task.Delay(interval, stoppingToken));
                if (lease is null || await leases.TryHold(lease, Lease, stoppingToken)) await Run(stoppingToken);
                _storeAway = false;
            }
            catch (Exception e) when (StoreFailure.IsTransient(e) && !stoppingToken.IsCancellationRequested)
            {
                if (!_storeAway) Log.StoreAway(logger, GetType().Name);
                _storeAway = true;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e, GetType().Name);
            }
            catch (OperationCanceledException) { }
        }
        if (lease is not null) await Release(lease);
    }

    private async Task Release(string name)
    {
        using var brief = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try { await leases.Release(name, brief.Token); }
        catch (Exception e) when (e is OperationCanceledException || StoreFailure.IsTransient(e)) { }   // it runs out by itself
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Job} waits for the store, which is away")]
        public static partial void StoreAway(ILogger logger, string job);

        [LoggerMessage(LogLevel.Warning, "{Job} failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception, string job);
    }
}
