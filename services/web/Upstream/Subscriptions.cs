using System.Net.Http.Headers;
using Platform.ServiceDefaults;

namespace Platform.Web;

/// <param name="All">Every article; where true the rest is null.</param>
public sealed record Topics(bool? All, IReadOnlyList<string>? Categories, IReadOnlyList<string>? Tags = null, IReadOnlyList<string>? Authors = null, IReadOnlyList<string>? Keywords = null, IReadOnlyList<string>? Languages = null);

/// <param name="Kind"><c>instant</c>, <c>daily</c> or <c>weekly</c>.</param>
public sealed record Schedule(string Kind, string? At = null, string? Day = null, string? TimeZone = null, QuietHours? Quiet = null);
public sealed record QuietHours(string From, string To);
public sealed record NewSubscription(string Channel, string Address, string Language, Topics Topics, Schedule Schedule);
public sealed record Subscription(string Language, Topics Topics, Schedule Schedule);
public sealed record ConfirmRequest(string Token);
public sealed record Confirmed(string ManageToken);

/// <summary>An answer of which only the status counts.</summary>
public sealed record Nothing;

/// <summary>The Notifications service, as the public contract has it.</summary>
public sealed class Subscriptions(IConfiguration configuration, TimeProvider clock) : IDisposable
{
    private readonly Upstream _service = new("Notifications", PlatformSettings.Absolute(configuration, "NOTIFICATIONS_URL"), TimeSpan.FromMilliseconds(1500), clock);

    /// <returns>202 whether the address is known or not; 400 for a bad one; 429.</returns>
    public Task<Answer<Nothing>> Subscribe(NewSubscription subscription, HttpContext reader, CancellationToken ct) =>
        _service.Send<Nothing>(Request(HttpMethod.Post, "api/subscriptions", JsonContent.Create(subscription, UpstreamJson.Default.NewSubscription), reader), type: null, ct);

    /// <returns>200; 410 used or old.</returns>
    public Task<Answer<Confirmed>> Confirm(string token, HttpContext reader, CancellationToken ct) =>
        _service.Send(Request(HttpMethod.Post, "api/subscriptions/confirm", JsonContent.Create(new ConfirmRequest(token), UpstreamJson.Default.ConfirmRequest), reader), UpstreamJson.Default.Confirmed, ct);

    /// <returns>200; 401 or 404 for a token that nobody holds.</returns>
    public Task<Answer<Subscription>> Mine(string manageToken, HttpContext reader, CancellationToken ct) =>
        _service.Send(Mine(HttpMethod.Get, manageToken, null, reader), UpstreamJson.Default.Subscription, ct);

    public Task<Answer<Subscription>> Save(string manageToken, Subscription subscription, HttpContext reader, CancellationToken ct) =>
        _service.Send(Mine(HttpMethod.Put, manageToken, JsonContent.Create(subscription, UpstreamJson.Default.Subscription), reader), UpstreamJson.Default.Subscription, ct);

    public Task<Answer<Nothing>> End(string manageToken, HttpContext reader, CancellationToken ct) =>
        _service.Send<Nothing>(Mine(HttpMethod.Delete, manageToken, null, reader), type: null, ct);

    /// <summary>Ends the subscription that a mail's link names (RFC 8058).</summary>
    /// <returns>200, the second time too.</returns>
    public Task<Answer<Nothing>> Unsubscribe(string token, HttpContext reader, CancellationToken ct) =>
        _service.Send<Nothing>(Request(HttpMethod.Post, $"unsubscribe/{Uri.EscapeDataString(token)}", new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]), reader), type: null, ct);

    public void Dispose() => _service.Dispose();

    private static HttpRequestMessage Mine(HttpMethod method, string manageToken, HttpContent? content, HttpContext reader)
    {
        var request = Request(method, "api/subscriptions/mine", content, reader);
        request.Headers.Authorization = new AuthenticationHeaderValue("Subscription", manageToken);
        return request;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content, HttpContext reader)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.ForwardAddress(reader);
        return request;
    }
}
