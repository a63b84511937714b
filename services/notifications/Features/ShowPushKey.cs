using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Notifications.Push;

namespace Platform.Notifications.Features;

/// <summary>A browser that subscribes to push needs our public key.</summary>
public static class ShowPushKey
{
    /// <param name="Key">The <c>applicationServerKey</c> (VAPID, RFC 8292), base64url.</param>
    public sealed record PushKey(string Key);

    /// <returns>200.</returns>
    public static async Task<Ok<PushKey>> Handle(Vapid vapid, CancellationToken ct) => TypedResults.Ok(new PushKey(await vapid.PublicKey(ct)));
}
