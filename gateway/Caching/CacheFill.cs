using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Platform.ServiceDefaults;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Caching;

/// <summary>
/// Asks a part for an answer that may be kept: one request asks, the others for the same wait for it. What comes is kept where it says what it shows
/// (Cache-Tag) or that it never changes (immutable). Where the part is down, the last answer that was kept is given, however old.
/// </summary>
public sealed class CacheFill(AnswerCache cache, Evictions evictions, SecurityHeaders security, TimeProvider clock)
{
    private const int MaxRounds = 3;

    // Headers of one connection or one answer, made anew for each.
    private static readonly HashSet<string> NotKept = new(StringComparer.OrdinalIgnoreCase)
    {
        HeaderNames.Date, HeaderNames.ContentLength, HeaderNames.TransferEncoding, HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.AcceptRanges, HeaderNames.Age, CacheTags.Header, CacheTags.ChangedHeader,
    };

    private readonly ConcurrentDictionary<string, Filling> _filling = new(StringComparer.Ordinal);

    private enum Outcome
    {
        Kept,
        NotKept,
        PartDown,
        ClientGone,
    }

    /// <summary>One request on its way to a part, for all who ask the same.</summary>
    private sealed record Filling(string Key, bool Api, long Epoch, long AskedAt)
    {
        public TaskCompletionSource<Outcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public CachedAnswer? Answer { get; set; }
        public bool PartFailed { get; set; }
    }

    /// <summary>Whether the request fills the cache: then the part must answer in full.</summary>
    public bool IsFilling(HttpContext http) => http.Features.Get<Filling>() is not null;

    public async Task Answer(HttpContext http, RequestDelegate next, bool api)
    {
        cache.Missed();
        if (!api) CacheKey.WithoutTracking(http.Request);
        var key = CacheKey.Of(http.Request, api);
        for (var round = 0; round < MaxRounds; round++)
        {
            var mine = new Filling(key, api, cache.Epoch, clock.GetTimestamp());
            var filling = _filling.GetOrAdd(key, mine);
            if (filling == mine)
            {
                mine.Answer = cache.Fresh(key);   // perhaps somebody was done in between
                if (mine.Answer is null) await Ask(http, next, mine);
                else { End(mine, Outcome.Kept); await mine.Answer.Send(http); }
                return;
            }
            if (cache.Aged(key) is { } aged)
            {
                await aged.Send(http);
                return;
            }
            switch (await filling.Done.Task.WaitAsync(http.RequestAborted))
            {
                case Outcome.Kept when filling.Answer is { Outdated: false } answer && answer.Epoch == cache.Epoch:
                    await answer.Send(http);
                    return;
                case Outcome.PartDown:
                    await SendReserve(http, key);
                    return;
                case Outcome.NotKept:
                    await next(http);
                    return;
                default:
                    continue;   // it changed on the way, or who asked has gone: ask again
            }
        }
        await next(http);
    }

    /// <summary>Takes the part's answer out of the proxy's hands, where it is to be kept or to be replaced.</summary>
    /// <returns>Whether the body is taken; <see cref="Answer"/> sends what there is to send.</returns>
    public async Task<bool> Take(HttpContext http, HttpResponseMessage answer, CancellationToken ct)
    {
        if (http.Features.Get<Filling>() is not { } filling) return false;
        if (answer.StatusCode >= HttpStatusCode.InternalServerError && cache.Reserve(filling.Key) is not null) return filling.PartFailed = true;
        if (MayKeep(answer) && await Read(http, answer.Content, ct) is { } body)
        {
            filling.Answer = Make(filling, http.Response.Headers, TagsOf(answer, CacheTags.Header), body);
            cache.Put(filling.Answer);
            return true;
        }
        cache.Remove(filling.Key);
        End(filling, Outcome.NotKept);   // who waits need not wait for the body
        if (http.Response.HasStarted) return true;
        if (answer.StatusCode != HttpStatusCode.OK || !ETags.Match(http.Request.Headers.IfNoneMatch, answer.Headers.ETag?.ToString())) return false;
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        foreach (var name in new[] { HeaderNames.ContentLength, HeaderNames.ContentType }) http.Response.Headers.Remove(name);
        return true;
    }

