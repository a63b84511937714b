using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>The newsroom sees how the mails of an article's editions go out.</summary>
public static class ShowDispatches
{
    /// <param name="ArticleId">Null for a run of digests.</param>
    /// <param name="Edition">0 for a run of digests.</param>
    /// <param name="Matched">sent + failed + uncertain + suppressed once done; before, what is planned so far.</param>
    /// <param name="EtaSeconds">At the pace so far; 0 when done, null where nothing can be said.</param>
    /// <param name="RatePerSecond">Sent a second within the last half minute; null when done, and where nothing can be said yet.</param>
    public sealed record DispatchView(Guid Id, Guid? ArticleId, int Edition, DispatchPhase Phase, long Matched, long Sent, long Failed, long Uncertain, long Suppressed, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, long? EtaSeconds, double? RatePerSecond);

    /// <summary>Newest first.</summary>
    /// <param name="kind"><c>article</c>, the default; or <c>digest</c>: the runs of digests, one an hour.</param>
    /// <returns>200; 400 <c>articleId</c> is no id, or <c>kind</c> no kind.</returns>
    public static async Task<Page<DispatchView>> List(string? articleId, string? kind, PageRequest page, DispatchStore dispatches, RunningCounts counts, Cursors cursors, CancellationToken ct)
    {
        Guid? article = articleId is null ? null : Guid.TryParseExact(articleId, "D", out var id) ? id : throw Problem.Invalid("articleId", "Not an id.");
        if (kind is not (null or "article" or "digest")) throw Problem.Invalid("kind", "article or digest.");
        if (kind == "digest" && article is null) article = Guid.Empty;
        var list = $"{kind} {articleId}";
        var last = page.Cursor is null ? null : page.Cursor is [var scope, var given] && scope == list ? given : throw Cursors.Foreign();
        var read = article is { } one ? await dispatches.ListEditions(one, last is null ? null : int.Parse(last, CultureInfo.InvariantCulture), page.Limit, ct)
            : await dispatches.List(last is null ? null : Guid.Parse(last), page.Limit, ct);
        var views = new Dictionary<Guid, DispatchView>();
        foreach (var dispatch in read.Take(page.Limit)) views[dispatch.Id] = await View(dispatch, counts, ct);
        return page.Cut(read, cursors, d => [list, article is null ? d.Id.ToString() : d.Edition.ToString(CultureInfo.InvariantCulture)], d => views[d.Id]);
    }

    /// <returns>200; the ETag changes with the dispatch and with its counts; 404.</returns>
    public static async Task<Versioned<DispatchView>> One(Guid id, DispatchStore dispatches, RunningCounts counts, CancellationToken ct)
    {
        var dispatch = await dispatches.Find(id, ct) ?? throw Problem.NotFound("dispatch");
        var view = await View(dispatch, counts, ct);
        return new(view, dispatch.Version + view.Sent + view.Failed + view.Uncertain + view.Suppressed);
    }

    public static async Task<DispatchView> View(Dispatch d, RunningCounts running, CancellationToken ct)
    {
        var (counts, eta, rate) = await running.Of(d, ct);
        return new(d.Id, d.IsOfDigests ? null : d.ArticleId, d.IsOfDigests ? 0 : d.Edition, d.Phase, d.Matched, counts.Sent, counts.Failed, counts.Uncertain, counts.Suppressed, d.StartedAt, d.FinishedAt, eta, rate);
    }
}
