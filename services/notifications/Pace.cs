namespace Platform.Notifications;

/// <summary>How fast a dispatch goes: what was sent within the last half minute, out of counts that come whenever somebody asks.</summary>
public sealed class Pace
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    /// <summary>Counts that are nearer to the one before than this are not kept, so that many who ask cost no memory.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private readonly List<(DateTimeOffset At, long Sent)> _counts = [];

    /// <summary>Takes a count.</summary>
    /// <param name="sent">All that were sent so far.</param>
    /// <param name="started">When the dispatch began.</param>
    /// <returns>Sent a second, lately; null where only one count is known, and the dispatch is older than the window.</returns>
    public double? Count(long sent, DateTimeOffset started, DateTimeOffset now)
    {
        // The one kept that is just older than the window stays: from there the window is measured.
        while (_counts.Count > 1 && now - _counts[1].At >= Window) _counts.RemoveAt(0);
        if (_counts.Count == 0 || now - _counts[^1].At >= Apart || now < _counts[^1].At) _counts.Add((now, sent));
        var from = now - started <= Window ? (At: started, Sent: 0) : _counts[0];
        var seconds = (now - from.At).TotalSeconds;
        return seconds <= 0 ? null : Math.Round(Math.Max(0, sent - from.Sent) / seconds, 1);
    }
}
