using System.Collections.Concurrent;

namespace Platform.Notifications.Live;

/// <summary>
/// What readers of the live stream have missed, out of the log. When a gateway or a network comes back, thousands resume at the same moment, nearly all from the same entry: whoever asks for
/// what is being read already shares that read, and only a few reads are on their way at a time, so that the rest of the service still finds connections to the store.
/// </summary>
public sealed class LiveReplay(LiveLogStore log)
{
    public const int Page = 100, AtOnce = 4;

    private readonly SemaphoreSlim _reads = new(AtOnce);
    private readonly ConcurrentDictionary<(long After, long Until), Lazy<Task<List<LiveEntry>>>> _underWay = new();

    /// <summary>The entries after a number, in order; at most a page.</summary>
    /// <param name="until">The last one wanted.</param>
    /// <param name="ct">Ends the waiting, not a read that others share.</param>
    public Task<List<LiveEntry>> Read(long after, long until, CancellationToken ct) =>
        _underWay.GetOrAdd((after, until), key => new(() => Task.Run(() => Read(key), CancellationToken.None))).Value.WaitAsync(ct);

    private async Task<List<LiveEntry>> Read((long After, long Until) key)
    {
        await _reads.WaitAsync();
        try { return await log.Read(key.After, key.Until, Page, CancellationToken.None); }
        finally
        {
            _underWay.TryRemove(key, out _);
            _reads.Release();
        }
    }
}
