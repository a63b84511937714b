using System.Collections.Concurrent;

namespace Platform.Notifications;

/// <summary>Counts of dispatches that are under way. Counting a million rows takes a second, so who asks often is shown a count of a moment ago.</summary>
public sealed class RunningCounts(LedgerStore ledger, TimeProvider clock)
{
    /// <summary>A count is shown for so many times the time that it took.</summary>
    private const int Rest = 10;
    private readonly ConcurrentDictionary<Guid, (Counts Counts, DateTimeOffset? LastRetry, long At, TimeSpan Took)> _remembered = new();

    /// <returns>The counts, and the seconds left (see <see cref="Dispatch.Eta"/>).</returns>
    public async Task<(Counts Counts, long? Eta)> Of(Dispatch dispatch, CancellationToken ct)
    {
        if (dispatch.Phase == DispatchPhase.Done)
        {
            _remembered.TryRemove(dispatch.Id, out _);
            return (dispatch.Counts, 0);
        }
        if (!_remembered.TryGetValue(dispatch.Id, out var known) || clock.GetElapsedTime(known.At) > known.Took * Rest)
        {
            var begun = clock.GetTimestamp();
            var counts = await ledger.Count(dispatch.Id, ct);
            var lastRetry = counts.Open > 0 ? await ledger.LastRetry(dispatch.Id, ct) : null;
            _remembered[dispatch.Id] = known = (counts, lastRetry, clock.GetTimestamp(), clock.GetElapsedTime(begun));
        }
        return (known.Counts, dispatch.Eta(known.Counts, known.LastRetry, clock.GetUtcNow()));
    }
}
