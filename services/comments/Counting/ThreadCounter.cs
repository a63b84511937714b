using System.Collections.Concurrent;
using Platform.ServiceDefaults;

namespace Platform.Comments.Counting;

/// <summary>
/// Writes comments, and keeps counts exact. Where a write changes what readers see, first the thread is marked as due, then the comment is written,
/// then the thread is counted and the mark taken away. Killed anywhere, the mark is still there, and the <see cref="CountSweeper"/> counts.
/// A write that has begun is not cancelled: its outcome must be known.
/// The mark stands for the news of a new comment too: it is published straight away, and not from an outbox in the comment, which would have to be taken out by a second write to the
/// document with the most indexes of all. Where it was not published, the mark stays, and the <see cref="CountSweeper"/> puts it into the outbox.
/// Changes of one thread at about the same time share one mark and one count, and threads that are marked or counted at about the same time share the commands for it.
/// </summary>
public sealed partial class ThreadCounter(ThreadStore threads, CommentStore comments, OutboxPublisher publisher, TimeProvider clock, ILogger<ThreadCounter> logger) : IHostedService
{
    /// <summary>Changes gather for so long; where a count of the thread has just ended, for longer. A reader who asks here ends it.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(250), GatherAgain = TimeSpan.FromMilliseconds(900);

    /// <summary>Counts begin on the same beat, so that those of many threads are done together, by as many commands as one.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    /// <summary>A reader waits so long for a count that is under way.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    /// <summary>News are waited for so long before the count, and are left to the sweeper then. The broker has half of it: so that a slow one leaves time for the outbox.</summary>
    private static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(2);

    private readonly System.Threading.Lock _gate = new();
    private readonly Dictionary<Guid, Batch> _latest = [];
    private readonly Together<Batch> _counts = new(most: 50, lanes: 1, batches => Count(threads, comments, batches));

    /// <inheritdoc cref="CommentStore.Insert"/>
    public Task<Comment> Insert(Comment comment)
    {
        if (!comment.IsPublished) return comments.Insert(comment, CancellationToken.None);
        // While the broker is away marks would pile up.
        var untold = Comment.MayBeToldAtOnce(comment) && publisher.BrokerAnswers;
        return Around(comment, () => comments.Insert(comment, CancellationToken.None, untold), untold ? Tell : null);
    }

    /// <summary>Inserts an article's imported comments, and counts. Replies may have come before what they answer.</summary>
    public async Task InsertImported(Guid articleId, IReadOnlyList<Comment> imported)
    {
        var batch = Join(articleId, imported.Where(c => c.Under != articleId).Select(c => c.Under));
        var certain = false;
        try
        {
            await batch.Marked;
            await comments.InsertImported(imported, CancellationToken.None);
            var answered = await comments.WithReplies([.. imported.Select(c => c.Id)], CancellationToken.None);
            lock (_gate) batch.Parents.UnionWith(answered);
            certain = true;
        }
        finally
        {
            Leave(batch, certain);
        }
        await batch.Counted;
    }

    /// <summary>Counts a thread whose comments may have come before it was known.</summary>
    public Task Count(Guid articleId) => threads.Recount(articleId, () => comments.CountSeen(articleId, CancellationToken.None), [], CancellationToken.None);

    /// <inheritdoc cref="CommentStore.Save"/>
    public Task<bool> Save(Comment before, Comment after, params IReadOnlyList<object> also) => before.IsPublished == after.IsPublished
        ? comments.Save(before, after, CancellationToken.None, also) : Around(after, () => comments.Save(before, after, CancellationToken.None, also));

    /// <summary>Waits for a count that is under way here, so that who has just commented finds himself counted; it gathers no longer.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> Settle(Guid articleId)
    {
        Batch? batch;
        lock (_gate) batch = _latest.GetValueOrDefault(articleId);
        if (batch is null) return false;
        batch.Hurry.TrySetResult();
        try { await batch.Counted.WaitAsync(Patience); }
        catch (TimeoutException) { }   // a count that is a moment old will do
        return true;
    }

    private async Task<bool> Tell(Comment comment)
    {
        try
        {
            // Where the request ran a second time, it is another one by now, and whoever has changed it has told that.
            if (!comment.IsPublished) return true;
            if (!await publisher.Publish(Comment.Events(null, comment), ToldWithin / 2, CancellationToken.None)) await comments.TellLater(comment, CancellationToken.None);
            return true;
        }
        catch (Exception e)
        {
            Log.Untold(logger, e, comment.Id);
            return false;
        }
    }

