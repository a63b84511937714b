using System.Runtime.CompilerServices;
using Platform.Notifications.Channels;

namespace Platform.Notifications;

/// <summary>A piece of the way.</summary>
/// <param name="Rows">The next ones whom nobody has planned yet, and whether each is followed because of what he got before. Fewer than a page say nothing: see <paramref name="Step"/> for the end.</param>
/// <param name="Step">Where it ends; see <see cref="Dispatch.Step"/>.</param>
/// <param name="Position">The last one that it met.</param>
public sealed record Stretch(IReadOnlyList<(Guid Subscription, bool Follows, Channel? Channel)> Rows, int Step, Guid Position);

/// <summary>
/// The way of a dispatch through everybody it is for, from where it stands. The subscribers of each key are read by one cursor, page after page, so that the whole takes a time that is
/// linear in their number; who has an earlier key too was met there. While one page is written, the next is read.
/// </summary>
public sealed class Walk(SubscriptionStore subscriptions, LedgerStore ledger, int step, Guid position) : IAsyncDisposable
{
    /// <summary>A page ends after so many although it is not full: most may have been met already.</summary>
    private const int MostRead = 20 * Dispatch.PageSize;

    private IAsyncEnumerator<Met>? _cursor;
    private Task<Stretch>? _ahead;
    private int _step = step;
    private Guid _position = position;

    /// <summary>Whom the walk meets.</summary>
    /// <param name="At">What the position is then.</param>
    private sealed record Met(Guid At, Guid Subscription, bool IsNew, Channel? Channel);

    /// <summary>Where what was handed out ends.</summary>
    public int Step { get; private set; } = step;
    public Guid Position { get; private set; } = position;

    /// <summary>Whether that is where the dispatch stands.</summary>
    public bool StandsAt(Dispatch dispatch) => (Step, Position) == (dispatch.Step ?? 0, dispatch.Position);

    public async Task<Stretch> Next(Dispatch dispatch, CancellationToken ct)
    {
        var reading = _ahead ?? Read(dispatch, ct);
        _ahead = null;
        var stretch = await reading;
        (Step, Position) = (stretch.Step, stretch.Position);
        if (Step < dispatch.Steps) _ahead = Task.Run(() => Read(dispatch, ct), ct);
        return stretch;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ahead is { } ahead) await ((Task)ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Close();
    }

    private async Task<Stretch> Read(Dispatch dispatch, CancellationToken ct)
    {
        var (page, read, follows) = (new List<(Guid, bool, Channel?)>(Dispatch.PageSize), 0, dispatch.Follows ?? []);
        while (page.Count < Dispatch.PageSize && read < MostRead && _step < dispatch.Steps)
        {
            var follow = _step < follows.Count;
            var digests = _step == follows.Count + dispatch.Keys.Count;
            var room = Dispatch.PageSize - page.Count;
            var some = follow ? await Reached(dispatch, follows[_step], room, ct) : await ByCursor(dispatch, digests, room, ct);
            if (some.Count == 0)
            {
                await Close();
                (_step, _position) = (_step + 1, Guid.Empty);
                continue;
            }
            _position = some[^1].At;
            read += some.Count;
            var channels = some.DistinctBy(s => s.Subscription).ToDictionary(s => s.Subscription, s => s.Channel);
            IEnumerable<Guid> fresh = [.. some.Where(s => s.IsNew).Select(s => s.Subscription).Distinct()];
            fresh = digests ? await Untold(dispatch, [.. fresh], ct) : await New(dispatch, follow, [.. fresh], ct);
            page.AddRange(fresh.Select(s => (s, follow || digests, channels[s])));
        }
        return new(page, _step, _position);
    }

    private async Task<IReadOnlyList<Met>> Reached(Dispatch dispatch, Guid edition, int limit, CancellationToken ct) =>
        [.. (await ledger.FindReached(edition, dispatch.ArticleVersion ?? long.MaxValue, _position, limit, ct)).Select(r => new Met(r.Id, r.SubscriptionId, true, r.Channel))];

    private async Task<IReadOnlyList<Met>> ByCursor(Dispatch dispatch, bool digests, int limit, CancellationToken ct)
    {
        _cursor ??= (digests ? Shown(dispatch, ct) : Matching(dispatch, _step - (dispatch.Follows?.Count ?? 0), ct)).GetAsyncEnumerator(ct);
        var some = new List<Met>(limit);
        while (some.Count < limit && await _cursor.MoveNextAsync()) some.Add(_cursor.Current);
        return some;
    }

    private async IAsyncEnumerable<Met> Matching(Dispatch dispatch, int key, [EnumeratorCancellation] CancellationToken ct)
    {
        var before = dispatch.Keys.Take(key).ToHashSet(StringComparer.Ordinal);
        await foreach (var match in subscriptions.Match(dispatch.Keys[key], _position, Dispatch.PageSize, ct)) yield return new(match.Id, match.Id, !before.Overlaps(match.Keys), match.Channel);
    }

    private async IAsyncEnumerable<Met> Shown(Dispatch dispatch, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var row in ledger.FindShown(dispatch.ArticleId, dispatch.ArticleVersion ?? long.MaxValue, _position, Dispatch.PageSize, ct)) yield return new(row.Id, row.Subscription, true, row.Channel);
    }

    /// <summary>Of those whose digest showed what was wrong: whoever is not told by this dispatch already, and will not be by the next digest.</summary>
    private async Task<IEnumerable<Guid>> Untold(Dispatch dispatch, IReadOnlyList<Guid> some, CancellationToken ct)
    {
        var planned = (await ledger.Find(some.Select(s => Delivery.IdOf(dispatch.Id, s)), ct)).Select(r => r.SubscriptionId).ToHashSet();
        return (await subscriptions.FindConfirmed(some.Where(s => !planned.Contains(s)), ct)).Where(s => !s.IsToldByDigest(dispatch)).Select(s => s.Id);
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
