namespace Platform.Comments.Counting;

/// <summary>
/// Counts of one comment, shared. A count is of use to whoever wrote before it began, so that a crowd costs two counts at a time and not one each:
/// while one runs, all who come wait for the same next one.
/// </summary>
/// <param name="count">Counts and stores. Not under a request's cancellation: others wait for it too.</param>
public class Shared<T>(Func<Guid, Task<T>> count)
{
    private readonly System.Threading.Lock _gate = new();
    private readonly Dictionary<Guid, Turn> _latest = [];

    /// <returns>What a count says that began after this call; whatever was written before is in it.</returns>
    public Task<T> Count(Guid commentId)
    {
        lock (_gate)
        {
            if (_latest.TryGetValue(commentId, out var latest) && !latest.Begun) return latest.Result;
            var turn = new Turn();
            _latest[commentId] = turn;
            return turn.Result = Run(commentId, turn, latest?.Result);
        }
    }

    private async Task<T> Run(Guid commentId, Turn turn, Task? previous)
    {
        await Task.Yield();
        if (previous is not null) await Task.WhenAny(previous);   // whatever came of it
        lock (_gate) turn.Begun = true;
        try
        {
            return await count(commentId);
        }
        finally
        {
            lock (_gate)
                if (_latest.GetValueOrDefault(commentId) == turn) _latest.Remove(commentId);
        }
    }

    /// <summary>Guarded by the gate.</summary>
    private sealed class Turn
    {
        public bool Begun { get; set; }
        public Task<T> Result { get; set; } = null!;
    }
}

/// <summary>Counts who likes a comment.</summary>
public sealed class LikeCounter(CommentStore comments, LikeStore likes)
    : Shared<long>(id => comments.RecountLikes(id, () => likes.Count(id, CancellationToken.None), CancellationToken.None));

/// <summary>Counts what readers have reported of a comment since a moderator decided last; the comment as it is then, or null.</summary>
public sealed class ReportCounter(CommentStore comments, ReportStore reports)
    : Shared<Comment?>(id => comments.RecountReports(id, since => reports.Count(id, since, CancellationToken.None), CancellationToken.None));
