using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>Turns every failure into one application/problem+json (RFC 9457), whatever Accept says; never a stack trace.</summary>
public sealed partial class ProblemHandler(ILogger<ProblemHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = 499;
            return true;
        }
        var problem = From(exception);
        if (problem.Status >= 500) Log.Failed(logger, exception, http.Request.Method, http.Request.Path, problem.Code);
        await Write(http, problem);
        return true;
    }

    /// <summary>The problem that an exception stands for; what nobody foresaw is a 500 without detail.</summary>
    public static Problem From(Exception exception) => exception switch
    {
        Problem problem => problem,
        BadHttpRequestException { InnerException: JsonException json } => Malformed(json),
        BadHttpRequestException { StatusCode: 413 } => new(413, "request.tooLarge", "The body is too large."),
        BadHttpRequestException { StatusCode: 415 } => new(415, "request.mediaType", "Send application/json in UTF-8."),
        BadHttpRequestException bad => new(bad.StatusCode, "request.malformed", bad.StatusCode == 400 ? "The request could not be understood." : ReasonPhrases.GetReasonPhrase(bad.StatusCode)),
        _ when StoreFailure.IsTransient(exception) => Problem.Unavailable("store.unavailable", "The store is away; try again shortly."),
        _ => new(500, "internal", "Something failed here; it has been logged under the traceId."),
    };

    /// <summary>Writes the problem as the whole response.</summary>
    public static Task Write(HttpContext http, Problem problem)
    {
        var response = http.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait) response.Headers.RetryAfter = ((int)Math.Max(1, Math.Ceiling(wait.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        var document = new Dictionary<string, object?>
        {
            ["type"] = $"urn:problem:{problem.Code}",
            ["title"] = problem.Message,
            ["status"] = problem.Status,
            ["code"] = problem.Code,
            ["traceId"] = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier,
        };
        if (problem.Errors is not null) document["errors"] = problem.Errors;
        foreach (var (key, value) in problem.Extensions ?? new Dictionary<string, object?>()) document[key] = value;
        return response.WriteAsJsonAsync(document, StrictJson.Options, "application/problem+json", http.RequestAborted);
    }

    /// <summary>Gives a body to the bare 4xx and 5xx that the framework itself answers (routing, authorization).</summary>
    public static Task WriteBare(StatusCodeContext context)
    {
        var http = context.HttpContext;
        var status = http.Response.StatusCode;
        return Write(http, status switch
        {
            400 => new Problem(400, "request.malformed", "The request could not be understood."),
            401 => Problem.Unauthenticated(),
            403 => Problem.Forbidden(),
            404 => Problem.NotFound(),
            405 => new Problem(405, "request.method", "This resource has no such method; see Allow."),
            413 => new Problem(413, "request.tooLarge", "The body is too large."),
            415 => new Problem(415, "request.mediaType", "Send application/json in UTF-8."),
            503 => Problem.Unavailable(),
            _ => new Problem(status, "http." + status.ToString(CultureInfo.InvariantCulture), ReasonPhrases.GetReasonPhrase(status)),
        });
    }

    private static Problem Malformed(JsonException json)
    {
        var field = json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
        // System.Text.Json's own words name types and positions; what a client needs is the place.
        var title = "The body is not the JSON that is expected here.";
        return field is null ? new(400, "request.malformed", title) { Errors = Named(json) } : new(400, "request.malformed", title) { Errors = new Dictionary<string, string[]> { [field] = ["Unknown, duplicate, missing or of the wrong type."] } };
    }

    private static Dictionary<string, string[]>? Named(JsonException json)
    {
        // "… missing required properties including: 'title', 'body'." and "The JSON property 'x' could not be mapped …"
        var names = json.Message.Split('\'').Where((_, i) => i % 2 == 1).Where(n => n.Length is > 0 and <= 60 && n.All(c => char.IsAsciiLetterOrDigit(c))).Distinct().ToArray();
        return names.Length == 0 ? null : names.ToDictionary(n => n, _ => new[] { "Unknown, duplicate, missing or of the wrong type." });
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method} {Path} failed: {Code}")]
        public static partial void Failed(ILogger logger, Exception exception, string method, string path, string code);
    }
}
