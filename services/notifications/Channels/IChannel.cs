namespace Platform.Notifications.Channels;

/// <summary>A way to a subscriber.</summary>
public enum Channel
{
    Email,
    Push,
}

/// <summary>One delivery, with all that a channel needs to make a message of it.</summary>
/// <param name="Article">Of a digest: its first one.</param>
/// <param name="Digest">Of a digest: all that it tells of, at least one; else null.</param>
public sealed record Outgoing(Delivery Row, Dispatch Dispatch, KnownArticle Article, Subscription To, IReadOnlyList<DigestItem>? Digest = null);

/// <summary>An article in a digest.</summary>
/// <param name="Note">What a correction says to readers, where the digest tells of one.</param>
public sealed record DigestItem(KnownArticle Article, string? Note);

public enum OutcomeKind
{
    /// <summary>Taken by whoever carries it on.</summary>
    Accepted,

    /// <summary>Refused for now, or lost before it was taken.</summary>
    Later,

    /// <summary>Refused for good.</summary>
    Refused,

    /// <summary>Refused for good, and so will be whatever goes there: nobody is there any more.</summary>
    Gone,

    /// <summary>There was nobody to give it to; others of the channel need not be tried now.</summary>
    Unreachable,

    /// <summary>Lost after its end was sent and before an answer: it may have been taken.</summary>
    Uncertain,

    /// <summary>Not sent on purpose.</summary>
    Suppressed,

    /// <summary>Not tried: the reader's quiet hours, until <see cref="Outcome.NotBefore"/>.</summary>
    Quiet,
}

/// <summary>What became of a message.</summary>
/// <param name="Answer">What the other side said, or what failed; at most 300 characters, without the recipient's address.</param>
/// <param name="NotBefore">With <see cref="OutcomeKind.Later"/>: no try is made earlier, where the other side said so.</param>
public sealed record Outcome(OutcomeKind Kind, string? Answer, DateTimeOffset? NotBefore = null)
{
    public static readonly Outcome Accepted = new(OutcomeKind.Accepted, null);

    public static Outcome Later(string answer, DateTimeOffset? notBefore = null) => new(OutcomeKind.Later, answer, notBefore);
    public static Outcome Refused(string answer) => new(OutcomeKind.Refused, answer);
    public static Outcome Gone(string answer) => new(OutcomeKind.Gone, answer);
    public static Outcome Unreachable(string answer) => new(OutcomeKind.Unreachable, answer);
    public static Outcome Uncertain(string answer) => new(OutcomeKind.Uncertain, answer);
    public static Outcome Suppressed(string reason) => new(OutcomeKind.Suppressed, reason);
    public static Outcome Quiet(DateTimeOffset until) => new(OutcomeKind.Quiet, "quiet hours", until);
}

/// <summary>
/// Carries deliveries to subscribers. Each channel has a queue, workers, limits and connections of its own, so that a slow one holds up nobody but itself;
/// the ledger, the tries and the counts are the same for all (<see cref="Deliverer"/>).
/// </summary>
public interface IChannel
{
    Channel Kind { get; }

    /// <summary>Deliveries of one page that are on their way at the same time.</summary>
    int AtOnce { get; }

    /// <summary>Ends within <see cref="Worker.LongestClaim"/>, and is not cancelled, since what is half sent is uncertain. What it throws is a defect of ours, and nothing has gone out.</summary>
    Task<Outcome> Send(Outgoing delivery);
}
