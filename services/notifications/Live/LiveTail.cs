using Platform.Notifications.Jobs;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Live;

/// <summary>Reads the log as it grows, and tells this replica's readers, in order. Hastened by a queue of the replica's own; looks every second by itself. What it has passed is written and stays so: whoever joins there can read what is before it, and hears what is after it.</summary>
public sealed class LiveTail(LiveLogStore log, Signals signals, TimeProvider clock, LeaseStore leases, ILogger<LiveTail> logger) : RecurringJob(TimeSpan.FromSeconds(1), signals.Live, null, leases, logger)
{
    private const int Page = 100, MostReaders = 20_000;

    /// <summary>A number is missing: whoever took it is about to write its entry, or has died over it.</summary>
    private static readonly TimeSpan GapPatience = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _begin = new(1);
    private readonly HashSet<LiveReader<LiveEntry>> _readers = [];
    private long _position = -1;
    private (long Number, long Since)? _gap;

    /// <summary>Joins.</summary>
    /// <returns>The reader, and the last entry that it does not hear; null where this replica has as many readers as it can.</returns>
    public async Task<(LiveReader<LiveEntry> Reader, long Position)?> Join(CancellationToken ct)
    {
        await Begin(ct);
        lock (_lock)
        {
            if (_readers.Count >= MostReaders) return null;
            var reader = new LiveReader<LiveEntry>();
            _readers.Add(reader);
            return (reader, _position);
        }
    }

    public void Leave(LiveReader<LiveEntry> reader)
    {
        lock (_lock) _readers.Remove(reader);
        reader.Dispose();
    }

    protected override async Task Run(CancellationToken ct)
    {
        await Begin(ct);
        while (await Next(ct)) { }
    }

    private async Task Begin(CancellationToken ct)
    {
        if (Interlocked.Read(ref _position) >= 0) return;
        await _begin.WaitAsync(ct);   // one asks, however many have come already
        try
        {
            if (_position >= 0) return;
            var last = await log.Last(ct);
            lock (_lock) _position = last;
        }
        finally { _begin.Release(); }
    }

    private async Task<bool> Next(CancellationToken ct)
    {
        var entries = await log.Read(_position, long.MaxValue, Page, ct);
        foreach (var entry in entries)
        {
            if (entry.Id > _position + 1 && !GapIsOver(_position + 1)) return false;
            lock (_lock)
            {
                _position = entry.Id;
                foreach (var reader in _readers) reader.Tell(entry);
            }
        }
        return entries.Count == Page;
    }

    private bool GapIsOver(long number)
    {
        if (_gap?.Number != number) _gap = (number, clock.GetTimestamp());
        return clock.GetElapsedTime(_gap!.Value.Since) > GapPatience;
    }
}
