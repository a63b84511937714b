using Platform.Notifications.Messages;

namespace Platform.Notifications;

/// <summary>
/// Walks a dispatch through the matching subscriptions. Of each page, first the rows are written into the ledger, then, in one write, the dispatch's new
/// position and the message that the page is there: a crash in between plans the page again, and finds its rows.
/// </summary>
public sealed class Planner(SubscriptionStore subscriptions, LedgerStore ledger, DispatchStore dispatches, KnownArticleStore articles, TimeProvider clock)
{
    /// <summary>Plans one page.</summary>
    /// <returns>The dispatch as it is now; null where another process goes on with it.</returns>
    public async Task<Dispatch?> PlanPage(Dispatch dispatch, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var stopped = (await articles.Find(dispatch.ArticleId, ct))?.Withdrawn == true;
        var page = stopped ? [] : await subscriptions.Match(dispatch.Keys, dispatch.Position, Dispatch.PageSize, ct);
        if (page.Count > 0)
        {
            await ledger.Plan(page.Select(s => Delivery.Plan(dispatch.Id, s, dispatch.Pages, now)), ct);
            var planned = new PagePlanned { DispatchId = dispatch.Id, Page = dispatch.Pages };
            dispatch = dispatch.Planned(page, now);
            if (!await dispatches.Save(dispatch, [planned], ct)) return null;
        }
        if (page.Count == Dispatch.PageSize) return dispatch;
        var counts = await ledger.Count(dispatch.Id, ct);
        dispatch = dispatch.PlanningOver(counts.Settled + counts.Open);
        return await dispatches.Save(dispatch, [], ct) ? dispatch : null;
    }
}
