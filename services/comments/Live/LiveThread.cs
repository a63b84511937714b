using Platform.ServiceDefaults;

namespace Platform.Comments.Live;

/// <summary>One article's streams on this replica, and what was told to them.</summary>
public sealed class LiveThread(Guid articleId, CommentStore comments, TimeProvider clock)
{
    private readonly System.Threading.Lock _gate = new();
    private readonly HashSet<LiveStream> _streams = [];
    private LiveWindow? _window;
    private Task? _begun;

    public Guid ArticleId => articleId;

    /// <summary>Something may have passed unheard; see <see cref="CatchUp"/>.</summary>
    public bool IsBehind { get; set; }

    /// <summary>Readers who are in it or on their way; the hub's to count.</summary>
    public int Readers { get; set; }

    /// <summary>Lets a stream in: from then on it is told everything.</summary>
    /// <returns>Where the thread stands.</returns>
    public async Task<LivePosition> Join(LiveStream stream)
    {
        Task begun;
        lock (_gate)
        {
            if (_begun is { IsFaulted: true } or { IsCanceled: true }) _begun = null;
            begun = _begun ??= Begin();
        }
        await begun;
        lock (_gate)
        {
            _streams.Add(stream);
            return _window!.Position;
        }
    }

    public void Leave(LiveStream stream)
    {
        lock (_gate) _streams.Remove(stream);
    }

    /// <summary>A comment has changed: its state as it is now goes to everybody, where readers may know of it and it is not told yet.</summary>
    public async Task Tell(Guid commentId, CancellationToken ct)
    {
        if (await comments.Find(commentId, ct) is { ToldAt: not null } comment && comment.ArticleId == articleId) await Tell(comment, await comments.IsSeen(comment, ct), ct);
    }

    /// <summary>Asks the store for what has changed since the last that was told, and tells that.</summary>
    public async Task CatchUp(CancellationToken ct)
    {
        IsBehind = false;
        DateTimeOffset after;
        lock (_gate)
        {
            if (_window is null) return;
            after = DateTimeOffset.FromUnixTimeMilliseconds(_window.Position.At) - LiveWindow.Span;
        }
        await foreach (var (comment, seen) in comments.Told(articleId, after, ct)) await Tell(comment, seen, ct);
    }

    public void Beat() => ForEach(s => s.Beat());

    public void End() => ForEach(s => s.End());

    /// <summary>What was told shortly before is not told again, and in the prints of positions it counts.</summary>
    private async Task Begin()
    {
        var now = clock.Now();
        var window = new LiveWindow(now);
        foreach (var (id, at, version) in await comments.ToldKeys(articleId, now - LiveWindow.Span, now + LiveWindow.Span, CancellationToken.None)) window.Add(id, at.ToUnixTimeMilliseconds(), version);
        lock (_gate) _window = window;
    }

    private async Task Tell(Comment comment, bool seen, CancellationToken ct)
    {
        var at = comment.ToldAt!.Value;
        // Who follows heard of everything until just now: what was published last is published, what has changed since then is edited.
        var kind = LiveEvent.Kind(comment, seen, at.AddMilliseconds(-1));
        var beneath = kind is not null && LiveEvent.TakesAlong(comment, kind) ? await comments.Beneath(comment.Id, LiveEvent.MostBeneath, ct) : [];
        lock (_gate)
        {
            if (_window is null) return;
            var before = _window.Position;
            if (!_window.Add(comment.Id, at.ToUnixTimeMilliseconds(), comment.Version) || kind is null) return;
            var live = LiveEvent.Of(comment, kind, beneath, before, _window.Position);
            foreach (var stream in _streams) stream.Tell(live);
        }
    }

    private void ForEach(Action<LiveStream> action)
    {
        lock (_gate)
            foreach (var stream in _streams) action(stream);
    }
}
