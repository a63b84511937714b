using System.Collections.Concurrent;

namespace Platform.Notifications;

/// <summary>How far a dispatch is.</summary>
/// <param name="Eta">Seconds left; see <see cref="Dispatch.Eta"/>.</param>
/// <param name="Rate">Sent a second, lately; null once it is done, and where nothing is known yet. See <see cref="Pace"/>.</param>
public sealed record Progress(Counts Counts, long? Eta, double? Rate);

/// <summary>Counts of dispatches that are under way. Counting a million rows takes a second, so who asks often is shown a count of a moment ago.</summary>
public sealed class RunningCounts(LedgerStore ledger, TimeProvider clock)
{
    /// <summary>A count is shown for so many times the time that it took.</summary>
    private const int Rest = 10;

    /// <summary>Dispatches that nobody asks about any more are forgotten; of those in use there are never so many.</summary>
    private const int Most = 1_000;

    private static readonly TimeSpan Unasked = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<Guid, Known> _remembered = new();

    private sealed record Known(Counts Counts, DateTimeOffset? LastRetry, Pace Pace, double? Rate, long At, TimeSpan Took);

    public async Task<Progress> Of(Dispatch dispatch, CancellationToken ct)
    {
        if (dispatch.Phase == DispatchPhase.Done)
        {
            _remembered.TryRemove(dispatch.Id, out _);
            return new(dispatch.Counts, 0, null);
        }
        if (!_remembered.TryGetValue(dispatch.Id, out var known) || clock.GetElapsedTime(known.At) > known.Took * Rest)
        {
            var begun = clock.GetTimestamp();
            var counts = await ledger.Count(dispatch.Id, ct);
            var lastRetry = counts.Open > 0 ? await ledger.LastRetry(dispatch.Id, ct) : null;
            var pace = known?.Pace ?? new Pace();
            double? rate;
            lock (pace) rate = pace.Count(counts.Sent, dispatch.StartedAt, clock.GetUtcNow());
            _remembered[dispatch.Id] = known = new(counts, lastRetry, pace, rate, clock.GetTimestamp(), clock.GetElapsedTime(begun));
            if (_remembered.Count > Most)
                foreach (var (id, old) in _remembered.Where(r => clock.GetElapsedTime(r.Value.At) > Unasked)) _remembered.TryRemove(new(id, old));
        }
        return new(known.Counts, dispatch.Eta(known.Counts, known.LastRetry, clock.GetUtcNow()), known.Rate);
    }
}
