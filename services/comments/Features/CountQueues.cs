namespace Platform.Comments.Features;

/// <summary>The newsroom's counters: how much waits for moderators.</summary>
public static class CountQueues
{
    /// <summary>Beyond it nobody counts on; so a question costs the same whatever waits.</summary>
    public const int Most = 10_000;

    /// <param name="Held">At most <see cref="Most"/>, as for the other.</param>
    /// <param name="Reported">Since a moderator decided last, in whatever status.</param>
    public sealed record QueueCounts(long Held, long Reported);

    /// <summary>How many comments are held, and how many are reported; as they are now.</summary>
    public static async Task<QueueCounts> Handle(CommentStore comments, CancellationToken ct)
    {
        var (held, reported) = await comments.CountWaiting(Most, ct);
        return new(held, reported);
    }
}
