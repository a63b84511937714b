using Platform.ServiceDefaults;

namespace Platform.Accounts.Keys;

/// <summary>Looks every minute whether a key is due, and what keys other replicas made.</summary>
public sealed partial class KeyRotation(SigningKeys keys, TimeProvider clock, ILogger<KeyRotation> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await keys.Refresh(stoppingToken); }
            catch (Exception e) when (StoreFailure.IsTransient(e)) { Log.Later(logger, e); }   // the next key was made two days ahead
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The signing keys could not be looked after; trying again in a minute")]
        public static partial void Later(ILogger logger, Exception exception);
    }
}
