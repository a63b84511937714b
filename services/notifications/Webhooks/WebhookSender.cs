using System.Globalization;
using System.Net;
using System.Text;
using Platform.Notifications.Channels;
using Platform.Notifications.Outbound;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Webhooks;

/// <summary>Sends one event to one webhook, signed as Standard Webhooks has it.</summary>
public sealed class WebhookSender(OutboundRules rules, PlatformSettings settings, TimeProvider clock) : IDisposable
{
    private readonly byte[] _sealKey = settings.Key("webhook.secret");

    /// <summary>Connections to one host. Many webhooks may lead to it, of which one that hangs must not hold up the others; how many requests there are is bounded by <see cref="WebhookTurns"/>.</summary>
    private const int Connections = 2_048;

    private readonly OutboundHttp _http = new(rules, clock, Connections);

    public byte[] Seal(byte[] secret) => SecretBox.Seal(secret, _sealKey);

    public byte[] Open(byte[] sealedSecret) => SecretBox.Open(sealedSecret, _sealKey);

    /// <returns>410 is gone; an address that nothing may go to is refused; everything else but success is tried again, a redirect too.</returns>
    public async Task<Outcome> Send(Webhook webhook, WebhookDelivery delivery)
    {
        var now = clock.GetUtcNow();
        List<byte[]> secrets = [Open(webhook.Secret)];
        if (webhook.OldSecret is { } old && webhook.OldUntil > now) secrets.Add(Open(old));
        var body = Encoding.UTF8.GetBytes(delivery.Body);
        using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        request.Headers.TryAddWithoutValidation("User-Agent", "platform-webhooks/1");
        request.Headers.TryAddWithoutValidation(StandardWebhooks.Id, delivery.MessageId);
        request.Headers.TryAddWithoutValidation(StandardWebhooks.Timestamp, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(StandardWebhooks.Signature, StandardWebhooks.Sign(secrets, delivery.MessageId, now, body));
        return await _http.Send(request) switch
        {
            { IsSuccess: true } => Outcome.Accepted,
            { Forbidden: true, Reason: { } reason } => Outcome.Refused(reason),
            { Status: HttpStatusCode.Gone } => Outcome.Gone("410"),
            { Status: { } status, RetryAfter: var wait } => Outcome.Later(((int)status).ToString(CultureInfo.InvariantCulture), clock.Now() + wait),
            { Reason: var reason } => Outcome.Later(reason ?? "no answer"),
        };
    }

    public void Dispose() => _http.Dispose();
}
