using Platform.ServiceDefaults;

namespace Platform.Comments.Counting;

/// <summary>Counts the threads and likes that a crash has left marked, at start and every few seconds. One replica at a time, under a lease.</summary>
public sealed partial class CountSweeper(ThreadStore threads, CommentStore comments, LikeStore likes, LikeCounter likeCounter, LeaseStore leases, TimeProvider clock, ILogger<CountSweeper> logger) : BackgroundService
{
    /// <summary>Younger marks are the counter's.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(3);

    /// <summary>A mark stays so long although it has been counted: a write that began under it may still be on its way. No write takes longer.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(15), ClockSkew = TimeSpan.FromMinutes(1);
    private const int Batch = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                if (await leases.TryHold("counts", Lease, stoppingToken)) await Sweep(stoppingToken);
            }
            catch (Exception e)
            {
                if (stoppingToken.IsCancellationRequested) return;
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Sweep(CancellationToken ct)
    {
        var now = clock.Now();
        foreach (var thread in await threads.FindDue(now - Overdue, Batch, ct))
        {
            foreach (var parent in await comments.ParentsOfChanged(thread.Id, thread.Due.Min(d => d.At) - ClockSkew, ct)) await comments.RecountReplies(parent, ct);
            await threads.Recount(thread.Id, () => comments.CountSeen(thread.Id, ct), [.. thread.Due.Where(d => d.At < now - Settled).Select(d => d.Id)], ct);
            Log.Counted(logger, thread.Id);
        }
        foreach (var rows in (await likes.FindDue(now - Overdue, Batch, ct)).GroupBy(r => r.CommentId))
        {
            await likeCounter.Count(rows.Key);
            foreach (var row in rows) await likes.Settle(row, ct);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Thread {ArticleId} was marked; counted again")]
        public static partial void Counted(ILogger logger, Guid articleId);

        [LoggerMessage(LogLevel.Warning, "The sweep of counts failed; trying again in a few seconds")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
