using Platform.ServiceDefaults;

namespace Platform.Articles.Media;

/// <summary>Deletes the files of uploads that were killed, once an hour has passed in which they might have ended. One replica at a time; twice does no harm.</summary>
public sealed partial class SweepUploads(MediaLibrary library, LeaseStore leases, TimeProvider clock, ILogger<SweepUploads> logger) : BackgroundService
{
    public static readonly TimeSpan Age = TimeSpan.FromHours(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10), Lease = TimeSpan.FromMinutes(5);
    private const int Batch = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                UploadFile.Sweep(clock.GetUtcNow() - Age);
                while (await leases.TryHold("media-uploads", Lease, stoppingToken) && await library.Sweep(clock.GetUtcNow() - Age, Batch, stoppingToken) is > 0 and var swept)
                {
                    Log.Swept(logger, swept);
                    if (swept < Batch) break;
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Ended {Count} uploads of pictures that were killed")]
        public static partial void Swept(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "The sweep of uploads failed; trying again in ten minutes")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
