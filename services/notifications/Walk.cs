using Platform.Notifications.Channels;

namespace Platform.Notifications;

/// <summary>
/// The way of a dispatch through everybody it is for, from where it stands. The subscribers of each key are read by one cursor, page after page, so that the whole takes a time that is
/// linear in their number; who has an earlier key too was met there.
/// </summary>
public sealed class Walk(SubscriptionStore subscriptions, LedgerStore ledger, int step, Guid position) : IAsyncDisposable
{
    /// <summary>A page ends after so many although it is not full: most may have been met already.</summary>
    private const int MostRead = 20 * Dispatch.PageSize;

    private IAsyncEnumerator<Match>? _cursor;
    private HashSet<string> _met = [];

    public int Step { get; private set; } = step;
    public Guid Position { get; private set; } = position;

    /// <returns>The next ones whom nobody has planned yet, and whether each is followed because of what he got before. Fewer than the limit say nothing: see <see cref="Step"/> for the end.</returns>
    public async Task<IReadOnlyList<(Guid Subscription, bool Follows, Channel? Channel)>> Next(Dispatch dispatch, int limit, CancellationToken ct)
    {
        var (page, read, follows) = (new List<(Guid, bool, Channel?)>(limit), 0, dispatch.Follows ?? []);
        while (page.Count < limit && read < MostRead && Step < dispatch.Steps)
        {
            var follow = Step < follows.Count;
            var digests = Step == follows.Count + dispatch.Keys.Count;
            var some = digests ? await Shown(dispatch, limit - page.Count, ct) : follow ? await Reached(dispatch, follows[Step], limit - page.Count, ct) : await Matching(dispatch, dispatch.Keys, Step - follows.Count, limit - page.Count, ct);
            if (some.Count == 0)
            {
                await Close();
                (Step, Position) = (Step + 1, Guid.Empty);
                continue;
            }
            read += some.Count;
            var channels = some.DistinctBy(s => s.Subscription).ToDictionary(s => s.Subscription, s => s.Channel);
            IEnumerable<Guid> fresh = [.. some.Where(s => s.IsNew).Select(s => s.Subscription).Distinct()];
            fresh = digests ? await Untold(dispatch, [.. fresh], ct) : await New(dispatch, follow, [.. fresh], ct);
            page.AddRange(fresh.Select(s => (s, follow || digests, channels[s])));
        }
        return page;
    }

    public async ValueTask DisposeAsync() => await Close();

    private async Task<IReadOnlyList<(Guid Subscription, bool IsNew, Channel? Channel)>> Reached(Dispatch dispatch, Guid edition, int limit, CancellationToken ct)
    {
        var rows = await ledger.FindReached(edition, dispatch.ArticleVersion ?? long.MaxValue, Position, limit, ct);
        if (rows.Count > 0) Position = rows[^1].Id;
        return [.. rows.Select(r => (r.SubscriptionId, true, r.Channel))];
    }

    private async Task<IReadOnlyList<(Guid Subscription, bool IsNew, Channel? Channel)>> Shown(Dispatch dispatch, int limit, CancellationToken ct)
    {
        var rows = await ledger.FindShown(dispatch.ArticleId, dispatch.ArticleVersion ?? long.MaxValue, Position, limit, ct);
        if (rows.Count > 0) Position = rows[^1].Id;
        return [.. rows.Select(r => (r.SubscriptionId, true, r.Channel))];
    }

    /// <summary>Of those whose digest showed what was wrong: whoever is not told by this dispatch already, and will not be by the next digest.</summary>
    private async Task<IEnumerable<Guid>> Untold(Dispatch dispatch, IReadOnlyList<Guid> some, CancellationToken ct)
    {
        var planned = (await ledger.Find(some.Select(s => Delivery.IdOf(dispatch.Id, s)), ct)).Select(r => r.SubscriptionId).ToHashSet();
        return (await subscriptions.FindConfirmed(some.Where(s => !planned.Contains(s)), ct)).Where(s => !s.IsToldByDigest(dispatch)).Select(s => s.Id);
    }

    private async Task<IReadOnlyList<(Guid Subscription, bool IsNew, Channel? Channel)>> Matching(Dispatch dispatch, IReadOnlyList<string> keys, int key, int limit, CancellationToken ct)
    {
        if (_cursor is null)
        {
            _cursor = subscriptions.Match(keys[key], Position, Dispatch.PageSize, ct).GetAsyncEnumerator(ct);
            _met = keys.Take(key).ToHashSet(StringComparer.Ordinal);
        }
        var some = new List<(Guid, bool, Channel?)>(limit);
        while (some.Count < limit && await _cursor.MoveNextAsync())
        {
            some.Add((_cursor.Current.Id, !_met.Overlaps(_cursor.Current.Keys), _cursor.Current.Channel));
            Position = _cursor.Current.Id;
        }
        return some;
    }

    /// <summary>
    /// A correction leaves out those to whom what is right is on its way already, under an edition before; and, of those who match, whoever got an edition before: if that was wrong, he was followed.
    /// </summary>
    private async Task<IEnumerable<Guid>> New(Dispatch dispatch, bool follow, IReadOnlyList<Guid> some, CancellationToken ct)
    {
        if (dispatch.Follows is not { } before || some.Count == 0) return some;
        var rows = await ledger.Find(before.SelectMany(b => some.Select(s => Delivery.IdOf(b, s))), ct);
        return some.Except(rows.Where(r => r.State is DeliveryState.Planned or DeliveryState.Waiting || r.ArticleVersion >= dispatch.ArticleVersion
            || (!follow && r.State is not (DeliveryState.Failed or DeliveryState.Suppressed))).Select(r => r.SubscriptionId));
    }

    private async Task Close()
    {
        if (_cursor is { } cursor) await cursor.DisposeAsync();
        _cursor = null;
    }
}
