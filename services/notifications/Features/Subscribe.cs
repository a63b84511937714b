using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Notifications.Channels;
using Platform.Notifications.Outbound;
using Platform.Notifications.Push;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>A reader asks for a subscription: by e-mail, where it holds once the link in the confirmation mail is used (double opt-in), or by push.</summary>
public static class Subscribe
{
    /// <param name="Channel"><c>email</c> or <c>push</c>.</param>
    /// <param name="Address">By e-mail; at most 254 characters.</param>
    /// <param name="Endpoint">By push, with <paramref name="Keys"/>: as the browser gives them.</param>
    /// <param name="Language">Of the mails.</param>
    public sealed record SubscribeRequest(Channel Channel, string Language, TopicsRequest Topics, ScheduleRequest Schedule, string? Address = null, string? Endpoint = null, PushKeys? Keys = null);

    /// <summary>Of a browser's push subscription (RFC 8291), in base64url.</summary>
    public sealed record PushKeys(string P256dh, string Auth);

    /// <summary>Says nothing.</summary>
    public sealed record SubscribeAnswer;

    /// <param name="ManageToken">Shows, changes and ends the subscription: <c>Authorization: Subscription {token}</c>.</param>
    public sealed record PushAnswer(Guid Id, string ManageToken);

    /// <summary>By e-mail: remembers the wish, and makes a confirmation mail due unless this address got one within 24 hours. By push: holds at once, since the browser has asked.</summary>
    /// <remarks>
    /// Known, confirmed and new addresses cause the same writes and the same answer; the mail goes out in the background. A push endpoint that subscribes again keeps its subscription and gets the new choices.
    /// </remarks>
    /// <returns>By e-mail 202 always; by push 201. 400 malformed or a bad address; 422 <c>subscription.pushEndpoint</c> where nothing may go, <c>subscription.pushKeys</c>, and the preferences' own.</returns>
    public static async Task<Results<Accepted<SubscribeAnswer>, Created<PushAnswer>>> Handle(SubscribeRequest request, NewId id, SubscriptionStore store, Tokens tokens, Signals signals, OutboundRules rules, PlatformSettings settings,
        TimeProvider clock, CancellationToken ct)
    {
        var (errors, now) = (new FieldErrors(), clock.Now());
        if (request.Channel == Channel.Push)
        {
            errors.Check(request.Address is null, "address", "Belongs to e-mail.").Check(request.Endpoint is not null, "endpoint", "Required.").Check(request.Keys is not null, "keys", "Required.");
            var chosen = PreferencesReader.Read(errors, request.Language, request.Topics, request.Schedule, settings);
            if (chosen.Schedule.IsDigest) throw Problem.Rule("subscription.scheduleNotOffered", "Push is instant.");
            if (rules.Check(request.Endpoint) is { } wrong) throw Problem.Rule("subscription.pushEndpoint", $"Pushes go to public https addresses only. {wrong}");
            var target = PushTarget.TryRead(request.Endpoint!, request.Keys!.P256dh, request.Keys.Auth) ?? throw Problem.Rule("subscription.pushKeys", "The keys are not those of a push subscription (RFC 8291).");
            var subscription = await store.SubscribePush(id.Value, target, Wish.For(chosen), now, ct);
            return TypedResults.Created((string?)null, new PushAnswer(subscription.Id, tokens.Manage(subscription.Id)));
        }

        errors.Check(request.Endpoint is null, "endpoint", "Belongs to push.").Check(request.Keys is null, "keys", "Belongs to push.");
        var text = errors.Text(request.Address, EmailAddress.MaxLength, "address");
        var address = EmailAddress.TryParse(text);
        errors.Check(address is not null || text.Length == 0, "address", "Not an address that mail can be sent to.");
        var preferences = PreferencesReader.Read(errors, request.Language, request.Topics, request.Schedule, settings);

        var mail = Guid.CreateVersion7(now);
        var fresh = new Confirmation(mail, Tokens.Hash(tokens.Confirm(mail)), now, now + Confirmation.Lifetime, null, now, 0);
        if (await store.Ask(id.Value, address!, Wish.For(preferences), fresh, ct)) signals.Confirmations.Raise();
        return TypedResults.Accepted((string?)null, new SubscribeAnswer());
    }
}
