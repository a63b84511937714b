using Platform.ServiceDefaults;

namespace Platform.Comments;

/// <summary>Forgets where comments came from when their time is over. One replica at a time, under a lease.</summary>
public sealed partial class OriginSweeper(CommentStore comments, LeaseStore leases, TimeProvider clock, ILogger<OriginSweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10), Lease = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                if (await leases.TryHold("origins", Lease, stoppingToken)) await comments.ForgetOrigins(clock.Now(), stoppingToken);
            }
            catch (Exception e)
            {
                if (stoppingToken.IsCancellationRequested) return;
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Where old comments came from could not be forgotten now; trying again in some minutes")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
