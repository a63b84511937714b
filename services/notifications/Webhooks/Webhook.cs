using System.Security.Cryptography;
using Platform.Notifications.Channels;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Webhooks;

/// <summary>An address of another system that is told of articles.</summary>
/// <param name="Language">As it was registered; null where it was not given.</param>
/// <param name="Keys">What the topics match by; see <see cref="Topics.Keys"/>.</param>
/// <param name="Secret">Sealed (<see cref="SecretBox"/>): messages are signed with it.</param>
/// <param name="OldSecret">Signs too until <paramref name="OldUntil"/>.</param>
/// <param name="DisabledAt">It answered 410 Gone: nothing is sent any more.</param>
public sealed record Webhook(Guid Id, long Version, string Url, Topics Topics, string? Language, IReadOnlyList<string> Keys, byte[] Secret, byte[]? OldSecret, DateTimeOffset? OldUntil,
    DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt) : IDocument
{
    /// <summary>How long the secret before signs too.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    /// <summary>Each is matched with every article.</summary>
    public const int Most = 1_000;
}

public enum WebhookDeliveryState
{
    /// <summary>Not taken yet: sent when due.</summary>
    Waiting,
    Sent,

    /// <summary>Given up after <see cref="WebhookDelivery.MaxAttempts"/> attempts, refused for good, or the webhook is disabled.</summary>
    Failed,

    /// <summary>The article was withdrawn before it was sent.</summary>
    Suppressed,
}

/// <summary>One event on its way to one webhook. Sent at least once: whoever receives it knows a repeat by its webhook-id.</summary>
/// <param name="Id">See <see cref="IdOf"/>.</param>
/// <param name="Type">Such as <c>article.published</c>.</param>
/// <param name="Body">JSON, the same at every attempt.</param>
/// <param name="Attempts">Begun.</param>
/// <param name="Due">While it waits: when it is sent, or, while somebody sends it, when another may.</param>
/// <param name="Claim">Under what it was taken last; only under this claim is it settled.</param>
/// <param name="Answer">What the other side said last.</param>
/// <param name="At">When it was settled.</param>
/// <param name="PurgeAt">When the document goes by itself.</param>
public sealed record WebhookDelivery(Guid Id, Guid WebhookId, Guid ArticleId, string Type, string Body, WebhookDeliveryState State, int Attempts, DateTimeOffset? Due, Guid? Claim, string? Answer, DateTimeOffset? At, DateTimeOffset PurgeAt)
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Before each attempt, as Standard Webhooks recommends: 10 attempts over 75 hours.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>Part of a pause that chance adds or takes, so that what failed together does not come back together.</summary>
    private const double Jitter = 0.1;

    public static int MaxAttempts => Pauses.Length;

    /// <summary>The webhook-id.</summary>
    public string MessageId => $"msg_{Id:N}";

    public static WebhookDelivery Of(Guid webhook, WebhookEvent told, DateTimeOffset now) =>
        new(IdOf(webhook, told), webhook, told.ArticleId, told.Type, told.Body, WebhookDeliveryState.Waiting, 0, now, null, null, null, now + Kept);

    /// <summary>The same however often the event comes: so it is told once.</summary>
    public static Guid IdOf(Guid webhook, WebhookEvent told) => HashedId.Of([.. webhook.ToByteArray(bigEndian: true), .. SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{told.ArticleId} {told.Version} {told.Type}"))], told.At.ToUnixTimeMilliseconds());

    /// <summary>When the next attempt is made.</summary>
    /// <param name="attempts">Made so far.</param>
    /// <param name="notBefore">The other side asked for that (Retry-After).</param>
    /// <param name="chance">0 to 1.</param>
    /// <returns>Null where it is given up.</returns>
    public static DateTimeOffset? Retry(int attempts, DateTimeOffset now, DateTimeOffset? notBefore, double chance)
    {
        if (attempts >= Pauses.Length) return null;
        var due = now + (Pauses[attempts] * (1 + (Jitter * ((2 * chance) - 1))));
        return notBefore > due ? notBefore : due;
    }

    /// <summary>How an attempt ended.</summary>
    public WebhookSettlement Settle(Outcome outcome, DateTimeOffset now, double chance) => outcome.Kind switch
    {
        OutcomeKind.Accepted => new(Id, Claim!.Value, WebhookDeliveryState.Sent, outcome.Answer, null),
        OutcomeKind.Refused or OutcomeKind.Gone => new(Id, Claim!.Value, WebhookDeliveryState.Failed, outcome.Answer, null),
        _ => Retry(Attempts, now, outcome.NotBefore, chance) is { } due
            ? new(Id, Claim!.Value, WebhookDeliveryState.Waiting, outcome.Answer, due)
            : new(Id, Claim!.Value, WebhookDeliveryState.Failed, outcome.Answer, null),
    };
}

/// <param name="Due">The next attempt, where there is one.</param>
public sealed record WebhookSettlement(Guid Id, Guid Claim, WebhookDeliveryState State, string? Answer, DateTimeOffset? Due);
