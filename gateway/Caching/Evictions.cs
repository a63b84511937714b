using System.Collections.Concurrent;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Caching;

/// <summary>
/// When tags are evicted. A change of an article counts at once, and again a moment and two seconds later: other services hear of it in the same moment as we do,
/// and a page made in between may show their half of the truth (a thread not open yet, a search without the article).
/// Comments come in crowds: their tags are gathered for a quarter of a second, so that a lively thread costs four new pages a second and not hundreds.
/// </summary>
public sealed class Evictions(AnswerCache cache, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan[] Echoes = [TimeSpan.FromMilliseconds(600), TimeSpan.FromSeconds(2)];
    private readonly ConcurrentDictionary<string, bool> _gathered = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(long HeardAt, string[] Tags)>[] _echoes = [.. Echoes.Select(_ => new ConcurrentQueue<(long, string[])>())];

    /// <param name="translations">Articles whose pages lead to it from now on.</param>
    public Task Article(Guid id, IEnumerable<string> categories, IEnumerable<string> tags, IEnumerable<string> authors, IEnumerable<Guid>? translations = null) =>
        Now([CacheTags.Article(id), CacheTags.Pictures(id), .. (translations ?? []).Select(CacheTags.Article), CacheTags.Front, CacheTags.Articles, .. categories.Select(CacheTags.Category), .. tags.Select(CacheTags.Tag), .. authors.Select(CacheTags.Author)]);

    /// <summary>What shows the article is gone for good.</summary>
    public Task Withdrawn(Guid id, IEnumerable<string> categories)
    {
        cache.Evict([CacheTags.Article(id), CacheTags.Pictures(id)], withdrawn: true);
        return Now([CacheTags.Article(id), CacheTags.Pictures(id), CacheTags.Front, CacheTags.Articles, .. categories.Select(CacheTags.Category)]);
    }

    public Task Now(params string[] tags)
    {
        cache.Evict(tags);
        foreach (var queue in _echoes) queue.Enqueue((clock.GetTimestamp(), tags));
        return Task.CompletedTask;
    }

    /// <param name="gone">Something of it is not to be shown again, not even in need.</param>
    public Task Soon(string tag, bool gone = false)
    {
        _gathered.AddOrUpdate(tag, gone, (_, before) => before || gone);
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Gathering, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (after, queue) in Echoes.Zip(_echoes))
                while (queue.TryPeek(out var echo) && clock.GetElapsedTime(echo.HeardAt) >= after && queue.TryDequeue(out echo)) cache.Evict(echo.Tags);
            if (_gathered.IsEmpty) continue;
            var gathered = _gathered.Keys.Select(t => (Tag: t, Had: _gathered.TryRemove(t, out var gone), Gone: gone)).Where(t => t.Had).ToLookup(t => t.Gone, t => t.Tag);
            cache.Evict(gathered[true], withdrawn: true);
            cache.Evict(gathered[false]);
        }
    }
}
