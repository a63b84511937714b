using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>An admin has a delivery sent again that failed, or of which nobody knows whether it arrived. It is the same message, with the same Message-ID.</summary>
public static class ResendDelivery
{
    /// <summary>It is tried at once and as often as a new one; an article that was withdrawn, or a reader who has unsubscribed, gets nothing all the same.</summary>
    /// <returns>202 with the delivery as it waits; 404 unknown, or older than a month; 422 <c>delivery.notResendable</c> where it is neither failed nor uncertain.</returns>
    public static async Task<Accepted<ShowDeliveries.DeliveryView>> Handle(Guid id, LedgerStore ledger, DispatchStore dispatches, SubscriptionStore subscriptions, TimeProvider clock, CancellationToken ct)
    {
        var row = await ledger.Find(id, ct) ?? throw Problem.NotFound("delivery");
        if (!row.CanBeResent) throw Problem.Rule("delivery.notResendable", "Only what failed or is uncertain can be sent again.");
        // First the dispatch, which closes again by itself if nothing follows.
        while (await dispatches.Find(row.DispatchId, ct) is { Phase: DispatchPhase.Done } dispatch && !await dispatches.Save(dispatch.Reopen(), [], ct)) { }
        var waiting = await ledger.Resend(id, clock.Now(), ct) ?? throw Problem.Rule("delivery.notResendable", "Somebody else was first.");
        return TypedResults.Accepted((string?)null, ShowDeliveries.View(waiting, (await subscriptions.Addresses([waiting.SubscriptionId], ct)).GetValueOrDefault(waiting.SubscriptionId)));
    }
}
