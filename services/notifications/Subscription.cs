using Platform.Notifications.Channels;
using Platform.Notifications.Push;
using Platform.ServiceDefaults;

namespace Platform.Notifications;

public enum SubscriptionStatus
{
    /// <summary>Asked for, not confirmed; goes by itself.</summary>
    Pending,
    Confirmed,

    /// <summary>Unsubscribed; goes by itself.</summary>
    Ended,
}

/// <summary>What a subscriber chooses.</summary>
/// <param name="Language">Of the mails; one of PLATFORM_LANGUAGES.</param>
public sealed record Preferences(string Language, Topics Topics, Schedule Schedule)
{
    /// <summary>See <see cref="Topics.Keys"/>.</summary>
    public IReadOnlyList<string> Keys() => Topics.Keys(Language);
}

/// <summary>What somebody asked for in a subscriber's name, to hold once the subscriber confirms it.</summary>
/// <param name="Keys">What a new article finds them by (see <see cref="Topics.Keys"/>); none for a digest.</param>
public sealed record Wish(Preferences Preferences, IReadOnlyList<string> Keys)
{
    public static Wish For(Preferences preferences) => new(preferences, preferences.Schedule.IsDigest ? [] : preferences.Keys());
}

/// <summary>The confirmation mail, and the token in its link.</summary>
/// <param name="Id">The mail's id; its token is derived from it.</param>
/// <param name="TokenHash">The token is nowhere in clear.</param>
/// <param name="UsedAt">When the token was used; it works once.</param>
/// <param name="Due">When the mail is to be sent, or to be tried again; null once it is sent, or given up.</param>
public sealed record Confirmation(Guid Id, string TokenHash, DateTimeOffset RequestedAt, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, DateTimeOffset? Due, int Attempts)
{
    /// <summary>How long the link works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>An address gets at most one confirmation mail in this time, whoever asks for how many.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(24);
}

/// <summary>One reader's subscription: by e-mail, one per address, confirmed by a link sent there (double opt-in); or by push, one per browser, which has asked its reader.</summary>
/// <param name="Version">Counts changes of <paramref name="Preferences"/> and <paramref name="Status"/>.</param>
/// <param name="AddressKey">See <see cref="EmailAddress.Key"/>; unique.</param>
/// <param name="Preferences">What holds; null before the first confirmation.</param>
/// <param name="Keys">What the preferences match by while confirmed for mails at once, else empty: a digest looks for its articles by itself.</param>
/// <param name="PurgeAt">When the document goes by itself; far away while confirmed.</param>
/// <param name="KeywordsAt">While confirmed with keywords: when they were chosen; see <see cref="KeywordIndex"/>.</param>
/// <param name="DigestDue">While confirmed with a digest: when the next one goes out. Where that is no hour of the schedule, it was chosen just then, and is put to the first hour after.</param>
/// <param name="DigestFrom">While confirmed with a digest: the next one tells of what came after this moment.</param>
/// <param name="Suppressed">The address is on the list of <see cref="SuppressionStore"/>: nothing is sent.</param>
/// <param name="Channel">Null is e-mail.</param>
/// <param name="Push">By push: where to; then <paramref name="Address"/> is the push service.</param>
public sealed record Subscription(Guid Id, long Version, string Address, string AddressKey, SubscriptionStatus Status, Preferences? Preferences, IReadOnlyList<string> Keys,
    Wish? Wish, Confirmation? Confirmation, DateTimeOffset CreatedAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? EndedAt, DateTimeOffset PurgeAt,
    DateTimeOffset? KeywordsAt = null, DateTimeOffset? DigestDue = null, DateTimeOffset? DigestFrom = null, bool? Suppressed = null,
    Channel? Channel = null, PushTarget? Push = null) : IDocument
{
    /// <summary>Whether the next digest tells of this dispatch.</summary>
    public bool IsToldByDigest(Dispatch dispatch) => Preferences is { Schedule.IsDigest: true } wanted && wanted.Keys().Intersect(dispatch.Keys, StringComparer.Ordinal).Any();

    /// <summary>How long an address is kept that was never confirmed, or was unsubscribed. Longer than <see cref="Confirmation.Interval"/>, which it must remember.</summary>
    public static readonly TimeSpan KeptUnconfirmed = TimeSpan.FromDays(8), KeptEnded = TimeSpan.FromDays(30);
}
