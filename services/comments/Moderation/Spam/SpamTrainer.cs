using Platform.ServiceDefaults;

namespace Platform.Comments.Moderation.Spam;

/// <summary>
/// Teaches the spam filter what moderators decide: approved or spam (what is rejected may be anything else). It follows their decisions in the order of time; how far it has come is written with what
/// it learnt. One replica at a time, under a lease.
/// </summary>
public sealed partial class SpamTrainer(SpamStore store, CommentStore comments, LeaseStore leases, TimeProvider clock, ILogger<SpamTrainer> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(30);

    /// <summary>Decisions are under way for a while, and clocks differ: younger ones are left for later.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    private const int Batch = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            try
            {
                while (await leases.TryHold("spam", Lease, stoppingToken) && await Learn(clock.Now() - Settled, stoppingToken)) { }
            }
            catch (Exception e)
            {
                if (stoppingToken.IsCancellationRequested) return;
                Log.Failed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Learns the next decisions until a time.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> Learn(DateTimeOffset until, CancellationToken ct)
    {
        var learnt = await store.Read(ct);
        var decided = await comments.Decided(learnt.After, until, Batch, ct);
        if (decided is not [.., var last]) return false;
        var model = learnt.Model.Learn(decided.Where(c => !c.Staff).SelectMany(Lessons));
        return await store.Save(new(learnt.Version + 1, model, new(last.Decision!.At, last.Id)), ct) && decided.Count == Batch;
    }

    /// <summary>What a decision teaches; one that overrules another takes that one's lesson back.</summary>
    public static IEnumerable<Lesson> Lessons(Comment comment)
    {
        var features = SpamFeatures.Of(comment.Name, comment.Body);
        if (comment.Decision?.Overruled is { } before && Label(before) is { } wrong) yield return new(features, wrong, -1);
        if (Label(comment.Status) is { } right) yield return new(features, right);

        static bool? Label(CommentStatus status) => status switch { CommentStatus.Spam => true, CommentStatus.Published => false, _ => null };
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Decisions could not be learnt; trying again in a few seconds")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
