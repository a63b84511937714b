using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Platform.Demo;

/// <summary>Calls of the public API, as the signed-in editor or as a guest.</summary>
internal sealed class Api(Uri gateway) : IDisposable
{
    // Redirects lead to the public address, which need not be reachable from here.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
    private string? _cookie;

    /// <exception cref="ApiException">It is not ready after this time.</exception>
    public async Task WaitUntilReady(TimeSpan patience)
    {
        using var end = new CancellationTokenSource(patience);
        while (true)
        {
            try
            {
                if ((await _http.GetAsync(new Uri("/health/ready", UriKind.Relative), end.Token)).IsSuccessStatusCode) return;
                await Task.Delay(200, end.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(200, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                throw new ApiException($"{gateway} is not ready");
            }
        }
    }

    /// <summary>Keeps the session's cookie whatever it is called: its name depends on the public address.</summary>
    public async Task SignIn(string email, string password)
    {
        using var response = await _http.PostAsJsonAsync(new Uri("/api/session", UriKind.Relative), new { email, password });
        if (response.StatusCode == HttpStatusCode.Unauthorized) throw new ApiException($"{email} cannot sign in with the given password");
        await Check(response, "POST /api/session");
        _cookie = response.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? cookies.Select(c => c.Split(';')[0]).First(c => c.Contains("session=", StringComparison.Ordinal))
            : throw new ApiException("signing in gave no cookie");
    }

    /// <summary>What is there, as the editor sees it; null where nothing is, or no more.</summary>
    public async Task<JsonNode?> Find(string path)
    {
        using var response = await Send(HttpMethod.Get, path, body: null, asGuest: false);
        if (response.StatusCode is HttpStatusCode.NotFound) return null;
        await Check(response, "GET " + path);
        return await response.Content.ReadFromJsonAsync<JsonNode>();
    }

    /// <summary>Whether the path is taken by something that cannot be read any more: moved or withdrawn.</summary>
    public async Task<bool> IsGone(string path)
    {
        using var response = await Send(HttpMethod.Get, path, body: null, asGuest: false);
        return response.StatusCode is HttpStatusCode.Gone or HttpStatusCode.MovedPermanently or HttpStatusCode.PermanentRedirect;
    }

    /// <param name="key">The idempotency key: a call that is repeated with it has one effect.</param>
    /// <param name="version">The version the change is based on, for If-Match.</param>
    /// <param name="retry">A status that means: not yet, ask again for up to 15 s.</param>
    /// <returns>The answer; null where the server says that it has it already (409).</returns>
    public async Task<JsonNode?> Post(string path, object body, string? key = null, long? version = null, bool asGuest = false, HttpStatusCode? retry = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var response = await Send(HttpMethod.Post, path, body, asGuest, key, version);
            if (response.StatusCode == retry && attempt < 75)
            {
                await Task.Delay(200);
                continue;
            }
            if (response.StatusCode == HttpStatusCode.Conflict) return null;
            await Check(response, "POST " + path);
            return await response.Content.ReadFromJsonAsync<JsonNode>();
        }
    }

    /// <summary>Sends a picture with its words.</summary>
    public async Task<JsonNode> Upload(string path, byte[] png, string alt, string? caption, string credit, string key)
    {
        var file = new ByteArrayContent(png);
        file.Headers.ContentType = new("image/png");
        var form = new MultipartFormDataContent { { file, "file", "picture.png" }, { new StringContent(alt), "alt" }, { new StringContent(credit), "credit" } };
        if (caption is not null) form.Add(new StringContent(caption), "caption");
        using var response = await Send(HttpMethod.Post, path, form, asGuest: false, key);
        await Check(response, "POST " + path);
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body, bool asGuest, string? key = null, long? version = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null) request.Content = body as HttpContent ?? JsonContent.Create(body);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (version is { } v) request.Headers.Add("If-Match", $"\"{v}\"");
        if (!asGuest && _cookie is not null)
        {
            request.Headers.Add("Cookie", _cookie);
            request.Headers.Add("X-Requested-With", "platform");
        }
        try
        {
            return await _http.SendAsync(request);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            throw new ApiException($"{method} {path}: {e.Message}");
        }
    }

    private static async Task Check(HttpResponseMessage response, string what)
    {
        if (response.IsSuccessStatusCode) return;
        var problem = await response.Content.ReadAsStringAsync();
        throw new ApiException($"{what} answered {(int)response.StatusCode} {problem[..Math.Min(problem.Length, 500)]}");
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>The platform did not answer as its contract says; the message is for whoever ran the loader.</summary>
internal sealed class ApiException(string message) : Exception(message);
