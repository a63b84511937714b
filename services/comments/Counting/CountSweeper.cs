using System.Diagnostics;
using Platform.ServiceDefaults;

namespace Platform.Comments.Counting;

/// <summary>
/// Counts the threads and likes that a crash has left marked, at start and every few seconds, and sees to it that their new comments are told. One replica at a time, under a lease.
/// </summary>
public sealed partial class CountSweeper(ThreadStore threads, CommentStore comments, LikeStore likes, LikeCounter likeCounter, LeaseStore leases, TimeProvider clock, ILogger<CountSweeper> logger) : BackgroundService
{
    /// <summary>Younger marks are the counter's.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(3);

    /// <summary>A mark stays so long although it has been counted: a write that began under it may still be on its way. No write takes longer.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(2);

    /// <summary>Whoever wrote under a mark that was first seen later may be telling it still.</summary>
    private static readonly TimeSpan Untold = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(15), ClockSkew = TimeSpan.FromMinutes(1);
    private const string LeaseName = "counts";
    private const int Batch = 100;

    /// <summary>Of each marked thread, by its id, as long as it is marked.</summary>
    private Dictionary<Guid, Marked> _marked = [];

    /// <summary>What one replica remembers of a marked thread.</summary>
    /// <param name="Marks">By their ids.</param>
    /// <param name="Told">The comments that were told again since it has been marked.</param>
    private sealed record Marked(IReadOnlyDictionary<Guid, Mark> Marks, HashSet<Guid> Told);

    /// <summary>A mark, seen first when this was made, by the replica's own time: clocks differ. What is new under it is told once it is dead, and again when it goes, for what was still being written.</summary>
    private sealed class Mark
    {
        private readonly long _seen = Stopwatch.GetTimestamp();

        public bool IsTold { get; set; }

        public bool IsDead => Stopwatch.GetElapsedTime(_seen) > Untold;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                if (await leases.TryHold(LeaseName, Lease, stoppingToken)) await Sweep(stoppingToken);
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
        var due = await threads.FindDue(now - Overdue, Batch, ct);
        _marked = due.ToDictionary(t => t.Id, t => Remember(t, _marked.GetValueOrDefault(t.Id)));
        foreach (var thread in due)
        {
            if (!await leases.TryHold(LeaseName, Lease, ct)) return;
            var (marks, told) = _marked[thread.Id];
            DueCount[] over = [.. thread.Due.Where(d => d.At < now - Settled && marks[d.Id].IsDead)];
            if (thread.Due.Where(d => over.Contains(d) || (marks[d.Id].IsDead && !marks[d.Id].IsTold)).ToArray() is { Length: > 0 } untold)
            {
                // The times of comments are those of the marks' own replica; they lie before the mark by as long as judging took, and no write takes longer than until it is settled.
                await comments.TellAgain(thread.Id, untold.Min(d => d.At) - ClockSkew, untold.Max(d => d.At) + Settled, told, ct);
                foreach (var mark in untold) marks[mark.Id].IsTold = true;
            }
            foreach (var parent in await comments.ParentsOfChanged(thread.Id, thread.Due.Min(d => d.At) - ClockSkew, ct)) await comments.RecountReplies(parent, ct);
            await threads.Recount(thread.Id, () => comments.CountSeen(thread.Id, ct), [.. over.Select(d => d.Id)], ct);
            Log.Counted(logger, thread.Id);
        }
        foreach (var rows in (await likes.FindDue(now - Overdue, Batch, ct)).GroupBy(r => r.CommentId))
        {
            await likeCounter.Count(rows.Key);
            foreach (var row in rows) await likes.Settle(row, ct);
        }
    }

    /// <summary>What was known of a thread, with its new marks and without those that have gone.</summary>
    private static Marked Remember(Thread thread, Marked? known) => new(thread.Due.Select(d => d.Id).Distinct().ToDictionary(m => m, m => known?.Marks.GetValueOrDefault(m) ?? new Mark()), known?.Told ?? []);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Thread {ArticleId} was marked; counted again")]
        public static partial void Counted(ILogger logger, Guid articleId);

        [LoggerMessage(LogLevel.Warning, "The sweep of counts failed; trying again in a few seconds")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
