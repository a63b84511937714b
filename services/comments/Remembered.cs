using System.Diagnostics;

namespace Platform.Comments;

/// <summary>
/// What was read of the store, good for a while: so that not every comment asks for it again. What is remembered is never older than it says: a reading that began before another one,
/// or before something was changed here, is given to whoever asked for it and not kept, however late it ends.
/// </summary>
/// <param name="good">How old it may be.</param>
public sealed class Remembered<T>(TimeSpan good) where T : class
{
    private readonly System.Threading.Lock _gate = new();
    private Kept? _kept;
    private long _forgotten;

    private sealed record Kept(T Value, long At, bool Good);

    /// <summary>What was read last, however old; null before anything was.</summary>
    public T? Last => Volatile.Read(ref _kept)?.Value;

    /// <summary>What is good still, or null.</summary>
    public T? Fresh => Volatile.Read(ref _kept) is { Good: true } kept && Stopwatch.GetElapsedTime(kept.At) < good ? kept.Value : null;

    /// <param name="read">Reads it anew; given what was read last, of which it may keep what is the same still.</param>
    public async Task<T> Read(Func<T?, Task<T>> read)
    {
        if (Fresh is { } fresh) return fresh;
        var (at, forgotten) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref _forgotten));
        var value = await read(Last);
        lock (_gate)
            if (forgotten == _forgotten && !(_kept is { Good: true, At: var later } && later > at)) _kept = new(value, at, Good: true);
        return value;
    }

    /// <summary>It was changed here: whoever asks from now on gets what is true then.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _forgotten++;
            if (_kept is { } kept) _kept = kept with { Good = false };
        }
    }
}
