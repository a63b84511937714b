using Platform.Notifications.Messages;

namespace Platform.Notifications;

/// <summary>
/// Plans digests when their local hours have come. What a digest tells of is settled here and stands in its row, so that however often it is tried, it is the same.
/// Of each page, first the rows are written, then the message that the page is there, then the subscriptions are put to their next hours: killed at any point, the page is planned
/// again, and finds its rows. One that is late by whole periods is one digest, for the last of them, of all that came meanwhile.
/// </summary>
public sealed class DigestPlanner(SubscriptionStore subscriptions, DispatchStore dispatches, LedgerStore ledger, TimeProvider clock)
{
    /// <summary>An article counts for the hour in which it was noticed; so long it may take until that stands in the store.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Of more articles, the newest.</summary>
    public const int MaxArticles = 50;

    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(31);
    private const int MaxEditions = 20_000;

    /// <summary>Plans one page.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> PlanPage(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var due = (await subscriptions.FindDigests(now - Grace, Dispatch.PageSize, ct)).Select(s => new Due(s, now)).ToList();
        if (due.Count == 0) return false;

        // What was told in this period already, by this run or another: after a crash, or where the hour was changed.
        var told = (await ledger.Find(due.Where(d => d.IsNow).SelectMany(d => d.Ids).Distinct(), ct)).ToLookup(r => r.SubscriptionId);
        foreach (var one in due) one.Heed(told[one.Of.Id]);

        var open = due.Where(d => d.IsNow && !d.IsTold && d.From < d.UpTo).ToList();
        var editions = open.Count == 0 ? [] : await dispatches.FindStarted(open.Min(d => d.From), open.Max(d => d.UpTo), MaxEditions, ct);
        var byKey = editions.SelectMany((e, i) => e.Keys.Select(k => (Key: k, Index: i))).ToLookup(p => p.Key, p => p.Index, StringComparer.Ordinal);
        var digests = open.Select(d => (Due: d, Articles: Choose(d, editions, byKey))).Where(d => d.Articles.Count > 0).ToList();
        if (digests.Count > 0)
        {
            var run = await dispatches.FindRun(now, ct);
            await ledger.Plan(digests.Select(d => Delivery.PlanDigest(run, d.Due.Of.Id, d.Due.Of.Channel, d.Due.Period, d.Articles, d.Due.UpTo, now)), ct);
            while (!await dispatches.Save(run.PlannedDigests(digests.Count), PagePlanned.Of(run, run.Pages, digests.Select(d => d.Due.Of.Channel)), ct))
                run = await dispatches.Find(run.Id, ct) ?? throw new InvalidOperationException("A run of digests is gone.");
        }
        await subscriptions.Advance([.. due.Select(d => (d.Of, d.Next, d.Told))], ct);
        return due.Count == Dispatch.PageSize;
    }

    /// <summary>The articles that match and came in the digest's time, newest first; each once, under the first edition that the reader has not heard of.</summary>
    private static List<Guid> Choose(Due due, IReadOnlyList<Dispatch> editions, ILookup<string, int> byKey) =>
        [.. due.Of.Preferences!.Keys().SelectMany(key => byKey[key]).Distinct().Order().Select(i => editions[i]).Where(e => e.StartedAt > due.From && e.StartedAt <= due.UpTo)
            .DistinctBy(e => e.ArticleId).TakeLast(MaxArticles).Reverse().Select(e => e.Id)];

    /// <summary>A subscription whose digest is due, or is to be put to its first hour.</summary>
    private sealed class Due
    {
        public Due(Subscription of, DateTimeOffset now)
        {
            var (schedule, due) = (of.Preferences!.Schedule, of.DigestDue!.Value);
            Of = of;
            UpTo = schedule.LastDigest(now - Grace);
            // Chosen a moment ago, the due time is no hour of the schedule; hours before it do not count.
            IsNow = UpTo >= due;
            Next = schedule.NextDigest(IsNow ? UpTo : due);
            Period = schedule.Period(UpTo);
            Ids = due == UpTo || !IsNow ? [Delivery.IdOf(of.Id, Period)] : [Delivery.IdOf(of.Id, Period), Delivery.IdOf(of.Id, schedule.Period(due))];
            From = of.DigestFrom ?? due;
            if (From < now - LongestSpan) From = now - LongestSpan;
            Told = IsNow ? UpTo : of.DigestFrom ?? due;
        }

        public Subscription Of { get; }
        public DateTimeOffset UpTo { get; }
        public DateTimeOffset Next { get; }
        public DateTimeOffset From { get; private set; }
        public string Period { get; }
        public IReadOnlyList<Guid> Ids { get; }
        public bool IsNow { get; }

        /// <summary>Whether this period's digest stands in the ledger: there is no second one, and what came since is told by the next.</summary>
        public bool IsTold { get; private set; }

        /// <summary>Up to when all is told, once this page is planned.</summary>
        public DateTimeOffset Told { get; private set; }

        public void Heed(IEnumerable<Delivery> rows)
        {
            foreach (var row in rows)
            {
                if (row.UpTo > From) From = row.UpTo.Value;
                IsTold |= row.Period == Period;
            }
            if (IsTold) Told = From;
        }
    }
}
