using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Web;

/// <summary>What another part answered. 5xx and silence are not answers: they are <see cref="UpstreamDownException"/>.</summary>
/// <param name="Body">Of a 2xx, else null.</param>
/// <param name="Problem">Of a 4xx that says what is wrong, else null.</param>
public sealed record Answer<T>(HttpStatusCode Status, T? Body, Uri? Location = null, UpstreamProblem? Problem = null) where T : class
{
    /// <summary>Cookies that it set, as they were set.</summary>
    public IReadOnlyList<string> Cookies { get; init; } = [];

    /// <summary>Where the asked-for name has become another (301), that one; else null.</summary>
    public string? NewName => Status == HttpStatusCode.MovedPermanently && Location is { } location ? Uri.UnescapeDataString(location.OriginalString.TrimEnd('/').Split('/')[^1]) : null;
}

/// <summary>The members of a problem document (RFC 9457) that pages look at.</summary>
public sealed record UpstreamProblem(string? Code, IReadOnlyDictionary<string, string[]>? Errors);

/// <summary>Another part cannot be reached, fails, or takes too long.</summary>
public sealed class UpstreamDownException(string part, Exception? inner = null) : Exception($"{part} is down.", inner);

/// <summary>One other part of the platform, asked over HTTP with pooled connections; reads what it knows of an answer and ignores the rest.</summary>
/// <param name="limit">How long an answer is waited for, from the first byte sent to the last received.</param>
public sealed class Upstream(string part, Uri address, TimeSpan limit, TimeProvider clock) : IDisposable
{
    /// <summary>More than any list of the public contract needs.</summary>
    private const int MaxAnswer = 16 * 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    })
    {
        BaseAddress = new Uri(address.ToString().TrimEnd('/') + "/"),
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswer,
    };

    public Task<Answer<T>> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken ct) where T : class =>
        Send(new HttpRequestMessage(HttpMethod.Get, path), type, ct);

    /// <param name="type">Of the body of a 2xx; null where the body says nothing.</param>
    /// <returns>Any answer below 500.</returns>
    /// <exception cref="UpstreamDownException">A 5xx, no answer in time, or one that cannot be read.</exception>
    public async Task<Answer<T>> Send<T>(HttpRequestMessage request, JsonTypeInfo<T>? type, CancellationToken ct) where T : class
    {
        using var patience = new CancellationTokenSource(limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            using var _ = request;
            using var response = await _http.SendAsync(request, both.Token);
            if (response.IsSuccessStatusCode)
                return new(response.StatusCode, type is null ? null : await response.Content.ReadFromJsonAsync(type, both.Token)) { Cookies = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? [.. cookies] : [] };
            if (response.StatusCode >= HttpStatusCode.InternalServerError) throw new UpstreamDownException(part);
            return new(response.StatusCode, null, response.Headers.Location, await ReadProblem(response, both.Token));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or NotSupportedException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new UpstreamDownException(part, e);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<UpstreamProblem?> ReadProblem(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json") return null;
        try
        {
            return await response.Content.ReadFromJsonAsync(UpstreamJson.Default.UpstreamProblem, ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
