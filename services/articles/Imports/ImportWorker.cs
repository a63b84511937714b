using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>A file has come: this replica's worker need not wait for its next look.</summary>
public sealed class ImportSignal : Signal;

/// <summary>
/// Works on imports, one after the other, one replica at a time under a lease. All it knows is in the store: whoever has the lease goes on where the last one stopped,
/// and does at most a batch of items again, which changes nothing.
/// </summary>
public sealed partial class ImportWorker(ImportStore imports, ImportFileStore files, ImportRun run, ImportSignal signal, LeaseStore leases, TimeProvider clock, ILogger<ImportWorker> logger) : BackgroundService
{
    private const string LeaseName = "imports";
    private const int MaxAttempts = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), Lease = TimeSpan.FromSeconds(15), Renewal = TimeSpan.FromSeconds(4), Abandoned = TimeSpan.FromHours(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.Wait(Interval, stoppingToken);
                if ((await imports.WithFile(stoppingToken)).Exists(Concerns) && await leases.TryHold(LeaseName, Lease, stoppingToken)) await UnderLease(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Interrupted(logger, e);
            }
            catch (OperationCanceledException) { }
        }
    }

    private bool Concerns(Import import) => import.Phase != ImportPhase.Receiving || IsAbandoned(import);

    private bool IsAbandoned(Import import) => import.Phase == ImportPhase.Receiving && clock.GetUtcNow() - import.StartedAt > Abandoned;

    private async Task UnderLease(CancellationToken ct)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var renewing = Renew(lost);
        try
        {
            while ((await imports.WithFile(lost.Token)).Find(Concerns) is { } import)
            {
                if (IsAbandoned(import)) { await files.Delete(import.Id, lost.Token); await imports.Delete(import.Id, lost.Token); }
                else if (import.IsOver) await Tidy(import, lost.Token);
                else await Work(import, lost.Token);
            }
        }
        finally
        {
            await lost.CancelAsync();
            await renewing;
            try { await leases.Release(LeaseName, CancellationToken.None); }
            catch (Exception e) when (StoreFailure.IsTransient(e)) { }   // it runs out by itself
        }
    }

    private async Task Work(Import import, CancellationToken ct)
    {
        if (import.Attempts >= MaxAttempts)
        {
            await imports.Save(import.End(ImportPhase.Failed, clock.Now(), "Something failed again and again; the service's log says what."), [], ct);
            return;
        }
        import = await imports.Save(import.Next with { Attempts = import.Attempts + 1 }, [], ct);
        Log.Working(logger, import.Id, import.Phase, import.Position.Item);
        var over = await run.Work(import, ct);
        Log.Over(logger, over.Id, over.Phase, over.Created, over.Updated, over.Skipped, over.Failed);
        await Tidy(over, ct);
    }

    private async Task Tidy(Import import, CancellationToken ct)
    {
        await files.Delete(import.Id, ct);
        await imports.Save(import.Next with { HasFile = false }, [], ct);
    }

    /// <summary>Renews the lease while the work goes on; where it cannot, the work stops.</summary>
    private async Task Renew(CancellationTokenSource lost)
    {
        using var timer = new PeriodicTimer(Renewal);
        try
        {
            for (var failures = 0; await timer.WaitForNextTickAsync(lost.Token);)
            {
                try
                {
                    if (!await leases.TryHold(LeaseName, Lease, lost.Token)) break;
                    failures = 0;
                }
                catch (Exception e) when (StoreFailure.IsTransient(e) && ++failures < 3) { }
            }
        }
        catch (Exception e)
        {
            if (e is not OperationCanceledException) Log.Interrupted(logger, e);
        }
        await lost.CancelAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Import {Import}: goes on in phase {Phase} at item {Item}")]
        public static partial void Working(ILogger logger, Guid import, ImportPhase phase, long item);

        [LoggerMessage(LogLevel.Information, "Import {Import}: {Phase}; {Created} created, {Updated} updated, {Skipped} skipped, {Failed} failed")]
        public static partial void Over(ILogger logger, Guid import, ImportPhase phase, long created, long updated, long skipped, long failed);

        [LoggerMessage(LogLevel.Warning, "Importing was interrupted; it goes on in a moment")]
        public static partial void Interrupted(ILogger logger, Exception exception);
    }
}