    /// <summary>What a request has changed here and now is out of date: whoever sent it is to see it without waiting for a message.</summary>
    public Task Evict(HttpContext http, HttpResponseMessage answer) =>
        HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : Task.WhenAll(TagsOf(answer, CacheTags.ChangedHeader).Select(t => evictions.Soon(t)));

    private async Task Ask(HttpContext http, RequestDelegate next, Filling filling)
    {
        http.Features.Set(filling);
        try
        {
            await next(http);
            if (filling.Answer is { } answer)
            {
                End(filling, Outcome.Kept);
                http.Response.Clear();
                await answer.Send(http);
            }
            else if (!http.Response.HasStarted && (filling.PartFailed || http.Features.Get<IForwarderErrorFeature>() is not null || http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable) && !http.RequestAborted.IsCancellationRequested)
            {
                End(filling, Outcome.PartDown);
                await SendReserve(http, filling.Key);
            }
        }
        finally
        {
            http.Features.Set<Filling>(null);
            End(filling, Outcome.ClientGone);
        }
    }

    private void End(Filling filling, Outcome outcome)
    {
        _filling.TryRemove(new(filling.Key, filling));
        filling.Done.TrySetResult(outcome);
    }

    private async Task SendReserve(HttpContext http, string key)
    {
        http.Features.Set<IForwarderErrorFeature>(null);
        http.Response.Clear();
        if (cache.Reserve(key) is { } reserve)
        {
            cache.Reserved();
            await reserve.Send(http);
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }

    private static bool MayKeep(HttpResponseMessage answer)
    {
        if (answer.StatusCode != HttpStatusCode.OK || answer.Headers.Contains(HeaderNames.SetCookie) || answer.Content.Headers.ContentEncoding.Count > 0) return false;
        if (answer.Headers.Vary.Any(v => !v.Equals(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase))) return false;
        if (answer.Headers.CacheControl is { NoStore: true } or { Private: true }) return false;
        var length = answer.Content.Headers.ContentLength;
        return answer.Headers.Contains(CacheTags.Header) ? !(length > CacheSettings.MaxAnswer)
            : length <= CacheSettings.MaxImmutable && answer.Headers.CacheControl is { Public: true } control && control.Extensions.Any(e => e.Name.Equals("immutable", StringComparison.OrdinalIgnoreCase));
    }

    private static string[] TagsOf(HttpResponseMessage answer, string header) => answer.Headers.TryGetValues(header, out var values)
        ? [.. values.SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(t => t.Trim('"')).Distinct(StringComparer.Ordinal)]
        : [];

    /// <summary>The whole body; or null where it turns out too large, and then it has been sent on.</summary>
    private static async Task<byte[]?> Read(HttpContext http, HttpContent content, CancellationToken ct)
    {
        await using var stream = await content.ReadAsStreamAsync(ct);
        using var body = new MemoryStream((int)(content.Headers.ContentLength ?? 16 * 1024));
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, ct)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length <= CacheSettings.MaxAnswer) continue;
            body.Position = 0;
            await body.CopyToAsync(http.Response.Body, ct);
            await stream.CopyToAsync(http.Response.Body, ct);
            return null;
        }
        return body.ToArray();
    }

    private CachedAnswer Make(Filling filling, IHeaderDictionary headers, string[] tags, byte[] body)
    {
        var compressible = body.Length > 512 && TextCompression.IsText(headers.ContentType);
        var kept = headers.Where(h => !NotKept.Contains(h.Key)).ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        var etag = kept.TryGetValue(HeaderNames.ETag, out var given) ? given.ToString() : $"W/\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 12))}\"";
        kept[HeaderNames.ETag] = etag;
        if (compressible) kept[HeaderNames.Vary] = HeaderNames.AcceptEncoding;
        foreach (var (name, value) in security.All) kept[name] = value;
        return new CachedAnswer(filling.Key, filling.Api, tags, [.. kept.Select(h => new KeyValuePair<string, StringValues>(h.Key, h.Value))], etag, body, compressible) { Epoch = filling.Epoch, AskedAt = filling.AskedAt };
    }
}
