using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.Comments.Live;

/// <summary>COMMENTS_MAX_STREAMS: how many readers one replica lets follow at the same time; 20,000 where it is not set.</summary>
public sealed class LiveSettings(IConfiguration configuration)
{
    public int MaxStreams { get; } = configuration["COMMENTS_MAX_STREAMS"] is not { Length: > 0 } text ? 20_000
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new SettingException("COMMENTS_MAX_STREAMS must be a whole number of streams.");
}

/// <summary>All streams of this replica, by article. Keeps them alive, lets threads catch up that may have missed something, and ends them when the process does.</summary>
public sealed partial class LiveHub(CommentStore comments, ThreadStore threads, LiveSettings settings, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<LiveHub> logger) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>In ticks.</summary>
    private const int Beats = 15, Looks = 3;

    private readonly System.Threading.Lock _gate = new();
    private readonly Dictionary<Guid, LiveThread> _threads = [];
    private int _streams;

    /// <summary>The thread of an article, for one reader who must <see cref="Leave"/> it.</summary>
    /// <exception cref="Problem">503: as many follow already as this replica can bear.</exception>
    public LiveThread Enter(Guid articleId)
    {
        lock (_gate)
        {
            if (_streams >= settings.MaxStreams || lifetime.ApplicationStopping.IsCancellationRequested) throw Problem.Unavailable("live.full", "Too many follow at the moment; try again shortly.");
            _streams++;
            if (!_threads.TryGetValue(articleId, out var thread)) _threads[articleId] = thread = new LiveThread(articleId, comments, clock);
            thread.Readers++;
            return thread;
        }
    }

    public void Leave(LiveThread thread)
    {
        lock (_gate)
        {
            _streams--;
            if (--thread.Readers == 0 && _threads.GetValueOrDefault(thread.ArticleId) == thread) _threads.Remove(thread.ArticleId);
        }
    }

    /// <summary>The thread where anybody on this replica follows it.</summary>
    public LiveThread? Find(Guid articleId)
    {
        lock (_gate) return _threads.GetValueOrDefault(articleId);
    }

    /// <summary>The article is readers' no more: whoever follows it is sent away, and finds nothing when he comes back.</summary>
    public void End(Guid articleId)
    {
        LiveThread? thread;
        lock (_gate) _threads.Remove(articleId, out thread);
        thread?.End();
    }

    /// <summary>Messages may have passed by: all threads ask the store.</summary>
    public void MissedSomething()
    {
        foreach (var thread in All()) thread.IsBehind = true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Streams never end by themselves, and a server waits for its requests.
        using var stop = lifetime.ApplicationStopping.Register(() => { foreach (var thread in All()) thread.End(); });
        using var timer = new PeriodicTimer(Tick);
        for (var tick = 1; await timer.WaitForNextTickAsync(stoppingToken); tick++)
        {
            foreach (var thread in All())
            {
                if (thread.IsBehind) await CatchUp(thread, stoppingToken);
                if (tick % Beats == 0) thread.Beat();
            }
            if (tick % Looks == 0) await EndHidden(stoppingToken);
        }
    }

    private async Task CatchUp(LiveThread thread, CancellationToken ct)
    {
        try
        {
            await thread.CatchUp(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            thread.IsBehind = true;
            Log.Behind(logger, e, thread.ArticleId);
        }
    }

    /// <summary>An article's withdrawal may have passed by too, and the store learns of it through another queue, perhaps later.</summary>
    private async Task EndHidden(CancellationToken ct)
    {
        try
        {
            foreach (var some in All().Select(t => t.ArticleId).Chunk(500))
                foreach (var hidden in await threads.FindMany(some, ct))
                    if (!hidden.IsVisible) End(hidden.Id);
        }
        catch (Exception e) when (!ct.IsCancellationRequested) { Log.NotLooked(logger, e); }
    }

    private LiveThread[] All()
    {
        lock (_gate) return [.. _threads.Values];
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Those who follow {ArticleId} may have missed something; trying again in a second")]
        public static partial void Behind(ILogger logger, Exception exception, Guid articleId);

        [LoggerMessage(LogLevel.Warning, "Could not look which articles with readers were withdrawn; looking again in some seconds")]
        public static partial void NotLooked(ILogger logger, Exception exception);
    }
}
