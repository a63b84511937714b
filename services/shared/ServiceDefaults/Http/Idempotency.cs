using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.ServiceDefaults;

/// <summary>The route creates something, and takes an Idempotency-Key.</summary>
public sealed record Idempotent;

/// <summary>
/// The id for what a request creates, as a handler's parameter. With an Idempotency-Key it is the same in every run of the request:
/// where a run died between its write and its answer, the next one meets its own document (<see cref="DocumentStore{T}.Insert"/>) and makes no second one.
/// </summary>
public readonly record struct NewId(Guid Value)
{
    public static ValueTask<NewId> BindAsync(HttpContext http) => ValueTask.FromResult(http.Items.TryGetValue(typeof(NewId), out var id) ? new NewId((Guid)id!) : new NewId(Guid.CreateVersion7()));
}

/// <summary>Idempotency-Key on POSTs that create: the same key and body give the same answer and one effect, for 7 days, per caller and route.</summary>
public static class Idempotency
{
    private const string Header = "Idempotency-Key";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7), Lock = TimeSpan.FromSeconds(30), Poll = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.FromSeconds(2);

    public static TBuilder Creates<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Idempotent());

    /// <summary>The request's key; null where it has none.</summary>
    /// <exception cref="Problem">400.</exception>
    public static string? KeyOf(HttpContext http)
    {
        if (http.Request.Headers[Header].Count == 0) return null;
        var key = http.Request.Headers[Header].ToString();
        return key.Length is > 0 and <= 128 && key.All(c => c is >= '!' and <= '~') ? key : throw Problem.Invalid(Header, "1 to 128 visible ASCII characters.");
    }

    /// <summary>422: the key came with another body before.</summary>
    public static Problem Mismatch() => Problem.Rule("idempotency.mismatch", "This Idempotency-Key was used with another body.");

    /// <summary>409: come again in a moment for the answer.</summary>
    public static Problem InProgress() => new(409, "idempotency.inProgress", "The same request is still running.") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static IApplicationBuilder UseIdempotency(this IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<Idempotent>() is null || KeyOf(http) is not { } key)
        {
            await next(http);
            return;
        }
        var store = http.RequestServices.GetRequiredService<IdempotencyStore>();
        var settings = http.RequestServices.GetRequiredService<PlatformSettings>();
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        var ct = http.RequestAborted;

        http.Request.EnableBuffering();
        var bodyHash = Convert.ToHexString(await BodyHash.Of(http.Request, ct));
        http.Request.Body.Position = 0;
        var user = CurrentUser.From(http);
        var caller = user.IsAnonymous ? ClientAddress.Network(ClientAddress.Of(http)) : user.Id.ToString();
        var id = Convert.ToHexString(HMACSHA256.HashData(settings.Key("idempotency"), Encoding.UTF8.GetBytes($"{caller}\n{http.Request.Method} {http.Request.Path}\n{key}")));
        var sealKey = settings.Key("idempotency:" + id + key);

        for (var waited = TimeSpan.Zero; ; waited += Poll)
        {
            var now = clock.Now();
            var (record, mine) = await store.Claim(new(id, bodyHash, Guid.CreateVersion7(now), now + Lock, now + Kept, null), now, ct);
            if (record.BodyHash != bodyHash) throw Mismatch();
            if (mine)
            {
                http.Items[typeof(NewId)] = record.EntityId;
                await Run(http, next, store, id, sealKey);
                return;
            }
            if (record.Answer is { } answer)
            {
                await Replay(http, SecretBox.Open(answer, sealKey));
                return;
            }
            if (waited > Patience) throw InProgress();
            await Task.Delay(Poll, ct);
        }
    });

    private sealed record Answer(int Status, string? ContentType, string? Location, string? ETag, byte[] Body);

    private static async Task Run(HttpContext http, RequestDelegate next, IdempotencyStore store, string id, byte[] sealKey)
    {
        var original = http.Response.Body;
        using var body = new MemoryStream();
        http.Response.Body = body;
        var done = false;
        try
        {
            await next(http);
            done = http.Response.StatusCode is >= 200 and < 300;
        }
        finally
        {
            http.Response.Body = original;
            // The caller may be gone; what has happened is recorded all the same.
            if (!done) await store.Release(id, CancellationToken.None);
        }
        if (done)
        {
            var headers = http.Response.Headers;
            var answer = new Answer(http.Response.StatusCode, http.Response.ContentType, headers.Location, headers.ETag, body.ToArray());
            await store.Complete(id, SecretBox.Seal(JsonSerializer.SerializeToUtf8Bytes(answer), sealKey), CancellationToken.None);
        }
        body.Position = 0;
        await body.CopyToAsync(original, http.RequestAborted);
    }

    private static Task Replay(HttpContext http, byte[] plain)
    {
        var answer = JsonSerializer.Deserialize<Answer>(plain)!;
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        if (answer.Location is not null) http.Response.Headers.Location = answer.Location;
        if (answer.ETag is not null) http.Response.Headers.ETag = answer.ETag;
        return http.Response.Body.WriteAsync(answer.Body, http.RequestAborted).AsTask();
    }
}
