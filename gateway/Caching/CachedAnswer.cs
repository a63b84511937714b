using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Platform.Gateway.Caching;

/// <summary>A 200 as it is given to everyone: headers that are ready to send, and the body in each coding that was asked for.</summary>
public sealed class CachedAnswer(string key, bool api, IReadOnlyList<string> tags, IReadOnlyList<KeyValuePair<string, StringValues>> headers, string etag, byte[] body, bool compressible)
{
    private readonly KeyValuePair<string, StringValues>[] _headers = [.. headers];
    private byte[]? _brotli, _gzip;

    public string Key => key;

    /// <summary>Given to callers without a credential only: others' credentials must be checked first.</summary>
    public bool Api => api;

    public IReadOnlyList<string> Tags => tags;

    /// <summary>Bytes in memory, roughly; room for the compressed forms, which come later, is counted in.</summary>
    public long Size { get; } = 1024 + body.Length + (compressible ? body.Length / 2 : 0);

    /// <summary>Something it shows has changed; it is shown only where nothing better can be had.</summary>
    public volatile bool Outdated;

    /// <summary>The <see cref="AnswerCache.Epoch"/> it belongs to.</summary>
    public required long Epoch { get; init; }

    /// <summary><see cref="TimeProvider.GetTimestamp"/> when its request went out: it is no newer than that.</summary>
    public required long AskedAt { get; init; }

    /// <summary>As <see cref="AskedAt"/>, of its last use.</summary>
    public long UsedAt { get; set; }

    /// <summary>Sends it, or 304 where the client has it (RFC 9110, 13.1.2).</summary>
    public Task Send(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        foreach (var (name, value) in _headers) response.Headers[name] = value;
        if (ETags.Match(request.Headers.IfNoneMatch, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.Remove(HeaderNames.ContentType);
            return Task.CompletedTask;
        }
        var bytes = Coded(request, response);
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes, 0, bytes.Length);
    }

    private byte[] Coded(HttpRequest request, HttpResponse response)
    {
        if (!compressible) return body;
        switch (ContentCoding.Best(request.Headers.AcceptEncoding))
        {
            case ContentCoding.Brotli:
                response.Headers.ContentEncoding = ContentCoding.Brotli;
                return _brotli ??= Compress(s => new BrotliStream(s, new BrotliCompressionOptions { Quality = 5 }));
            case ContentCoding.Gzip:
                response.Headers.ContentEncoding = ContentCoding.Gzip;
                return _gzip ??= Compress(s => new GZipStream(s, CompressionLevel.Optimal));
            default:
                return body;
        }
    }

    // Two requests may both do it; the results are the same.
    private byte[] Compress(Func<Stream, Stream> coder)
    {
        using var result = new MemoryStream(body.Length / 3);
        using (var stream = coder(result)) stream.Write(body);
        return result.ToArray();
    }
}
