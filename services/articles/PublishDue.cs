using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>
/// Publishes what was scheduled, when its time has come. The schedule lies in the store, so that it outlives every process; each replica looks,
/// and the version decides which one publishes: no lease, hence no wait for the end of a dead replica's.
/// </summary>
public sealed partial class PublishDue(ArticleStore articles, CategoryStore categories, PlatformSettings settings, TimeProvider clock, ILogger<PublishDue> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private const int Batch = 50;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await Publish(stoppingToken) == Batch) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
        }
    }

    private async Task<int> Publish(CancellationToken ct)
    {
        var now = clock.Now();
        var due = await articles.Due(now, Batch, ct);
        if (due.Count == 0) return 0;
        var tree = await categories.Read(ct);
        foreach (var article in due)
        {
            if (article.PublishIfDue(now) is not { } published) continue;
            try
            {
                await articles.Save(article, published, ArticleMessages.Between(article, published, tree, settings), ct);
                Log.Published(logger, article.Id, article.PublishAt!.Value);
            }
            catch (Problem e) when (e.Status == 412) { }   // another replica was faster, or an editor
        }
        return due.Count;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Published {Article}, scheduled for {Time:O}")]
        public static partial void Published(ILogger logger, Guid article, DateTimeOffset time);

        [LoggerMessage(LogLevel.Warning, "Could not publish what is due; trying again at once")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
