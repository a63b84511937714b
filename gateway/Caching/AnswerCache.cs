using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Caching;

/// <summary>
/// The answers in memory, found by key and evicted by tag. An answer is fresh while nothing it shows has changed, the broker is in touch
/// (else a change might go unheard), and it is not older than <see cref="CacheSettings.MaxAge"/>. What is no longer fresh stays as a reserve
/// for when its part is down; what was withdrawn does not.
/// </summary>
public sealed class AnswerCache : IDisposable
{
    /// <summary>Changes are remembered so long against answers that were asked for before them; one that took longer is not kept.</summary>
    private static readonly TimeSpan LongestAsking = TimeSpan.FromMinutes(2);
    private const int ManyChanges = 10_000;

    private readonly ConcurrentDictionary<string, CachedAnswer> _answers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<CachedAnswer>> _byTag = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Change> _changes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly CacheSettings _settings;
    private readonly TimeProvider _clock;
    private readonly Meter _meter = new(Telemetry.Name);
    private readonly Counter<long> _hits, _misses, _reserves;
    private long _epoch, _size;
    private volatile bool _inTouch;

    public AnswerCache(CacheSettings settings, TimeProvider clock)
    {
        (_settings, _clock) = (settings, clock);
        _hits = _meter.CreateCounter<long>("platform.gateway.cache.hits", "{answer}", "Answers given from memory.");
        _misses = _meter.CreateCounter<long>("platform.gateway.cache.misses", "{answer}", "Answers that might be kept and were asked for.");
        _reserves = _meter.CreateCounter<long>("platform.gateway.cache.reserves", "{answer}", "Outdated answers given because a part was down.");
        _meter.CreateObservableGauge("platform.gateway.cache.size", () => Size, "By", "Memory that the answers take.");
    }

    /// <param name="At">When it was heard of.</param>
    /// <param name="Withdrawn">What shows it must not be shown again.</param>
    private readonly record struct Change(long At, bool Withdrawn);

    /// <summary>Whether changes are heard of; see <see cref="BrokerTouch"/>.</summary>
    public bool InTouch
    {
        get => _inTouch;
        set => _inTouch = value;
    }

    /// <summary>Raised when changes may have gone unheard: answers of an earlier epoch are outdated.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    public int Count => _answers.Count;

    public long Size => Interlocked.Read(ref _size);

    /// <summary>The answer under this key, if it is fresh.</summary>
    public CachedAnswer? Fresh(string key)
    {
        if (!_answers.TryGetValue(key, out var answer) || answer.Outdated || answer.Epoch != Epoch) return null;
        var now = _clock.GetTimestamp();
        if (_clock.GetElapsedTime(answer.AskedAt, now) > (InTouch ? _settings.MaxAge : _settings.MaxAgeOutOfTouch)) return null;
        answer.UsedAt = now;
        return answer;
    }

    /// <summary>The answer under this key, fresh or not: for when its part is down.</summary>
    public CachedAnswer? Reserve(string key) => _answers.GetValueOrDefault(key);

    /// <summary>An answer that is only old: nothing is known against it, and while one request asks anew the others may have it.</summary>
    public CachedAnswer? Aged(string key) => InTouch && _answers.TryGetValue(key, out var answer) && !answer.Outdated && answer.Epoch == Epoch ? answer : null;

    public void Hit() => _hits.Add(1);

    public void Missed() => _misses.Add(1);

    public void Reserved() => _reserves.Add(1);

    /// <summary>Keeps an answer. Where something it shows has changed since it was asked for, it is kept as outdated, or not at all.</summary>
    public void Put(CachedAnswer answer)
    {
        lock (_lock)
        {
            if (_clock.GetElapsedTime(answer.AskedAt) > LongestAsking) return;
            var changes = answer.Tags.Select(t => _changes.GetValueOrDefault(t)).Where(c => c.At >= answer.AskedAt).ToList();
            if (changes.Exists(c => c.Withdrawn)) return;
            if (changes.Count > 0) answer.Outdated = true;
            Take(answer.Key);
            _answers[answer.Key] = answer;
            foreach (var tag in answer.Tags) (_byTag.TryGetValue(tag, out var tagged) ? tagged : _byTag[tag] = []).Add(answer);
            _size += answer.Size;
            answer.UsedAt = _clock.GetTimestamp();
            if (_size > _settings.MaxBytes) MakeRoom();
        }
    }

    /// <summary>The part says that there is nothing to keep under this key (any more).</summary>
    public void Remove(string key)
    {
        if (!_answers.ContainsKey(key)) return;
        lock (_lock) Take(key);
    }

    /// <summary>What shows any of these has changed.</summary>
    /// <param name="withdrawn">It must not be shown again, not even in need.</param>
    public void Evict(IEnumerable<string> tags, bool withdrawn = false)
    {
        lock (_lock)
        {
            var now = _clock.GetTimestamp();
            foreach (var tag in tags)
            {
                _changes[tag] = new(now, withdrawn || (_changes.TryGetValue(tag, out var before) && before.Withdrawn));
                if (!_byTag.TryGetValue(tag, out var tagged)) continue;
                foreach (var answer in tagged.ToList())
                {
                    answer.Outdated = true;
                    if (withdrawn) Take(answer.Key);
                }
            }
            if (_changes.Count > ManyChanges) foreach (var (tag, change) in _changes.ToList()) if (_clock.GetElapsedTime(change.At, now) > LongestAsking) _changes.Remove(tag);
        }
    }

    /// <summary>Changes may have gone unheard: everything is outdated, and so is what is being asked for.</summary>
    public void OutdateAll() => Interlocked.Increment(ref _epoch);

    public void Dispose() => _meter.Dispose();

    private void Take(string key)
    {
        if (!_answers.TryRemove(key, out var answer)) return;
        foreach (var tag in answer.Tags)
            if (_byTag.TryGetValue(tag, out var tagged) && tagged.Remove(answer) && tagged.Count == 0) _byTag.Remove(tag);
        _size -= answer.Size;
    }

    /// <summary>A tenth goes at a time, the longest unused first.</summary>
    private void MakeRoom()
    {
        foreach (var answer in _answers.Values.OrderBy(a => a.UsedAt).ToList())
        {
            if (_size <= _settings.MaxBytes * 9 / 10) break;
            Take(answer.Key);
        }
    }
}