    /// <param name="tell">Tells what was written, off the request's path; false where it is not certain that it is told, or will be.</param>
    private async Task<T> Around<T>(Comment comment, Func<Task<T>> write, Func<T, Task<bool>>? tell = null)
    {
        var batch = Join(comment.ArticleId, comment.Under != comment.ArticleId ? [comment.Under] : []);
        var certain = false;
        try
        {
            await batch.Marked;
            var result = await write();
            certain = true;
            if (tell is not null)
                lock (_gate) batch.Told.Add(Task.Run(() => tell(result)));
            return result;
        }
        catch (Problem)
        {
            certain = true;   // refused: nothing was written
            throw;
        }
        finally
        {
            Leave(batch, certain);
        }
    }

    private Batch Join(Guid articleId, IEnumerable<Guid> parents)
    {
        lock (_gate)
        {
            if (!_latest.TryGetValue(articleId, out var batch) || batch.Closed)
            {
                var mark = new DueCount(Guid.CreateVersion7(), clock.Now());
                // Not the request's cancellation: others join the batch.
                _latest[articleId] = batch = new Batch(articleId, mark.Id, batch) { Marked = threads.MarkDue(articleId, mark) };
                batch.Counted = Task.Run(() => Run(batch));
            }
            batch.Writers++;
            batch.Parents.UnionWith(parents);
            return batch;
        }
    }

    private void Leave(Batch batch, bool certain)
    {
        lock (_gate)
        {
            batch.Certain &= certain;
            if (--batch.Writers == 0 && batch.Closed) batch.Idle.TrySetResult();
        }
    }

    private async Task Run(Batch batch)
    {
        var pause = Gather;
        if (batch.Previous is { } previous)
        {
            await previous.Counted;
            pause = GatherAgain;
            batch.Previous = null;
        }
        await Task.WhenAny(Task.Delay(ToBeat(pause)), batch.Hurry.Task);
        lock (_gate)
        {
            batch.Closed = true;
            if (batch.Writers == 0) batch.Idle.TrySetResult();
        }
        await batch.Idle.Task;
        try
        {
            var told = await Task.WhenAll(batch.Told).WaitAsync(ToldWithin);
            batch.Certain &= Array.TrueForAll(told, t => t);
        }
        catch (TimeoutException) { batch.Certain = false; }
        try { await _counts.Add(batch); }
        catch (Exception e) { Log.Left(logger, e, batch.ArticleId); }
        lock (_gate)
            if (_latest.GetValueOrDefault(batch.ArticleId) == batch) _latest.Remove(batch.ArticleId);
    }

    private static async Task<IReadOnlyDictionary<int, Exception>?> Count(ThreadStore threads, CommentStore comments, IReadOnlyList<Batch> batches)
    {
        var failed = new ConcurrentDictionary<int, Exception>();
        await Parallel.ForEachAsync(batches.Index().SelectMany(b => b.Item.Parents.Select(parent => (b.Index, Parent: parent))), async (one, _) =>
        {
            try { await comments.RecountReplies(one.Parent, CancellationToken.None); }
            catch (Exception e) { failed.TryAdd(one.Index, e); }
        });
        // Where a write failed without saying whether it happened, it may still, and what was not told must be: the mark stays for the sweeper.
        await threads.Recount(batches.Index().ToDictionary(b => b.Item.ArticleId, b => (IReadOnlyCollection<Guid>)(b.Item.Certain && !failed.ContainsKey(b.Index) ? [b.Item.Mark] : [])),
            ids => comments.CountSeen(ids, CancellationToken.None), CancellationToken.None);
        return failed;
    }

    private static TimeSpan ToBeat(TimeSpan pause)
    {
        var beat = (long)Beat.TotalMilliseconds;
        var now = Environment.TickCount64;
        return TimeSpan.FromMilliseconds(((now + (long)pause.TotalMilliseconds + beat - 1) / beat * beat) - now);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Counts what is due here before the process ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (_gate) running = [.. _latest.Values.Select(b => { b.Hurry.TrySetResult(); return b.Counted; })];
        try { await Task.WhenAll(running).WaitAsync(cancellationToken); }
        catch (OperationCanceledException) { }   // the marks are there
    }

    /// <summary>Changes of one thread that share a mark and a count. Guarded by the gate.</summary>
    private sealed class Batch(Guid articleId, Guid mark, Batch? previous)
    {
        public Guid ArticleId => articleId;
        public Guid Mark => mark;
        public required Task Marked { get; init; }
        public Task Counted { get; set; } = Task.CompletedTask;
        public Batch? Previous { get; set; } = previous;
        public HashSet<Guid> Parents { get; } = [];
        public List<Task<bool>> Told { get; } = [];
        public int Writers { get; set; }
        public bool Closed { get; set; }
        public bool Certain { get; set; } = true;
        public TaskCompletionSource Idle { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Hurry { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "That {CommentId} is published could not be told now; the sweeper sees to it")]
        public static partial void Untold(ILogger logger, Exception exception, Guid commentId);

        [LoggerMessage(LogLevel.Warning, "Thread {ArticleId} could not be counted now; the sweeper will")]
        public static partial void Left(ILogger logger, Exception exception, Guid articleId);
    }
}
