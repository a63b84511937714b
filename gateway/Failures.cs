using System.Collections.Concurrent;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Platform.Gateway.Proxying;
using Platform.ServiceDefaults;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway;

/// <summary>Gives every failure that has no body yet one: problem+json under /api, a plain page elsewhere. A part that is down is a 503 with Retry-After.</summary>
public sealed partial class Failures(ErrorPage page, TimeProvider clock, ILogger<Failures> logger)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, long> _toldAt = new(StringComparer.Ordinal);   // one entry per part

    public async Task Guard(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            var problem = ProblemHandler.From(e);
            if (problem.Status == 500) Log.Failed(logger, e, http.Request.Method, http.Request.Path);
            await Write(http, problem);
            return;
        }
        if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested) return;
        if (http.Features.Get<IForwarderErrorFeature>() is { } failure) await Write(http, From(http, failure));
        else if (http.Response.StatusCode >= 400 && http.Response.ContentLength is null && http.Response.ContentType is null) await Write(http, Bare(http.Response.StatusCode));
    }

    /// <summary>Writes the failure as the whole answer, in the form that fits the address.</summary>
    public Task Write(HttpContext http, Problem problem)
    {
        var keep = new[] { HeaderNames.Allow, HeaderNames.SetCookie }.Select(n => (Name: n, Value: http.Response.Headers[n])).Where(h => h.Value.Count > 0).ToList();
        http.Response.Clear();
        foreach (var (name, value) in keep) http.Response.Headers[name] = value;
        return http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) ? ProblemHandler.Write(http, problem) : page.Write(http, problem);
    }

    private Problem From(HttpContext http, IForwarderErrorFeature failure)
    {
        if (http.Response.StatusCode < 500) return Bare(http.Response.StatusCode);   // the client's own body failed: 400, 408, 413
        var part = RouteTraits.Of(http)?.Part ?? "";
        var now = clock.GetTimestamp();
        if (!_toldAt.TryGetValue(part, out var at) || clock.GetElapsedTime(at, now) > Quiet)
        {
            _toldAt[part] = now;
            Log.PartDown(logger, part, failure.Error, failure.Exception?.Message);
        }
        return Problem.Unavailable();
    }

    private static Problem Bare(int status) => status switch
    {
        400 => new(400, "request.malformed", "The request could not be understood."),
        401 => Problem.Unauthenticated(),
        403 => Problem.Forbidden(),
        404 => Problem.NotFound(),
        405 => new(405, "request.method", "This resource has no such method; see Allow."),
        413 => new(413, "request.tooLarge", "The body is too large."),
        502 or 503 or 504 => Problem.Unavailable(),
        _ => new(status, "http." + status, ReasonPhrases.GetReasonPhrase(status)),
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string method, string path);

        [LoggerMessage(LogLevel.Warning, "{Part} does not answer: {Error}, {Reason}")]
        public static partial void PartDown(ILogger logger, string part, ForwarderError error, string? reason);
    }
}

public static class FailuresPipeline
{
    public static void UseFailures(this WebApplication app)
    {
        var failures = app.Services.GetRequiredService<Failures>();
        app.Use(next => http => failures.Guard(http, next));
    }
}
