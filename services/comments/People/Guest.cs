using Platform.ServiceDefaults;

namespace Platform.Comments.People;

/// <summary>A reply that its receiver has not been told of.</summary>
/// <param name="CommentId">The reply.</param>
public sealed record WaitingReply(Guid CommentId, DateTimeOffset At);

/// <summary>What is known of a guest beyond his comments: whether the address is his. One for each address. Pure.</summary>
public sealed record Guest : IDocument, Privacy.IHoldsAddress
{
    /// <summary>One mail in so long asks for the proof of an address.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromHours(24);

    /// <summary>Between two mails about replies; what comes meanwhile comes together.</summary>
    public static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(15);

    /// <summary>More replies than this wait as a number only.</summary>
    public const int MaxReplies = 200;

    /// <summary>Followed from the address when he was met first (see <see cref="Guests.Id"/>); he is found by <see cref="Author"/>, and what he holds names him by this.</summary>
    public required Guid Id { get; init; }

    public required long Version { get; init; }

    /// <summary>Keyed hash of the address, as in <see cref="Comment.Author"/>. After an erasure it is all that is left: the tombstone.</summary>
    public required byte[] Author { get; init; }

    /// <summary>Of a tombstone: his hashes under the other keys that there were.</summary>
    public IReadOnlyList<byte[]> Also { get; init; } = [];

    /// <summary>The address, sealed; null once erased.</summary>
    public byte[]? Email { get; init; }

    /// <inheritdoc/>
    public string? AddressKey { get; init; }

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

    /// <param name="from">Has his address, under the newest key.</param>
    public Guest Ask(Comment from, string language, DateTimeOffset now) =>
        this with { Version = Version + 1, Email = from.Email, Author = from.Author!, AddressKey = from.AddressKey, Language = language, AskedAt = now };

    public Guest Prove(DateTimeOffset now) => this with { Version = Version + 1, ProvedAt = now };

    /// <param name="authors">All his hashes, the newest key's first.</param>
    public Guest Erase(IReadOnlyList<byte[]> authors, DateTimeOffset now) => this with
    {
        Version = Version + 1,
        Email = null,
        AddressKey = null,
        Also = [.. Also.Concat(authors).Where(a => !a.AsSpan().SequenceEqual(Author)).DistinctBy(Convert.ToHexString)],
        AskedAt = null,
        ProvedAt = null,
        Replies = [],
        RepliesDue = null,
        RepliesOff = false,
        ErasedAt = now,
    };

    /// <summary>With what another document knows of the same guest.</summary>
    public Guest With(Guest other) => this with
    {
        Version = Version + 1,
        AskedAt = Later(AskedAt, other.AskedAt),
        ProvedAt = ProvedAt ?? other.ProvedAt,
        RepliesOff = RepliesOff || other.RepliesOff,
        Replies = [.. Replies.Concat(other.Replies).DistinctBy(r => r.CommentId).Take(MaxReplies)],
        RepliesDue = RepliesDue ?? other.RepliesDue,
        RepliesToldAt = Later(RepliesToldAt, other.RepliesToldAt),
        ErasedAt = Later(ErasedAt, other.ErasedAt),
        Also = [.. Also.Concat(other.Also).DistinctBy(Convert.ToHexString)],
    };

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one > other || other is null ? one : other;

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
