using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Platform.Notifications.Mail;
using Platform.Notifications.Outbound;
using Platform.Notifications.Push;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Channels;

/// <summary>By web push (RFC 8030): to the push service of the reader's browser, which keeps the message for a day.</summary>
public sealed class PushChannel(OutboundRules rules, Vapid vapid, SubscriptionStore subscriptions, TimeProvider clock) : IChannel, IDisposable
{
    private const int KeptSeconds = 24 * 60 * 60;
    private readonly OutboundHttp _http = new(rules, clock, connections: 16);

    /// <summary>What our service worker shows; <c>tag</c> lets a later message of the same article take the place of an earlier one.</summary>
    private sealed record PushMessage(string Tag, string Language, string Direction, string Title, string Body, string Url, bool Breaking);

    public Channel Kind => Channel.Push;

    public int AtOnce => 16;

    public async Task<Outcome> Send(Outgoing delivery)
    {
        if (delivery.To.Push is not { } target) return Outcome.Refused("no push subscription");
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Endpoint)
        {
            Content = new ByteArrayContent(PushEncryption.Encrypt(Message(delivery), target)) { Headers = { ContentType = new("application/octet-stream"), ContentEncoding = { "aes128gcm" } } },
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation("Authorization", await vapid.Authorization(target.Endpoint, CancellationToken.None));
        request.Headers.TryAddWithoutValidation("TTL", KeptSeconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("Urgency", delivery.Article.Breaking ? "high" : "normal");
        request.Headers.TryAddWithoutValidation("Topic", Topic(Subject(delivery)));
        var answer = await _http.Send(request);
        switch (answer)
        {
            case { IsSuccess: true }: return Outcome.Accepted;
            case { Forbidden: true, Reason: { } reason }: return Outcome.Refused(reason);
            case { Status: (HttpStatusCode.NotFound or HttpStatusCode.Gone) and var gone }:
                // The browser has unsubscribed, or is no more: so is the subscription.
                await subscriptions.Erase(delivery.To.Id, CancellationToken.None);
                return Outcome.Gone(Text(gone));
            case { Status: (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout) and var busy }: return Outcome.Later(Text(busy), clock.Now() + answer.RetryAfter);
            case { Status: >= HttpStatusCode.InternalServerError and var broken }: return Outcome.Later(Text(broken), clock.Now() + answer.RetryAfter);
            case { Status: { } refused }: return Outcome.Refused(Text(refused));
            default: return Outcome.Later(answer.Reason ?? "no answer");   // taken all the same, a repeat takes its place by its Topic
        }
    }

    /// <summary>The same for every message of one article: one that is not delivered yet is replaced (RFC 8030, 5.4; at most 32 characters).</summary>
    public static string Topic(Guid article) => Base64Url.EncodeToString(SHA256.HashData(article.ToByteArray(bigEndian: true)).AsSpan(0, 24));

    /// <summary>A digest takes the place of the one before, and of no article.</summary>
    private static Guid Subject(Outgoing delivery) => delivery.Digest is null ? delivery.Article.Id : delivery.To.Id;

    /// <summary>As JSON; the text is cut until it fits.</summary>
    private static byte[] Message(Outgoing delivery)
    {
        var (article, words) = (delivery.Article, MailWords.In(delivery.To.Preferences!.Language));
        var label = delivery.Digest is not null ? words.NameOf(delivery.Row.Period!) : delivery.Dispatch.Note is not null ? words.Correction : article.Breaking ? words.Breaking : null;
        var title = MailLayout.OneLine(article.Title);
        var body = MailLayout.OneLine(delivery.Digest is { Count: > 1 } digest ? string.Join(" · ", digest.Skip(1).Select(d => d.Article.Title)) : delivery.Dispatch.Note ?? article.Summary);
        for (var length = Math.Min(body.Length, 1_000); ; length = length * 3 / 4)
        {
            var text = length >= body.Length ? body : body[..(length > 0 && char.IsHighSurrogate(body[length - 1]) ? length - 1 : length)] + "…";
            var message = new PushMessage(Subject(delivery).ToString(), article.Language, MailWords.Direction(article.Language), label is null ? title : $"{label}: {title}", text, article.Url, article.Breaking);
            var bytes = JsonSerializer.SerializeToUtf8Bytes(message, StrictJson.Options);
            if (bytes.Length <= PushEncryption.MaxPlain || length == 0) return bytes;
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Text(HttpStatusCode status) => ((int)status).ToString(CultureInfo.InvariantCulture);
}
