using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Proxying;

public sealed class RoutingTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData("POST", "/api/session", "accounts")]
    [InlineData("DELETE", "/api/session", "accounts")]
    [InlineData("GET", "/api/me", "accounts")]
    [InlineData("PUT", "/api/me/second-factor", "accounts")]
    [InlineData("GET", "/api/tokens", "accounts")]
    [InlineData("DELETE", "/api/tokens/1", "accounts")]
    [InlineData("PUT", "/api/staff/1", "accounts")]
    [InlineData("GET", "/api/articles", "articles")]
    [InlineData("GET", "/api/articles/1", "articles")]
    [InlineData("GET", "/api/articles/by-slug/%D8%A3%D8%A8", "articles")]
    [InlineData("GET", "/api/tags", "articles")]
    [InlineData("GET", "/api/tags/%D8%A3%D8%A8", "articles")]
    [InlineData("GET", "/api/articles/1/related", "articles")]
    [InlineData("POST", "/api/articles/1/publish", "articles")]
    [InlineData("GET", "/api/articles/1/revisions/2/diff", "articles")]
    [InlineData("GET", "/api/categories/x", "articles")]
    [InlineData("POST", "/api/authors", "articles")]
    [InlineData("POST", "/api/media", "articles")]
    [InlineData("GET", "/media/1/640.webp", "articles")]
    [InlineData("POST", "/api/imports", "articles")]
    [InlineData("GET", "/api/imports/1", "articles")]
    [InlineData("PUT", "/api/imports/files/old.example/wp-content/uploads/2024/01/%D8%B5.jpg", "articles")]
    [InlineData("GET", "/api/exports", "articles")]
    [InlineData("GET", "/api/articles/1/comments", "comments")]
    [InlineData("POST", "/api/articles/1/comments", "comments")]
    [InlineData("GET", "/api/articles/1/comments/live", "comments")]
    [InlineData("GET", "/api/articles/1/comments/export", "comments")]
    [InlineData("DELETE", "/api/articles/1/comments", "comments")]
    [InlineData("PUT", "/api/articles/1/thread", "comments")]
    [InlineData("PATCH", "/api/comments/1", "comments")]
    [InlineData("PUT", "/api/comments/1/reactions/like", "comments")]
    [InlineData("GET", "/api/comment-counts?ids=1", "comments")]
    [InlineData("GET", "/api/moderation/queue", "comments")]
    [InlineData("DELETE", "/api/moderation/bans/1", "comments")]
    [InlineData("POST", "/api/moderation/people/export", "comments")]
    [InlineData("POST", "/api/moderation/people/erase", "comments")]
    [InlineData("POST", "/api/subscriptions", "notifications")]
    [InlineData("GET", "/api/subscriptions/export", "notifications")]
    [InlineData("GET", "/api/push/key", "notifications")]
    [InlineData("POST", "/api/webhooks/1/rotate", "notifications")]
    [InlineData("GET", "/api/dead-letters/accounts", "accounts")]
    [InlineData("GET", "/api/dead-letters/articles?queue=x", "articles")]
    [InlineData("POST", "/api/dead-letters/comments/replay", "comments")]
    [InlineData("POST", "/api/dead-letters/notifications/1/replay", "notifications")]
    [InlineData("GET", "/api/dispatches/live", "notifications")]
    [InlineData("GET", "/api/dispatches/1/deliveries", "notifications")]
    [InlineData("POST", "/api/deliveries/1/resend", "notifications")]
    [InlineData("GET", "/api/suppressions", "notifications")]
    [InlineData("POST", "/api/bounces", "notifications")]
    [InlineData("GET", "/api/live", "notifications")]
    [InlineData("POST", "/unsubscribe/t", "notifications")]
    [InlineData("GET", "/unsubscribe/t", "web")]
    [InlineData("GET", "/", "web")]
    [InlineData("GET", "/articles/%D8%A3%D8%A8", "web")]
    [InlineData("POST", "/articles/x/comments", "web")]
    [InlineData("GET", "/feed.xml", "web")]
    [InlineData("GET", "/en/search?q=x", "web")]
    [InlineData("GET", "/newsroom/articles", "web")]
    [InlineData("GET", "/.well-known/security.txt", "web")]
    public async Task Every_address_leads_to_its_part(string method, string path, string part)
    {
        var answer = await gateway.Send(new HttpMethod(method), path, content: method is "POST" or "PUT" or "PATCH" ? new StringContent("{}") : null);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldStartWith(part + " ");
        gateway.Parts.Single(p => p.Name == part).Last.Target.ShouldBe(path);
    }

    /// <summary>As a person types it into a terminal: bytes that no client has encoded.</summary>
    [Theory]
    [InlineData("/articles/خبر-عاجل", "web")]
    [InlineData("/api/articles/by-slug/خبر-عاجل?x=قيمة", "articles")]
    public async Task An_address_that_nobody_encoded_is_taken_as_if_somebody_had(string path, string part)
    {
        (await gateway.Raw(System.Text.Encoding.UTF8.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\nX-Name: خبر\r\nConnection: close\r\n\r\n"))).ShouldStartWith("HTTP/1.1 200");
        Uri.UnescapeDataString(gateway.Parts.Single(p => p.Name == part).Last.Target).ShouldBe(path);
        (await gateway.Raw([.. System.Text.Encoding.UTF8.GetBytes($"POST {path.Split('?')[0]}/x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\n"), 0xD8, 0xA3, 0xFF])).ShouldStartWith("HTTP/1.1 200");
    }

    [Theory]
    [InlineData("/internal/introspect")]
    [InlineData("/INTERNAL/introspect")]
    [InlineData("/api/../internal/introspect")]
    [InlineData("/api/%2e%2e/internal/introspect")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/api/nothing")]
    [InlineData("/api")]
    public async Task What_is_inside_stays_inside(string path)
    {
        var before = gateway.Parts.Sum(p => p.Requests.Count);

        (await gateway.Raw($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 404");
        gateway.Parts.Sum(p => p.Requests.Count).ShouldBe(before);
    }

    [Theory]
    [InlineData("TRACE", "/")]
    [InlineData("TRACE", "/api/articles")]
    [InlineData("CONNECT", "/")]
    [InlineData("PROPFIND", "/")]
    [InlineData("FOO", "/api/articles")]
    [InlineData("get", "/")]
    [InlineData("PUT", "/articles/x")]
    [InlineData("DELETE", "/")]
    public async Task What_no_part_should_see_is_405(string method, string path)
    {
        var answer = await gateway.Raw($"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        if (method != "CONNECT") answer.ShouldStartWith("HTTP/1.1 405");
        else answer.ShouldStartWith("HTTP/1.1 4");
        if (method != "CONNECT") answer.ShouldContain("\r\nAllow: ");
    }

    [Fact]
    public async Task HEAD_is_GET_without_the_body()
    {
        var answer = await gateway.Raw("HEAD /api/articles/7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldContain("\r\nContent-Length: 28\r\n");
        answer.ShouldEndWith("\r\n\r\n");
        gateway.Articles.Last.Method.ShouldBe("GET");
    }

    [Fact]
    public async Task Failures_of_the_gateway_are_problems_under_api_and_pages_elsewhere()
    {
        var api = await gateway.Get("/api/nothing", ("Accept", "text/html"));
        api.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonNode.Parse(await api.Content.ReadAsStringAsync())!;
        problem.AsObject().Select(p => p.Key).ShouldBe(["type", "title", "status", "code", "traceId"], ignoreOrder: true);

        var page = await gateway.Get("/internal/x");
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await page.Content.ReadAsStringAsync()).ShouldContain("<h1>الصفحة غير موجودة</h1>");
    }

    [Fact]
    public async Task What_a_part_answers_passes_as_it_is()
    {
        gateway.Articles.Answers = async http =>
        {
            http.Response.StatusCode = 422;
            http.Response.Headers.ETag = "\"3\"";
            http.Response.Headers.Location = "http://localhost:8080/api/articles/1";
            http.Response.Headers.SetCookie = "reader=1; Path=/";
            await Stub.Text(http, """{"code":"article.wrongStatus"}""", "application/problem+json");
        };

        var answer = await gateway.Send(HttpMethod.Post, "/api/articles/1/submit");

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Headers.ETag!.Tag.ShouldBe("\"3\"");
        answer.Headers.Location!.ToString().ShouldBe("http://localhost:8080/api/articles/1");
        answer.Headers.GetValues("Set-Cookie").ShouldBe(["reader=1; Path=/"]);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"code":"article.wrongStatus"}""");
        gateway.Reset();
    }
}
