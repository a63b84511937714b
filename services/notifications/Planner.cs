using System.Collections.Concurrent;
using Platform.Notifications.Messages;

namespace Platform.Notifications;

/// <summary>
/// Walks a dispatch through everybody it is for: see <see cref="Dispatch.Step"/>. Of a few pages at a time, first the rows are written into the ledger, side by side, then, in one write, the dispatch's
/// new position and the messages that the pages are there: a crash in between plans these pages again, and finds their rows.
/// </summary>
public sealed class Planner(SubscriptionStore subscriptions, LedgerStore ledger, DispatchStore dispatches, KnownArticleStore articles, TimeProvider clock)
{
    /// <summary>Pages of one turn.</summary>
    private const int PagesAtOnce = 4;

    private readonly ConcurrentDictionary<Guid, Walk> _walks = new();

    /// <summary>Plans a few pages; the first one alone, so that sending begins at once.</summary>
    /// <returns>The dispatch as it is now; null where another process goes on with it.</returns>
    public async Task<Dispatch?> PlanPages(Dispatch dispatch, CancellationToken ct)
    {
        var walk = _walks.GetOrAdd(dispatch.Id, _ => new Walk(subscriptions, ledger, dispatch.Step ?? 0, dispatch.Position));
        try
        {
            if (await PlanPages(dispatch, walk, ct) is { Phase: DispatchPhase.Planning } goesOn) return goesOn;
        }
        catch
        {
            await Leave(dispatch.Id);   // what the cursor would have led to is read anew from where the dispatch stands
            throw;
        }
        await Leave(dispatch.Id);
        return await dispatches.Find(dispatch.Id, ct) is { Phase: not DispatchPhase.Planning } over ? over : null;
    }

    private async Task<Dispatch?> PlanPages(Dispatch dispatch, Walk walk, CancellationToken ct)
    {
        if (!walk.StandsAt(dispatch)) return null;   // somebody else has gone on with it, and we begin anew where it stands
        var stopped = (await articles.Find(dispatch.ArticleId, ct))?.Withdrawn == true;
        if (!stopped)
        {
            var pages = await Write(dispatch, walk, clock.GetUtcNow(), ct);
            if (!walk.StandsAt(dispatch))
            {
                List<object> planned = [.. pages.SelectMany((p, i) => PagePlanned.Of(dispatch, dispatch.Pages + i, p.Rows.Select(r => r.Channel)))];
                dispatch = dispatch.Planned(pages.Sum(p => p.Rows.Count), pages.Count, walk.Step, walk.Position, clock.GetUtcNow());
                if (!await dispatches.Save(dispatch, planned, ct)) return null;
            }
        }
        if (!stopped && walk.Step < dispatch.Steps) return dispatch;
        var counts = await ledger.Count(dispatch.Id, ct);
        dispatch = dispatch.PlanningOver(counts.Settled + counts.Open);
        return await dispatches.Save(dispatch, [], ct) ? dispatch : null;
    }

    /// <summary>Writes the rows of the next pages into the ledger.</summary>
    /// <returns>The stretches that the walk has gone and that have rows: each is a page.</returns>
    private async Task<List<Stretch>> Write(Dispatch dispatch, Walk walk, DateTimeOffset now, CancellationToken ct)
    {
        var (pages, writing) = (new List<Stretch>(), new List<Task>());
        try
        {
            for (var left = dispatch.Pages == 0 ? 1 : PagesAtOnce; left > 0 && walk.Step < dispatch.Steps; left--)
            {
                var stretch = await walk.Next(dispatch, ct);
                if (stretch.Rows.Count == 0) continue;
                var page = dispatch.Pages + pages.Count;
                pages.Add(stretch);
                writing.Add(Task.Run(() => ledger.Plan(stretch.Rows.Select(r => Delivery.Plan(dispatch.Id, r.Subscription, page, now, r.Follows, r.Channel)), ct), ct));
            }
        }
        finally { await Task.WhenAll(writing); }
        return pages;
    }

    private async Task Leave(Guid dispatch)
    {
        if (_walks.TryRemove(dispatch, out var walk)) await walk.DisposeAsync();
    }
}
