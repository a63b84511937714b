using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>The collections of a service whose documents have outboxes.</summary>
public sealed record OutboxCollections(IReadOnlyList<string> Names);

/// <summary>Finds events that a crash or an absent broker left behind, and publishes them. One replica at a time, under a lease.</summary>
public sealed partial class OutboxSweeper(OutboxCollections collections, OutboxStore store, OutboxPublisher publisher, LeaseStore leases, TimeProvider clock, ILogger<OutboxSweeper> logger) : BackgroundService
{
    /// <summary>Younger events are the relay's.</summary>
    public static readonly TimeSpan Overdue = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), Lease = TimeSpan.FromSeconds(15);
    private const int Batch = 500;
    private const string LeaseName = "outbox";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (publisher.BrokerAnswers && await leases.TryHold(LeaseName, Lease, stoppingToken))
                        foreach (var collection in collections.Names) await Sweep(collection, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    Log.Failed(logger, e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            using var brief = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try { await leases.Release(LeaseName, brief.Token); }
            catch (Exception e) when (e is OperationCanceledException || StoreFailure.IsTransient(e)) { }   // it runs out by itself
        }
    }

    private async Task Sweep(string collection, CancellationToken ct)
    {
        while (true)
        {
            var found = await store.ReadOverdue(collection, clock.GetUtcNow() - Overdue, Batch, ct);
            if (found.Count == 0) return;
            Log.Found(logger, found.Count, collection);
            // A partial failure waits for the next tick: the broker may have gone again.
            if (!await publisher.Publish(collection, found, ct) || !await leases.TryHold(LeaseName, Lease, ct)) return;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Found {Count} documents in {Collection} with unpublished events")]
        public static partial void Found(ILogger logger, int count, string collection);

        [LoggerMessage(LogLevel.Warning, "The sweep failed; trying again in a second")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
