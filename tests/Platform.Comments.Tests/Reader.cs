using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;

namespace Platform.Comments.Tests;

/// <summary>A reader with a browser's cookie jar.</summary>
public sealed class Reader(HttpClient http, string? address = null)
{
    private readonly CookieContainer _jar = new();

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body);
        var origin = http.BaseAddress!;
        if (_jar.GetCookieHeader(origin) is { Length: > 0 } cookies) request.Headers.Add("Cookie", cookies);
        if (address is not null) request.Headers.Add("X-Forwarded-For", address);
        var answer = await http.SendAsync(request);
        if (answer.Headers.TryGetValues("Set-Cookie", out var set)) foreach (var cookie in set) _jar.SetCookies(origin, cookie);
        return answer;
    }

    public Task<HttpResponseMessage> TryLike(Guid comment) => Send(HttpMethod.Put, $"/api/comments/{comment}/reactions/like");

    public async Task<long> Like(Guid comment) => Count(await (await TryLike(comment)).Json());

    public async Task<long> Unlike(Guid comment) => Count(await (await Send(HttpMethod.Delete, $"/api/comments/{comment}/reactions/like")).Json());

    public Task<HttpResponseMessage> TryReport(Guid comment, object? body = null) => Send(HttpMethod.Post, $"/api/comments/{comment}/reports", body ?? new { reason = "abuse" });

    public async Task Report(Guid comment, string reason = "abuse", string? note = null) => (await TryReport(comment, new { reason, note })).StatusCode.ShouldBe(HttpStatusCode.Accepted);

    private static long Count(JsonElement answer) => answer.GetProperty("like").GetInt64();
}
