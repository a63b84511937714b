using System.Diagnostics;
using Platform.Comments.Counting;
using Platform.ServiceDefaults;

namespace Platform.Comments.Trials;

/// <summary>
/// Runs, applies and undoes trials, page by page, oldest first; one replica at a time, under a lease. After each page it is written down how far it has come, so that a crash
/// costs one page; a page that is done again changes nothing more.
/// </summary>
public sealed partial class TrialRunner(TrialStore trials, CommentStore comments, ThreadStore threads, SettingsStore settings, Guests people, ThreadCounter counter, LeaseStore leases, TimeProvider clock, ILogger<TrialRunner> logger)
    : BackgroundService
{
    private const string LeaseName = "trials";
    private const int PageSize = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5), Lease = TimeSpan.FromSeconds(10);
    private readonly Signal _work = new();

    /// <summary>There is something to do. Never waits.</summary>
    public void Hurry() => _work.Raise();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await trials.UnderWay(1, stoppingToken) is [var trial] && await leases.TryHold(LeaseName, Lease, stoppingToken)) await Run(trial, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, e);
            }
            await _work.Wait(Interval, stoppingToken);
        }
    }

    private async Task Run(Trial trial, CancellationToken ct)
    {
        while (trial.IsUnderWay && await leases.TryHold(LeaseName, Lease, ct))
        {
            var began = Stopwatch.GetTimestamp();
            var next = trial.Phase == TrialPhase.Running ? await Look(trial, ct) : await Move(trial, ct);
            if (!await trials.Save(next, ct)) return;   // another replica has taken over
            trial = next;
            // Readers and writers come first: a trial takes two thirds of one core at most.
            if (trial.IsUnderWay) await Task.Delay(Stopwatch.GetElapsedTime(began) / 2, ct);
        }
        Log.Reached(logger, trial.Id, trial.Phase, trial.Changed);
    }

    private async Task<Trial> Look(Trial trial, CancellationToken ct)
    {
        var page = await comments.Between(Trial.Stages[trial.Stage], new(trial.AfterAt, trial.AfterId), trial.To, PageSize, ct);
        var articles = (await threads.FindMany([.. page.Select(c => c.ArticleId).Distinct()], ct)).ToDictionary(t => t.Id);
        var authors = page.Where(c => c.Author is not null).ToDictionary(c => c.Id, people.Authors);
        var first = await comments.FirstPublished([.. authors.Values.SelectMany(a => a).DistinctBy(Convert.ToHexString)], ct);
        // Whose turn it was nobody knows any more; whoever wrote so shortly before had not let it pass.
        var gap = TimeSpan.FromSeconds(Math.Max(trial.Before.MinSecondsBetween, trial.Settings.MinSecondsBetween));
        var written = gap == TimeSpan.Zero || page.Count == 0 ? null : await comments.TimesOf([.. authors.Values.SelectMany(a => a).DistinctBy(Convert.ToHexString)], page[0].CreatedAt - gap, page[^1].CreatedAt, ct);
        DateTimeOffset? Previous(Comment c) => written is null || c.Author is null ? null : authors[c.Id].SelectMany(a => written[Convert.ToHexString(a)]).Where(at => at < c.CreatedAt).Select(at => (DateTimeOffset?)at).Max();
        TrialChange[] changes =
        [
            .. page.Where(c => articles.ContainsKey(c.ArticleId)).Select(c => TrialChange.Of(trial, c, articles[c.ArticleId],
                known: c.Author is null || authors[c.Id].Any(a => first.TryGetValue(Convert.ToHexString(a), out var at) && at < c.CreatedAt), Previous(c))).OfType<TrialChange>(),
        ];
        await trials.Put(changes, ct);
        return trial.Looked(page.Count, changes.Length, page.Count < PageSize ? null : new(page[^1].CreatedAt, page[^1].Id));
    }

    private async Task<Trial> Move(Trial trial, CancellationToken ct)
    {
        if (trial.AfterId == Guid.Empty && !await MoveSettings(trial, ct)) return trial.GiveUp();
        var page = await trials.Changes(trial.Id, trial.AfterId, PageSize, ct);
        var found = (await comments.FindMany([.. page.Select(c => c.CommentId)], ct)).ToDictionary(c => c.Id);
        await Parallel.ForEachAsync(page, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (change, token) =>
        {
            for (var comment = found.GetValueOrDefault(change.CommentId); comment is not null; comment = await comments.Find(change.CommentId, token))
            {
                var moved = trial.Phase == TrialPhase.Applying ? comment.Move(change, clock.Now()) : comment.MoveBack(trial.Id, clock.Now());
                if (moved is null || await counter.Save(comment, moved)) return;
            }
        });
        return trial.Moved(page.Count, page.Count < PageSize ? null : page[^1].Id);
    }

    /// <summary>Puts the settings tried into force, or those before back. Settings that others have changed since they were applied stay as they are.</summary>
    /// <returns>False where others have changed them before they could be applied.</returns>
    private async Task<bool> MoveSettings(Trial trial, CancellationToken ct)
    {
        while (true)
        {
            var current = await settings.Read(ct);
            var applying = trial.Phase == TrialPhase.Applying;
            if (applying == (current.Trial == trial.Id)) return true;
            if (applying && current.Version != trial.Before.Version) return false;
            var next = (applying ? trial.Settings : trial.Before) with { Version = current.Version + 1, Trial = applying ? trial.Id : null };
            if (await settings.Save(next, null, ct)) return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Trial {TrialId} is {Phase}; {Changed} comments would change")]
        public static partial void Reached(ILogger logger, Guid trialId, TrialPhase phase, long changed);

        [LoggerMessage(LogLevel.Warning, "A trial could not go on; trying again in a few seconds")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
