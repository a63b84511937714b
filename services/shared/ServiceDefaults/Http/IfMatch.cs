using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Platform.ServiceDefaults;

/// <summary>The version that a caller of a change has seen, from If-Match (RFC 9110, 13.1.1). As a handler's parameter it is required: absent → 428, malformed → 400.</summary>
/// <param name="Version">The version, or null for <c>*</c> (or, from <see cref="Optional"/>, no header): any will do.</param>
public readonly record struct IfMatch(long? Version)
{
    /// <exception cref="Problem">412 when the document's version is another one.</exception>
    public void Check(long version, string what)
    {
        if (Version is { } expected && expected != version) throw Problem.Stale(what);
    }

    public static ValueTask<IfMatch> BindAsync(HttpContext http)
    {
        if (http.Request.Headers.IfMatch.Count == 0)
            throw new Problem(428, "request.ifMatchRequired", "Send If-Match with the ETag of the version that you have read.");
        return ValueTask.FromResult(Optional(http));
    }

    /// <summary>For calls where If-Match is honoured but not asked for.</summary>
    public static IfMatch Optional(HttpContext http)
    {
        string? text = http.Request.Headers.IfMatch;
        if (text is null || text.Trim() == "*") return new IfMatch(null);
        return TryParse(text, out var version) ? new IfMatch(version) : throw new Problem(400, "request.ifMatch", "If-Match must be one ETag such as \"3\".");
    }

    /// <summary>Reads <c>"3"</c>.</summary>
    public static bool TryParse(string text, out long version)
    {
        text = text.Trim();
        version = 0;
        return text.Length > 2 && text[0] == '"' && text[^1] == '"' && long.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }
}

/// <summary>An answer that says where what it made is found; null where it made nothing.</summary>
public interface ILocated
{
    string? Location { get; }
}

/// <summary>A single document with its version as ETag; 304 where If-None-Match names it (RFC 9110, 13.1.2).</summary>
public sealed class Versioned<T>(T value, long version, int status = StatusCodes.Status200OK, string? location = null) : IResult, IStatusCodeHttpResult, IValueHttpResult<T>, ILocated
{
    public string? Location => location;
    public T? Value => value;
    public int? StatusCode => status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var etag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
        httpContext.Response.Headers.ETag = etag;
        if (location is not null) httpContext.Response.Headers.Location = location;
        if (status == StatusCodes.Status200OK && HttpMethods.IsGet(httpContext.Request.Method) && httpContext.Request.Headers.IfNoneMatch.SelectMany(v => v!.Split(',')).Any(v => v.Trim() is var t && (t == "*" || t == etag || t == "W/" + etag)))
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        httpContext.Response.StatusCode = status;
        return httpContext.Response.WriteAsJsonAsync(value, httpContext.RequestAborted);
    }
}
