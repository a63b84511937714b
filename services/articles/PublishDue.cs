using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>
/// Publishes what was scheduled, when its time has come. The schedule lies in the store, so that it outlives every process; each replica looks,
/// and the version decides which one publishes: no lease, hence no wait for the end of a dead replica's. Whoever edits, moves or returns the article in
/// that moment either comes first, and the next look finds what is due then; or comes too late, and gets 412.
/// </summary>
public sealed partial class PublishDue(ArticleStore articles, Announcements announcements, TimeProvider clock, ILogger<PublishDue> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private const int Page = 64, AtOnce = 8;
    private bool _storeAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PublishAll(stoppingToken);
                _storeAway = false;
            }
            catch (Exception e) when (StoreFailure.IsTransient(e) && !stoppingToken.IsCancellationRequested)
            {
                if (!_storeAway) Log.StoreAway(logger);
                _storeAway = true;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
    }

    /// <summary>Everything that is due, the longest due first; one that fails holds up no other.</summary>
    private async Task PublishAll(CancellationToken ct)
    {
        Article? last = null;
        while (true)
        {
            var due = await articles.Due(clock.Now(), last, Page, ct);
            if (due.Count == 0) return;
            last = due[^1];
            // Each replica in an order of its own, so that they share a backlog instead of racing for the same article.
            Random.Shared.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(due));
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, (article, token) => Publish(article, token));
            if (due.Count < Page) return;
        }
    }

    private async ValueTask Publish(Article article, CancellationToken ct)
    {
        if (article.PublishIfDue(clock.Now()) is not { } published) return;
        try
        {
            await articles.Save(article, published, await announcements.Of(article, published, ct), ct);
            Log.Published(logger, article.Id, article.PublishAt!.Value);
        }
        catch (Problem e) when (e.Status == 412) { }   // another replica was faster, or an editor
        catch (Exception e) when (!StoreFailure.IsTransient(e) && !ct.IsCancellationRequested)
        {
            Log.NotPublished(logger, e, article.Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Published {Article}, scheduled for {Time:O}")]
        public static partial void Published(ILogger logger, Guid article, DateTimeOffset time);

        [LoggerMessage(LogLevel.Warning, "The store is away; what is due is published when it is back")]
        public static partial void StoreAway(ILogger logger);

        [LoggerMessage(LogLevel.Error, "Could not publish {Article}, which is due; trying again at once")]
        public static partial void NotPublished(ILogger logger, Exception exception, Guid article);

        [LoggerMessage(LogLevel.Warning, "Could not publish what is due; trying again at once")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
