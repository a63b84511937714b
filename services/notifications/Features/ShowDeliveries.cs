using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>An admin looks into the ledger of a dispatch.</summary>
public static class ShowDeliveries
{
    /// <param name="Address">Masked, such as <c>a•••@example.org</c>; null where the subscription is gone.</param>
    /// <param name="Answer">The mail server's last words, or why it was not sent.</param>
    /// <param name="NextTryAt">For one that waits.</param>
    /// <param name="ArticleVersion">Which version of the article was sent, or may have been.</param>
    public sealed record DeliveryView(Guid Id, Guid DispatchId, Guid SubscriptionId, string? Address, DeliveryState Status, int Attempts, string? Answer, DateTimeOffset? At, DateTimeOffset? NextTryAt, long? ArticleVersion);

    /// <param name="status">One of planned, sending, waiting, sent, failed, uncertain, suppressed.</param>
    /// <returns>200; 400 <c>status</c> is none; 404 no such dispatch.</returns>
    public static async Task<Page<DeliveryView>> List(Guid id, string? status, PageRequest page, DispatchStore dispatches, LedgerStore ledger, SubscriptionStore subscriptions, Cursors cursors, CancellationToken ct)
    {
        DeliveryState? state = status is null ? null : Enum.GetValues<DeliveryState>().Where(s => status == Name(s)).Select(s => (DeliveryState?)s).FirstOrDefault() ?? throw Problem.Invalid("status", "No such status.");
        var scope = $"{id} {status}";
        Guid? after = page.Cursor is null ? null : page.Cursor is [var of, var last] && of == scope && Guid.TryParse(last, out var given) ? given : throw Problem.Invalid("cursor", "Not a cursor of this list.");
        var dispatch = await dispatches.Find(id, ct) ?? throw Problem.NotFound("dispatch");
        var read = await ledger.List(dispatch, state, after, page.Limit, ct);
        var addresses = await subscriptions.Addresses(read.Select(d => d.SubscriptionId), ct);
        return page.Cut(read, cursors, d => [scope, d.Id.ToString()], d => View(d, addresses.GetValueOrDefault(d.SubscriptionId)));
    }

    /// <param name="address">In clear, or null.</param>
    public static DeliveryView View(Delivery d, string? address) =>
        new(d.Id, d.DispatchId, d.SubscriptionId, address is null ? null : EmailAddress.Mask(address), d.State, d.Attempts, d.Answer, d.At, d.State == DeliveryState.Waiting ? d.Due : null, d.ArticleVersion);

    private static string Name(DeliveryState state) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
