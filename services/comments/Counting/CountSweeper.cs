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
    private const int Batch = 100;

    /// <summary>When each mark was seen first, by this replica's own time: clocks differ. What is new under a mark is told once it is dead, and again when it goes, for what was still being written.</summary>
    private readonly Dictionary<Guid, long> _seen = [];
    private readonly HashSet<Guid> _toldUnder = [];

    /// <summary>By thread: the comments that were told again since it has been marked.</summary>
    private readonly Dictionary<Guid, HashSet<Guid>> _told = [];

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
        var due = await threads.FindDue(now - Overdue, Batch, ct);
        Remember(due);
        foreach (var thread in due)
        {
            if (!await leases.TryHold("counts", Lease, ct)) return;
            DueCount[] over = [.. thread.Due.Where(d => d.At < now - Settled && IsDead(d))];
            if (thread.Due.Where(d => over.Contains(d) || (IsDead(d) && !_toldUnder.Contains(d.Id))).ToArray() is { Length: > 0 } untold)
            {
                // The times of comments are those of the marks' own replica; they lie before the mark by as long as judging took, and no write takes longer than until it is settled.
                await comments.TellAgain(thread.Id, untold.Min(d => d.At) - ClockSkew, untold.Max(d => d.At) + Settled, _told[thread.Id], ct);
                _toldUnder.UnionWith(untold.Select(d => d.Id));
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

    /// <summary>Of marks that have gone, and threads that have none, nothing is kept.</summary>
    private void Remember(IReadOnlyList<Thread> due)
    {
        var marks = due.SelectMany(t => t.Due.Select(d => d.Id)).ToHashSet();
        foreach (var gone in _seen.Keys.Where(m => !marks.Contains(m)).ToList()) _seen.Remove(gone);
        foreach (var mark in marks) _seen.TryAdd(mark, Stopwatch.GetTimestamp());
        _toldUnder.IntersectWith(marks);
        var threadIds = due.Select(t => t.Id).ToHashSet();
        foreach (var gone in _told.Keys.Where(t => !threadIds.Contains(t)).ToList()) _told.Remove(gone);
        foreach (var thread in threadIds) _told.TryAdd(thread, []);
    }

    private bool IsDead(DueCount mark) => Stopwatch.GetElapsedTime(_seen[mark.Id]) > Untold;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Thread {ArticleId} was marked; counted again")]
        public static partial void Counted(ILogger logger, Guid articleId);

        [LoggerMessage(LogLevel.Warning, "The sweep of counts failed; trying again in a few seconds")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
