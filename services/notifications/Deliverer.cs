using System.Diagnostics.Metrics;
using Platform.Notifications.Channels;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

/// <summary>
/// Sends deliveries in waves of a few: a wave is claimed in the ledger, sent side by side, and settled together with the claim of the next one.
/// So a kill at any moment leaves as uncertain at most the waves in flight, and everything else sent or untouched.
/// </summary>
public sealed partial class Deliverer(LedgerStore ledger, SubscriptionStore subscriptions, KnownArticleStore articles, DispatchStore dispatches, IEnumerable<IChannel> channels, Worker worker,
    TimeProvider clock, ILogger<Deliverer> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), Pause = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<Channel, IChannel> _channels = channels.ToDictionary(c => c.Kind);

    private static readonly Counter<long> Settled = new Meter(Telemetry.Name).CreateCounter<long>("platform.notifications.deliveries", "{delivery}", "Deliveries by how they went.");

    private static readonly Histogram<double> PublishedToDone = new Meter(Telemetry.Name).CreateHistogram<double>("platform.notifications.dispatch.duration", "s", "From an edition's publication until its last delivery was settled.");

    /// <summary>Sends those of the rows that nobody else has begun; all of them go by one channel.</summary>
    /// <param name="stopping">Heeded between two waves: the rest is due at once, for whichever process comes to it.</param>
    public async Task Deliver(Dispatch dispatch, IReadOnlyCollection<Delivery> rows, CancellationToken stopping)
    {
        if (rows.Count == 0) return;
        var channel = _channels[rows.First().Channel ?? Channel.Email];
        IReadOnlyCollection<Settlement> over = [];
        var left = new Queue<Delivery>(rows);
        string? unreachable = null;
        while (left.Count > 0 && unreachable is null && !stopping.IsCancellationRequested)
        {
            var wave = new List<Delivery>(channel.AtOnce);
            while (wave.Count < channel.AtOnce && left.TryDequeue(out var row)) wave.Add(row);
            var claimed = await SettleAndClaim(over, wave);
            (over, unreachable) = await Send(channel, dispatch, claimed);
        }
        await SettleAndClaim(over, []);
        if (unreachable is not null) await ledger.PutOff(left, unreachable, clock.Now(), CancellationToken.None);
        else if (left.Count > 0) await ledger.HandOn(left.Select(d => d.Id), clock.Now(), CancellationToken.None);
    }

    /// <summary>Closes a dispatch whose deliveries are all settled; counts one again that was closed already.</summary>
    public async Task Finish(Guid id, CancellationToken ct)
    {
        // A few tries: the planner, or another worker, may write at the same time.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (await dispatches.Find(id, ct) is not { } dispatch || dispatch.Phase == DispatchPhase.Planning || await ledger.AnyOpen(id, ct)) return;
            var counts = await ledger.Count(id, ct);
            if (dispatch.Phase == DispatchPhase.Done && dispatch.Counts == counts) return;
            if (!await dispatches.Save(dispatch.Finish(counts, clock.Now()), [], ct)) continue;
            if (!dispatch.IsOfDigests && dispatch.PublishedAt is { } published && dispatch.FinishedAt is null)
                PublishedToDone.Record((clock.GetUtcNow() - published).TotalSeconds, new KeyValuePair<string, object?>("breaking", dispatch.Breaking == true));
            Log.Done(logger, id, dispatch.ArticleId, dispatch.Edition, counts.Sent, counts.Failed, counts.Uncertain, counts.Suppressed);
            return;
        }
    }

    private async Task<(IReadOnlyCollection<Settlement>, string? Unreachable)> Send(IChannel channel, Dispatch dispatch, IReadOnlyList<Delivery> claimed)
    {
        if (claimed.Count == 0) return ([], null);
        (Delivery Row, Outcome Outcome)[] outcomes;
        long? version = null;
        var shown = new Dictionary<Guid, IReadOnlyList<ShownArticle>>();
        try
        {
            // Read after the claim: what was unsubscribed, changed or withdrawn before this moment holds.
            var (contents, bySubscription) = await Patiently(async () =>
            {
                var reading = subscriptions.FindConfirmed(claimed.Select(c => c.SubscriptionId), CancellationToken.None);
                return (await Contents(dispatch, claimed), (await reading).ToDictionary(s => s.Id));
            });
            if (dispatch.IsOfDigests) shown = Shown(contents);
            version = dispatch.IsOfDigests ? null : contents[claimed[0].Id].FirstOrDefault()?.Article.Version;
            outcomes = await Task.WhenAll(claimed.Select(async row => (row, await Send(channel, dispatch, row, contents[row.Id], bySubscription.GetValueOrDefault(row.SubscriptionId)))));
        }
        catch (Exception e)
        {
            // Nothing has gone out: sending itself does not throw.
            Log.Defect(logger, e, dispatch.Id);
            outcomes = [.. claimed.Select(row => (row, Outcome.Later("internal error")))];
        }
        foreach (var group in outcomes.GroupBy(o => o.Outcome.Kind)) Settled.Add(group.Count(), new KeyValuePair<string, object?>("outcome", group.Key.ToString()));
        var now = clock.Now();
        return ([.. outcomes.Select(o => Settle(o.Row, o.Outcome, version, shown.GetValueOrDefault(o.Row.Id), now))], outcomes.Select(o => o.Outcome).FirstOrDefault(o => o.Kind == OutcomeKind.Unreachable)?.Answer);
    }

    /// <summary>What each row tells of, as it is now, without what was withdrawn.</summary>
    private async Task<Dictionary<Guid, IReadOnlyList<DigestItem>>> Contents(Dispatch dispatch, IReadOnlyList<Delivery> rows)
    {
        if (!dispatch.IsOfDigests)
        {
            var article = await articles.Find(dispatch.ArticleId, CancellationToken.None);
            IReadOnlyList<DigestItem> content = article is null or { Withdrawn: true } ? [] : [new(article, dispatch.Note)];
            return rows.ToDictionary(r => r.Id, _ => content);
        }
        var editions = (await dispatches.Find(rows.SelectMany(r => r.Editions ?? []).Distinct(), CancellationToken.None)).ToDictionary(d => d.Id);
        var known = (await articles.Find(editions.Values.Select(e => e.ArticleId).Distinct(), CancellationToken.None)).Where(a => !a.Withdrawn).ToDictionary(a => a.Id);
        return rows.ToDictionary(r => r.Id, IReadOnlyList<DigestItem> (r) =>
            [.. from id in r.Editions ?? [] where editions.ContainsKey(id) && known.ContainsKey(editions[id].ArticleId) select new DigestItem(known[editions[id].ArticleId], editions[id].Note)]);
    }

    /// <summary>What digests show; one list for all that show the same, so that they are settled by one write.</summary>
    private static Dictionary<Guid, IReadOnlyList<ShownArticle>> Shown(Dictionary<Guid, IReadOnlyList<DigestItem>> contents)
    {
        var same = new Dictionary<string, IReadOnlyList<ShownArticle>>(StringComparer.Ordinal);
        return contents.ToDictionary(c => c.Key, c =>
        {
            IReadOnlyList<ShownArticle> shown = [.. c.Value.Select(i => new ShownArticle(i.Article.Id, i.Article.Version))];
            var key = string.Join(' ', shown);
            return same.TryGetValue(key, out var known) ? known : same[key] = shown;
        });
    }

    private async Task<Outcome> Send(IChannel channel, Dispatch dispatch, Delivery row, IReadOnlyList<DigestItem> content, Subscription? subscription)
    {
        if (content.Count == 0) return Outcome.Suppressed("withdrawn");
        if (subscription is null) return Outcome.Suppressed("unsubscribed");
        if (subscription.Suppressed == true) return Outcome.Suppressed("the address is suppressed");
        var (schedule, now) = (subscription.Preferences!.Schedule, clock.GetUtcNow());
        if (dispatch.IsOfDigests)
        {
            // Whoever chose an hour that is quiet meant that hour; what is late waits for the morning.
            if (schedule.QuietUntil(row.UpTo ?? now, false) is null && schedule.QuietUntil(now, false) is { } morning) return Outcome.Quiet(morning);
        }
        else
        {
            if (row.Follows != true && !subscription.Keys.Intersect(dispatch.Keys, StringComparer.Ordinal).Any()) return Outcome.Suppressed("other topics");
            // A correction for whoever saw what was wrong goes out at once where the next digest would not tell of it.
            if (schedule.IsDigest && (row.Follows != true || subscription.IsToldByDigest(dispatch))) return Outcome.Suppressed("digest");
            if (schedule.QuietUntil(now, dispatch.Breaking == true) is { } end) return Outcome.Quiet(end);
        }
        try { return await channel.Send(new(row, dispatch, content[0].Article, subscription, dispatch.IsOfDigests ? content : null)); }
        catch (Exception e)
        {
            // A defect of ours, which may be mended within the day; nothing has gone out.
            Log.NotMade(logger, e, row.Id);
            return Outcome.Later("internal error");
        }
    }

    private static Settlement Settle(Delivery row, Outcome outcome, long? version, IReadOnlyList<ShownArticle>? shown, DateTimeOffset now) => outcome.Kind switch
    {
        OutcomeKind.Accepted => new(row.Id, row.Claim!.Value, DeliveryState.Sent, null, ArticleVersion: version, Shown: shown),
        OutcomeKind.Refused or OutcomeKind.Gone => new(row.Id, row.Claim!.Value, DeliveryState.Failed, outcome.Answer),
        OutcomeKind.Uncertain => new(row.Id, row.Claim!.Value, DeliveryState.Uncertain, outcome.Answer, ArticleVersion: version, Shown: shown),
        OutcomeKind.Quiet => new(row.Id, row.Claim!.Value, DeliveryState.Waiting, outcome.Answer, outcome.NotBefore, Untried: true, First: row.Attempts == 1),
        OutcomeKind.Suppressed => new(row.Id, row.Claim!.Value, DeliveryState.Suppressed, outcome.Answer),
        _ => Delivery.Retry(row.Attempts, row.FirstAt ?? now, now) is { } due
            ? new(row.Id, row.Claim!.Value, DeliveryState.Waiting, outcome.Answer, due < outcome.NotBefore ? outcome.NotBefore : due)
            : new(row.Id, row.Claim!.Value, DeliveryState.Failed, outcome.Answer),
    };

    private Task<IReadOnlyList<Delivery>> SettleAndClaim(IReadOnlyCollection<Settlement> over, IReadOnlyCollection<Delivery> next)
    {
        // One claim for all tries: where an answer was lost, the next try finds what the one before has claimed.
        var claim = Guid.CreateVersion7(clock.GetUtcNow());
        return Patiently(() => ledger.SettleAndClaim(over, next, worker.Id, claim, clock.Now(), CancellationToken.None));
    }

    /// <summary>What is claimed, and what is known of deliveries, is worth some patience with the store: else they would be uncertain.</summary>
    private async Task<T> Patiently<T>(Func<Task<T>> work)
    {
        for (var begun = clock.GetTimestamp(); ;)
        {
            try { return await work(); }
            catch (Exception e) when (clock.GetElapsedTime(begun) < Patience)
            {
                Log.TriedAgain(logger, e);
                await Task.Delay(Pause, clock);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Dispatch {Dispatch} of article {Article}, edition {Edition}, is done: {Sent} sent, {Failed} failed, {Uncertain} uncertain, {Suppressed} suppressed")]
        public static partial void Done(ILogger logger, Guid dispatch, Guid article, int edition, long sent, long failed, long uncertain, long suppressed);

        [LoggerMessage(LogLevel.Warning, "The ledger does not answer; trying again")]
        public static partial void TriedAgain(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "Dispatch {Dispatch}: a wave could not be prepared; its deliveries wait")]
        public static partial void Defect(ILogger logger, Exception exception, Guid dispatch);

        [LoggerMessage(LogLevel.Error, "Delivery {Delivery} could not be made into a message")]
        public static partial void NotMade(ILogger logger, Exception exception, Guid delivery);
    }
}
