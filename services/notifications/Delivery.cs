using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Platform.Notifications.Channels;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

/// <summary>The states of a delivery; README.md draws how they follow one another.</summary>
public enum DeliveryState
{
    /// <summary>In the ledger, not begun.</summary>
    Planned,

    /// <summary>Claimed by a worker: the mail may be on its way.</summary>
    Sending,

    /// <summary>Refused for now, or in the reader's quiet hours; tried again when due.</summary>
    Waiting,

    /// <summary>The mail server took it.</summary>
    Sent,

    /// <summary>The mail server refused it for good, or for 24 hours.</summary>
    Failed,

    /// <summary>It was on its way when the worker or the connection died: perhaps the reader has it. Never repeated by itself.</summary>
    Uncertain,

    /// <summary>Not to be sent any more: the reader has unsubscribed, or the article was withdrawn.</summary>
    Suppressed,
}

/// <summary>A row of the ledger: one dispatch to one subscription.</summary>
/// <param name="Id">See <see cref="IdOf(Guid, Guid)"/>.</param>
/// <param name="Page">Of the dispatch.</param>
/// <param name="Attempts">Times that sending was begun, or found no server.</param>
/// <param name="FirstAt">The first of them.</param>
/// <param name="Due">While not settled: when somebody looks at it again. Planned: a page message has been lost. Sending: the worker may be dead. Waiting: the next try.</param>
/// <param name="Worker">The process that sends it.</param>
/// <param name="Claim">What that process claimed it under (UUIDv7, so it tells when); only under this claim is it settled.</param>
/// <param name="Answer">The mail server's last words, or why it was suppressed. Without addresses.</param>
/// <param name="At">When it was settled.</param>
/// <param name="ArticleVersion">Which version of the article was sent.</param>
/// <param name="Channel">Null is e-mail.</param>
/// <param name="Period">Of a digest: the day or week that it is for; see <see cref="Schedule.Period"/>.</param>
/// <param name="Editions">Of a digest: the dispatches of the articles that it tells of, newest first.</param>
/// <param name="Shown">Of a digest that was sent, or may have been: which versions of which articles it told of.</param>
/// <param name="UpTo">Of a digest: when it was to go out; it tells of what came until then.</param>
/// <param name="Follows">A correction for a reader who got the article before: sent whatever the reader's topics are now.</param>
public sealed record Delivery(Guid Id, Guid DispatchId, Guid SubscriptionId, int Page, DeliveryState State, int Attempts, DateTimeOffset? FirstAt, DateTimeOffset? Due, Guid? Worker, Guid? Claim, string? Answer, DateTimeOffset? At,
    long? ArticleVersion = null, bool? Follows = null, Channel? Channel = null, string? Period = null, IReadOnlyList<Guid>? Editions = null, DateTimeOffset? UpTo = null, IReadOnlyList<ShownArticle>? Shown = null)
{
    /// <summary>Page messages that are not handled after so long are helped along.</summary>
    public static readonly TimeSpan PageLost = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromHours(1), Patience = TimeSpan.FromHours(24);

    public static Delivery Plan(Guid dispatch, Guid subscription, int page, DateTimeOffset now, bool follows = false, Channel? channel = null) =>
        new(IdOf(dispatch, subscription), dispatch, subscription, page, DeliveryState.Planned, 0, null, now + PageLost, null, null, null, null, Follows: follows ? true : null, Channel: channel);

    /// <summary>A digest. Its id is that of subscription and period, so that there is one for each, whichever run plans it.</summary>
    public static Delivery PlanDigest(Dispatch run, Guid subscription, Channel? channel, string period, IReadOnlyList<Guid> editions, DateTimeOffset upTo, DateTimeOffset now) =>
        new(IdOf(subscription, period), run.Id, subscription, run.Pages, DeliveryState.Planned, 0, null, now + PageLost, null, null, null, null, Channel: channel, Period: period, Editions: editions, UpTo: upTo);

    /// <summary>Those that can be sent again by hand.</summary>
    public bool CanBeResent => State is DeliveryState.Failed or DeliveryState.Uncertain;

    /// <summary>
    /// A UUIDv7 (RFC 9562) of the dispatch's time whose random bits are a hash of dispatch and subscription: so there is one row per pair,
    /// without a further index, and rows of one dispatch lie together.
    /// </summary>
    public static Guid IdOf(Guid dispatch, Guid subscription)
    {
        Span<byte> pair = stackalloc byte[32];
        dispatch.TryWriteBytes(pair, bigEndian: true, out _);
        subscription.TryWriteBytes(pair[16..], bigEndian: true, out _);
        return HashedId.Of(pair, HashedId.UnixMilliseconds(dispatch));
    }

    /// <summary>A UUIDv7 of the period's first day, whose random bits are a hash of subscription and period.</summary>
    /// <param name="period">See <see cref="Schedule.Period"/>.</param>
    public static Guid IdOf(Guid subscription, string period)
    {
        Span<byte> pair = stackalloc byte[16 + 32];
        subscription.TryWriteBytes(pair, bigEndian: true, out _);
        SHA256.HashData(Encoding.UTF8.GetBytes(period), pair[16..]);
        return HashedId.Of(pair, Schedule.FirstDay(period).ToUnixTimeMilliseconds());
    }

    /// <summary>When it was claimed last.</summary>
    public DateTimeOffset? ClaimedAt()
    {
        if (Claim is not { } claim) return null;
        Span<byte> bytes = stackalloc byte[16];
        claim.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16));
    }

    /// <summary>When a temporary refusal is tried again: after 10 s, then doubling to 1 h, for 24 h.</summary>
    /// <param name="attempts">Attempts made, this one included.</param>
    /// <returns>Null when it is given up.</returns>
    public static DateTimeOffset? Retry(int attempts, DateTimeOffset first, DateTimeOffset now)
    {
        var pause = attempts > 20 ? LongestPause : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << (attempts - 1)));
        return now + pause <= first + Patience ? now + pause : null;
    }
}

/// <summary>An article as a digest showed it.</summary>
public sealed record ShownArticle(Guid Article, long Version);

/// <summary>How a claimed delivery ended, or goes on.</summary>
/// <param name="Due">The next try, where it waits for one.</param>
/// <param name="ArticleVersion">What was sent, or may have been.</param>
/// <param name="Shown">The same of a digest.</param>
/// <param name="Untried">The claim counts as no try: it came at a wrong time.</param>
/// <param name="First">That claim was the first one.</param>
public sealed record Settlement(Guid Id, Guid Claim, DeliveryState State, string? Answer, DateTimeOffset? Due = null, long? ArticleVersion = null, bool Untried = false, bool First = false, IReadOnlyList<ShownArticle>? Shown = null);
