using System.Collections.Concurrent;
using Platform.Notifications.Messages;

namespace Platform.Notifications;

/// <summary>
/// Walks a dispatch through everybody it is for: see <see cref="Dispatch.Step"/>. Of each page, first the rows are written into the ledger, then, in one write, the dispatch's new
/// position and the message that the page is there: a crash in between plans the page again, and finds its rows.
/// </summary>
public sealed class Planner(SubscriptionStore subscriptions, LedgerStore ledger, DispatchStore dispatches, KnownArticleStore articles, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, Walk> _walks = new();

    /// <summary>Plans one page.</summary>
    /// <returns>The dispatch as it is now; null where another process goes on with it.</returns>
    public async Task<Dispatch?> PlanPage(Dispatch dispatch, CancellationToken ct)
    {
        var walk = _walks.GetOrAdd(dispatch.Id, _ => new Walk(subscriptions, ledger, dispatch.Step ?? 0, dispatch.Position));
        try
        {
            if (await PlanPage(dispatch, walk, ct) is { Phase: DispatchPhase.Planning } goesOn) return goesOn;
        }
        catch
        {
            await Leave(dispatch.Id);   // what the cursor would have led to is read anew from where the dispatch stands
            throw;
        }
        await Leave(dispatch.Id);
        return await dispatches.Find(dispatch.Id, ct) is { Phase: not DispatchPhase.Planning } over ? over : null;
    }

    private async Task<Dispatch?> PlanPage(Dispatch dispatch, Walk walk, CancellationToken ct)
    {
        if ((walk.Step, walk.Position) != (dispatch.Step ?? 0, dispatch.Position)) return null;   // somebody else has gone on with it, and we begin anew where it stands
        var stopped = (await articles.Find(dispatch.ArticleId, ct))?.Withdrawn == true;
        var page = stopped ? [] : await walk.Next(dispatch, Dispatch.PageSize, ct);
        var now = clock.GetUtcNow();
        if (page.Count > 0) await ledger.Plan(page.Select(p => Delivery.Plan(dispatch.Id, p.Subscription, dispatch.Pages, now, p.Follows, p.Channel)), ct);
        if (!stopped && (walk.Step, walk.Position) != (dispatch.Step ?? 0, dispatch.Position))
        {
            var planned = PagePlanned.Of(dispatch, dispatch.Pages, page.Select(p => p.Channel));
            dispatch = dispatch.Planned(page.Count, walk.Step, walk.Position, now);
            if (!await dispatches.Save(dispatch, planned, ct)) return null;
        }
        if (!stopped && walk.Step < dispatch.Steps) return dispatch;
        var counts = await ledger.Count(dispatch.Id, ct);
        dispatch = dispatch.PlanningOver(counts.Settled + counts.Open);
        return await dispatches.Save(dispatch, [], ct) ? dispatch : null;
    }

    private async Task Leave(Guid dispatch)
    {
        if (_walks.TryRemove(dispatch, out var walk)) await walk.DisposeAsync();
    }
}
