using System.Globalization;
using System.Text.Json;
using Platform.Notifications.Features;
using Platform.Notifications.Jobs;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Live;

/// <summary>
/// Looks every second how dispatches have changed, and tells this replica's readers. It asks the store alone, and only while somebody reads: so all replicas show the same, whoever does the
/// work. What is told is how a dispatch stands, and not what happened to it: who missed something has missed nothing once he hears the next.
/// </summary>
public sealed class DispatchTail(DispatchStore dispatches, RunningCounts counts, Signals signals, TimeProvider clock, LeaseStore leases, ILogger<DispatchTail> logger) : RecurringJob(Interval, signals.Dispatches, null, leases, logger)
{
    private const int MostReaders = 1_000, MostDispatches = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A change is in the store so long after the time that it carries; clocks of replicas included.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<Reading> _readers = [];
    private Dictionary<Guid, ShowDispatches.DispatchView> _told = [];
    private DateTimeOffset? _upTo;
    private long _toldAt;

    /// <param name="since">From when on the reader wants to know; null: only what is under way.</param>
    private sealed class Reading(LiveReader<string> reader, DateTimeOffset? since)
    {
        public LiveReader<string> Reader => reader;
        public DateTimeOffset? Since => since;
        public bool IsNew { get; set; } = true;
    }

    /// <summary>Joins. The reader hears at once what is under way and what has changed since then, and from now on what changes; each time the events of a second, as they go over the wire.</summary>
    /// <returns>Null where this replica has as many readers as it can.</returns>
    public LiveReader<string>? Join(DateTimeOffset? since)
    {
        lock (_lock)
        {
            if (_readers.Count >= MostReaders) return null;
            var reader = new LiveReader<string>();
            _readers.Add(new(reader, since));
            signals.Dispatches.Raise();
            return reader;
        }
    }

    public void Leave(LiveReader<string> reader)
    {
        lock (_lock) _readers.RemoveAll(r => r.Reader == reader);
        reader.Dispose();
    }

    protected override async Task Run(CancellationToken ct)
    {
        DateTimeOffset? since;
        lock (_lock)
        {
            if (_readers.Count == 0)
            {
                _upTo = null;
                _told = [];
                return;
            }
            since = _readers.Where(r => r.IsNew).Select(r => r.Since).Append(_upTo).Min();
        }
        var now = clock.Now();
        var views = new Dictionary<Guid, (ShowDispatches.DispatchView View, DateTimeOffset ChangedAt)>();
        foreach (var dispatch in (await dispatches.FindUnderWay(MostDispatches, ct)).Concat(await dispatches.FindChanged((since ?? now) - Overlap, MostDispatches, ct)))
            views[dispatch.Id] = (await ShowDispatches.View(dispatch, counts, ct), dispatch.ChangedAt ?? default);
        Tell(views, now);
    }

    private void Tell(Dictionary<Guid, (ShowDispatches.DispatchView View, DateTimeOffset ChangedAt)> views, DateTimeOffset now)
    {
        lock (_lock)
        {
            var text = views.ToDictionary(v => v.Key, v => $"event: dispatch\nid: {now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}\ndata: {JsonSerializer.Serialize(v.Value.View, StrictJson.Options)}\n\n");
            foreach (var joined in _readers.Where(r => r.IsNew))
            {
                joined.IsNew = false;
                joined.Reader.Tell(string.Concat(views.Where(v => v.Value.View.Phase != DispatchPhase.Done || v.Value.ChangedAt >= joined.Since - Overlap).OrderBy(v => v.Key).Select(v => text[v.Key])));
            }
            // Who joined in between must not make it more than one a second for the others; they are told by the next look.
            if (_upTo is not null && clock.GetElapsedTime(_toldAt) < Interval / 2) return;
            var changed = string.Concat(views.Where(v => !_told.TryGetValue(v.Key, out var told) || told != Lasting(v.Value.View)).OrderBy(v => v.Key).Select(v => text[v.Key]));
            if (changed.Length > 0)
                foreach (var reader in _readers) reader.Reader.Tell(changed);
            _told = views.ToDictionary(v => v.Key, v => Lasting(v.Value.View));
            (_upTo, _toldAt) = (now, clock.GetTimestamp());
        }
    }

    /// <summary>Without what changes by itself while nothing happens.</summary>
    private static ShowDispatches.DispatchView Lasting(ShowDispatches.DispatchView view) => view with { EtaSeconds = null, RatePerSecond = null };
}
