using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>The holder of a manage token sees, changes and ends the subscription.</summary>
public static class ManageSubscription
{
    public sealed record ChangeSubscriptionRequest(string Language, TopicsRequest Topics, ScheduleRequest Schedule);

    /// <summary>As it can be sent back.</summary>
    public sealed record SubscriptionView(string Language, TopicsView Topics, Schedule Schedule)
    {
        public static SubscriptionView From(Preferences p) => new(p.Language, TopicsView.From(p.Topics), p.Schedule);
    }

    /// <summary>What was not chosen is absent.</summary>
    public sealed record TopicsView(
        bool All,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Categories,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Tags,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Authors,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Keywords,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Languages)
    {
        public static TopicsView From(Topics t) => new(t.All, t.Categories, t.Tags, t.Authors, t.Keywords, t.Languages);
    }

    /// <returns>200; 401 <c>subscription.token</c> for a token that holds no subscription, or no more.</returns>
    public static async Task<Versioned<SubscriptionView>> Show(HttpContext http, SubscriptionStore store, Tokens tokens, CancellationToken ct)
    {
        var subscription = await Mine(http, store, tokens, ct);
        return new(SubscriptionView.From(subscription.Preferences!), subscription.Version);
    }

    /// <returns>200; 400 malformed; 401; 412 where If-Match is sent and stale; 422 for no topic, or a language that the platform has not.</returns>
    public static async Task<Versioned<SubscriptionView>> Change(ChangeSubscriptionRequest request, HttpContext http, SubscriptionStore store, Tokens tokens, PlatformSettings settings, TimeProvider clock, CancellationToken ct)
    {
        var preferences = PreferencesReader.Read(new(), request.Language, request.Topics, request.Schedule, settings);
        var expected = IfMatch.Optional(http);
        while (true)
        {
            var subscription = await Mine(http, store, tokens, ct);
            expected.Check(subscription.Version, "subscription");
            if (subscription.Channel == Channels.Channel.Push && preferences.Schedule.IsDigest) throw Problem.Rule("subscription.scheduleNotOffered", "Push is instant.");
            // Changed by somebody else since: whoever named no version changes the newer one.
            if (await store.Change(subscription.Id, subscription.Version, Wish.For(preferences), clock.Now(), ct) is { } changed) return new(SubscriptionView.From(changed.Preferences!), changed.Version);
        }
    }

    /// <summary>Nothing is sent from then on, save what is on its way.</summary>
    /// <returns>204; 401; 412 where If-Match is sent and stale.</returns>
    public static async Task<NoContent> End(HttpContext http, SubscriptionStore store, Tokens tokens, TimeProvider clock, CancellationToken ct)
    {
        var subscription = await Mine(http, store, tokens, ct);
        IfMatch.Optional(http).Check(subscription.Version, "subscription");
        await store.End(subscription.Id, clock.Now(), ct);
        return TypedResults.NoContent();
    }

    private static async Task<Subscription> Mine(HttpContext http, SubscriptionStore store, Tokens tokens, CancellationToken ct)
    {
        const string Scheme = "Subscription ";
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && tokens.ReadManage(header[Scheme.Length..].Trim()) is { } id && await store.FindConfirmed(id, ct) is { } subscription)
            return subscription;
        throw Problem.Unauthenticated("subscription.token", "Send Authorization: Subscription with the token of a subscription that holds.");
    }
}
