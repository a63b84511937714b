using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>Readers take away, or have erased, what is known of them (GDPR, articles 15, 17 and 20); the manage token opens this as long as anything is known, also after unsubscribing.</summary>
public static class OwnData
{
    /// <summary>All that is kept of a reader.</summary>
    /// <param name="Asked">What was asked for and is not confirmed; null where nothing is.</param>
    public sealed record OwnDataView(string Address, SubscriptionStatus Status, ManageSubscription.SubscriptionView? Subscription, ManageSubscription.SubscriptionView? Asked, DateTimeOffset CreatedAt, DateTimeOffset? ConfirmedAt,
        DateTimeOffset? EndedAt, DateTimeOffset? LastConfirmationMailAt, bool Suppressed);

    /// <returns>200; 401 <c>subscription.token</c>.</returns>
    public static async Task<Ok<OwnDataView>> Show(HttpContext http, SubscriptionStore store, Tokens tokens, CancellationToken ct)
    {
        var s = await Mine(http, store, tokens, ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new OwnDataView(s.Address, s.Status, s.Preferences is { } p ? ManageSubscription.SubscriptionView.From(p) : null, s.Wish is { } w && w.Preferences != s.Preferences ? ManageSubscription.SubscriptionView.From(w.Preferences) : null,
            s.CreatedAt, s.ConfirmedAt, s.EndedAt, s.Confirmation?.RequestedAt, s.Suppressed == true));
    }

    /// <summary>Address and choices are gone at once; the ledger keeps ids that lead nowhere, for 30 days. A suppression stays, since it is what keeps us from writing again.</summary>
    /// <returns>204; 401 <c>subscription.token</c>.</returns>
    public static async Task<NoContent> Erase(HttpContext http, SubscriptionStore store, Tokens tokens, CancellationToken ct)
    {
        await store.Erase((await Mine(http, store, tokens, ct)).Id, ct);
        return TypedResults.NoContent();
    }

    private static async Task<Subscription> Mine(HttpContext http, SubscriptionStore store, Tokens tokens, CancellationToken ct)
    {
        const string Scheme = "Subscription ";
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && tokens.ReadManage(header[Scheme.Length..].Trim()) is { } id && await store.FindAny(id, ct) is { } subscription) return subscription;
        throw Problem.Unauthenticated("subscription.token", "Send Authorization: Subscription with the token of a subscription.");
    }
}
