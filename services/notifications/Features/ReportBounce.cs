using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using MimeKit;
using Platform.Notifications.Bounces;
using Platform.Notifications.Webhooks;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>BOUNCE_SECRET: what a mail provider, or the operator's own mail server, signs bounces with.</summary>
public sealed class BounceSecret(IConfiguration configuration)
{
    public IReadOnlyList<byte[]> Keys { get; } = configuration["BOUNCE_SECRET"] is { Length: > 0 } secret ? StandardWebhooks.Keys(secret) : [];
}

/// <summary>A mail provider tells that a mail came back, or that its reader complained.</summary>
public static partial class ReportBounce
{
    /// <param name="Address">The reader's; or</param>
    /// <param name="MessageId">the mail's Message-ID, with or without angle brackets.</param>
    public sealed record BounceRequest(BounceType Type, string? Address = null, string? MessageId = null);

    /// <summary>
    /// JSON, or the mail that came back as <c>message/rfc822</c> (RFC 3464, RFC 5965); signed as a Standard Webhook with BOUNCE_SECRET. A hard bounce or a complaint suppresses the address at once,
    /// the fifth soft bounce within 30 days too. What cannot be assigned changes nothing.
    /// </summary>
    /// <returns>202; 400 malformed; 401 <c>bounce.signature</c> forged, old, or no BOUNCE_SECRET is set; 415.</returns>
    public static async Task<Accepted> Handle(HttpContext http, BounceSecret secret, SuppressionStore suppressions, SubscriptionStore subscriptions, LedgerStore ledger, Tokens tokens, TimeProvider clock, ILogger<BounceSecret> logger, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, ct);
        var body = buffer.ToArray();
        var headers = http.Request.Headers;
        var report = headers[StandardWebhooks.Id].ToString();
        if (secret.Keys.Count == 0 || !StandardWebhooks.Verify(secret.Keys, report, headers[StandardWebhooks.Timestamp], headers[StandardWebhooks.Signature], body, clock.GetUtcNow()))
            throw Problem.Unauthenticated("bounce.signature", "Sign the request as a Standard Webhook with BOUNCE_SECRET.");

        var (type, address, id) = Read(http.Request.ContentType, body);
        if (type is { } bounced && (address ?? await AddressOf(id, subscriptions, ledger, tokens, ct)) is { } known)
        {
            var now = clock.Now();
            var count = await suppressions.Remember(new(report, known.Key, bounced, now, now + Bounce.Remembered), ct);
            if (bounced != BounceType.Soft || count >= Bounce.TooManySoft)
            {
                var suppression = await suppressions.Add(new(Guid.CreateVersion7(now), known.Given, known.Key, JsonNamingPolicy.CamelCase.ConvertName(bounced.ToString()), now), ct);
                Log.Suppressed(logger, suppression.Id, suppression.Reason);
            }
        }
        return TypedResults.Accepted((string?)null);
    }

    private static (BounceType? Type, EmailAddress? Address, Guid? Id) Read(string? contentType, byte[] body)
    {
        switch (contentType?.Split(';', 2)[0].Trim().ToLowerInvariant())
        {
            case "application/json":
                BounceRequest request;
                try { request = JsonSerializer.Deserialize<BounceRequest>(body, StrictJson.Options) ?? throw new JsonException(); }
                catch (JsonException) { throw new Problem(400, "request.malformed", "The body is not the JSON that this route takes."); }
                var errors = new FieldErrors();
                errors.Check(request.Address is not null || request.MessageId is not null, "address", "Give address or messageId.");
                var address = request.Address is { } text ? EmailAddress.TryParse(text) : null;
                errors.Check(request.Address is null || address is not null, "address", "Not an address that mail can be sent to.");
                errors.ThrowIfAny();
                return (request.Type, address, BounceReport.IdOf(request.MessageId));
            case "message/rfc822":
                using (var stream = new MemoryStream(body))
                {
                    try { return BounceReport.Read(MimeMessage.Load(stream)) is { } bounce ? (bounce.Type, null, BounceReport.IdOf(bounce.MessageId)) : (null, null, null); }
                    catch (FormatException) { throw new Problem(400, "request.malformed", "The body is no mail."); }
                }
            default: throw new Problem(415, "request.mediaType", "Send application/json or message/rfc822.");
        }
    }

    /// <summary>Whom a mail of ours went to: an article's, or a confirmation.</summary>
    private static async Task<EmailAddress?> AddressOf(Guid? mail, SubscriptionStore subscriptions, LedgerStore ledger, Tokens tokens, CancellationToken ct)
    {
        if (mail is not { } id) return null;
        var address = await ledger.Find(id, ct) is { } row
            ? (await subscriptions.Addresses([row.SubscriptionId], ct)).GetValueOrDefault(row.SubscriptionId)
            : await subscriptions.AddressOfConfirmation(Tokens.Hash(tokens.Confirm(id)), ct);
        return address is null ? null : EmailAddress.TryParse(address);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Suppression {Suppression}: {Reason}")]
        public static partial void Suppressed(ILogger logger, Guid suppression, string reason);
    }
}
