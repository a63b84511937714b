using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Notifications.Channels;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>A reader asks for a subscription by e-mail; it holds once the link in the confirmation mail is used (double opt-in).</summary>
public static class Subscribe
{
    /// <param name="Channel"><c>email</c>; <c>push</c> is not offered yet: 422 <c>subscription.channelNotOffered</c>.</param>
    /// <param name="Address">At most 254 characters.</param>
    /// <param name="Language">Of the mails.</param>
    public sealed record SubscribeRequest(Channel Channel, string Language, TopicsRequest Topics, ScheduleRequest Schedule, string? Address = null, string? Endpoint = null, PushKeys? Keys = null);

    /// <summary>Of a browser's push subscription (RFC 8291), in base64url.</summary>
    public sealed record PushKeys(string P256dh, string Auth);

    /// <summary>Says nothing.</summary>
    public sealed record SubscribeAnswer;

    /// <summary>Remembers the wish, and makes a confirmation mail due unless this address got one within 24 hours.</summary>
    /// <remarks>Known, confirmed and new addresses cause the same writes and the same answer; the mail goes out in the background.</remarks>
    /// <returns>202 always; 400 malformed or a bad address; 422 what is not offered.</returns>
    public static async Task<Accepted<SubscribeAnswer>> Handle(SubscribeRequest request, NewId id, SubscriptionStore store, Tokens tokens, Signals signals, PlatformSettings settings, TimeProvider clock, CancellationToken ct)
    {
        if (request.Channel != Channel.Email) throw Problem.Rule("subscription.channelNotOffered", "Only e-mail is offered yet.");
        var errors = new FieldErrors();
        errors.Check(request.Endpoint is null, "endpoint", "Belongs to push.").Check(request.Keys is null, "keys", "Belongs to push.");
        var text = errors.Text(request.Address, EmailAddress.MaxLength, "address");
        var address = EmailAddress.TryParse(text);
        errors.Check(address is not null || text.Length == 0, "address", "Not an address that mail can be sent to.");
        var preferences = PreferencesReader.Read(errors, request.Language, request.Topics, request.Schedule, settings);

        var now = clock.Now();
        var mail = Guid.CreateVersion7(now);
        var fresh = new Confirmation(mail, Tokens.Hash(tokens.Confirm(mail)), now, now + Confirmation.Lifetime, null, now, 0);
        if (await store.Ask(id.Value, address!, Wish.For(preferences), fresh, ct)) signals.Confirmations.Raise();
        return TypedResults.Accepted((string?)null, new SubscribeAnswer());
    }
}
