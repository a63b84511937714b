using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>The reader uses the link of the confirmation mail: what was asked for last holds from now on.</summary>
public static class ConfirmSubscription
{
    public sealed record ConfirmRequest(string Token);

    /// <param name="ManageToken">Shows, changes and ends the subscription: <c>Authorization: Subscription {token}</c>.</param>
    public sealed record ConfirmAnswer(string ManageToken);

    /// <returns>200; 410 <c>confirmation.gone</c> for a token that was used, is older than 7 days, was replaced by a newer mail's, or was never given out.</returns>
    public static async Task<Ok<ConfirmAnswer>> Handle(ConfirmRequest request, SubscriptionStore store, Tokens tokens, TimeProvider clock, CancellationToken ct)
    {
        var subscription = await store.Confirm(Tokens.Hash(request.Token), clock.Now(), ct)
            ?? throw Problem.Gone("confirmation.gone", "This link was used already, or is too old; subscribe again.");
        return TypedResults.Ok(new ConfirmAnswer(tokens.Manage(subscription.Id)));
    }
}
