using Platform.ServiceDefaults;

namespace Platform.Comments.People;

/// <summary>A reply that its receiver has not been told of.</summary>
/// <param name="CommentId">The reply.</param>
public sealed record WaitingReply(Guid CommentId, DateTimeOffset At);

/// <summary>What is known of a guest beyond his comments: whether the address is his. One for each address. Pure.</summary>
public sealed record Guest : IDocument
{
    /// <summary>One mail in so long asks for the proof of an address.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromHours(24);

    /// <summary>Between two mails about replies; what comes meanwhile comes together.</summary>
    public static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(15);

    /// <summary>More replies than this wait as a number only.</summary>
    public const int MaxReplies = 200;

    /// <summary>Follows from the address (see <see cref="Guests.Id"/>).</summary>
    public required Guid Id { get; init; }

    public required long Version { get; init; }

    /// <summary>Keyed hash of the address, as in <see cref="Comment.Author"/>. After an erasure it is all that is left: the tombstone.</summary>
    public required byte[] Author { get; init; }

    /// <summary>The address, sealed; null once erased.</summary>
    public byte[]? Email { get; init; }

    /// <summary>Of the article that he wrote under last: mails are in it.</summary>
    public required string Language { get; init; }

    public DateTimeOffset? AskedAt { get; init; }
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>He has had enough of mails about replies.</summary>
    public bool RepliesOff { get; init; }

    public IReadOnlyList<WaitingReply> Replies { get; init; } = [];

    /// <summary>When a mail about the waiting replies is due; null where none wait.</summary>
    public DateTimeOffset? RepliesDue { get; init; }

    public DateTimeOffset? RepliesToldAt { get; init; }

    /// <summary>Everything that he wrote until then is to be gone, also where an older backup brings it back.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    public bool IsProved => ProvedAt is not null;

    /// <summary>Whether to send him the link now.</summary>
    public bool MayBeAsked(DateTimeOffset now) => !IsProved && !(AskedAt > now - AskEvery);

    public Guest Ask(byte[] email, string language, DateTimeOffset now) => this with { Version = Version + 1, Email = email, Language = language, AskedAt = now };

    public Guest Prove(DateTimeOffset now) => this with { Version = Version + 1, ProvedAt = now };

    public Guest Erase(DateTimeOffset now) => this with { Version = Version + 1, Email = null, AskedAt = null, ProvedAt = null, Replies = [], RepliesDue = null, RepliesOff = false, ErasedAt = now };

    public Guest TurnRepliesOff() => this with { Version = Version + 1, RepliesOff = true, Replies = [], RepliesDue = null };

    /// <summary>With one more reply to tell of; the same where it waits already, or he is not to be told.</summary>
    public Guest Await(Guid reply, DateTimeOffset now) => !IsProved || RepliesOff || Replies.Count >= MaxReplies || Replies.Any(r => r.CommentId == reply) ? this : this with
    {
        Version = Version + 1,
        Replies = [.. Replies, new(reply, now)],
        RepliesDue = RepliesDue ?? (RepliesToldAt + TellEvery is { } next && next > now ? next : now),
    };

    /// <summary>The waiting ones are told.</summary>
    public Guest Told(DateTimeOffset now) => this with { Version = Version + 1, Replies = [], RepliesDue = null, RepliesToldAt = now };
}
