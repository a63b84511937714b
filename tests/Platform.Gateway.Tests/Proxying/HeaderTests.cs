using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Proxying;

public sealed class HeaderTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    [Theory]
    [InlineData("X-Forwarded-For", "1.2.3.4")]
    [InlineData("x-forwarded-for", "1.2.3.4")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "gopher")]
    [InlineData("X-Forwarded-Prefix", "/evil")]
    [InlineData("X-Forwarded-User", "admin")]
    [InlineData("Forwarded", "for=1.2.3.4;host=evil.example")]
    [InlineData("X-Real-IP", "1.2.3.4")]
    [InlineData("X-Original-URL", "/internal")]
    [InlineData("X-User-Id", "somebody")]
    [InlineData("X-Auth-Roles", "admin")]
    [InlineData("X-MS-CLIENT-PRINCIPAL", "e30=")]
    [InlineData("Remote-User", "admin")]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [InlineData("True-Client-IP", "1.2.3.4")]
    public async Task Nobody_tells_parts_who_or_where_they_are(string name, string value)
    {
        await gateway.Get("/api/live", (name, value));

        gateway.Notifications.Last.Headers.Values.ShouldNotContain(v => v.Contains(value));
    }

    [Fact]
    public async Task The_gateway_says_where_a_request_comes_from()
    {
        await gateway.Raw("GET /search?q=1 HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\nConnection: close, X-Forwarded-For\r\n\r\n");

        var headers = gateway.Web.Last.Headers;
        headers["X-Forwarded-For"].ShouldBe("127.0.0.1");
        headers["X-Forwarded-Proto"].ShouldBe("http");
        headers["X-Forwarded-Host"].ShouldBe("localhost:8080");
        headers["Host"].ShouldBe(gateway.Web.Address.Authority);
    }

    [Theory]
    [InlineData("X-Edit-Token", "secret")]
    [InlineData("Idempotency-Key", "key-1")]
    [InlineData("If-Match", "\"3\"")]
    [InlineData("Last-Event-ID", "17")]
    [InlineData("webhook-signature", "v1,abc")]
    [InlineData("Accept-Language", "ar")]
    [InlineData("X-Requested-With", "platform")]
    [InlineData("X-Name", "نادية")]
    public async Task The_rest_passes(string name, string value)
    {
        // As bytes of UTF-8, which HttpClient sends only where it is told to.
        await gateway.Raw(System.Text.Encoding.UTF8.GetBytes($"GET /api/live HTTP/1.1\r\nHost: x\r\n{name}: {value}\r\nConnection: close\r\n\r\n"));

        gateway.Notifications.Last.Headers[name].ShouldBe(value);
    }

    [Theory]
    [InlineData("/api/live")]
    [InlineData("/")]
    [InlineData("/newsroom")]
    public async Task Parts_see_no_session_but_other_cookies(string path)
    {
        await gateway.Send(HttpMethod.Get, path, cookie: $"reader=signed; session={GatewayFixture.Session}; __Host-session=x; other=1");

        var last = path.StartsWith("/api", StringComparison.Ordinal) ? gateway.Notifications.Last : gateway.Web.Last;
        last.Headers["Cookie"].ShouldBe("reader=signed; other=1");
    }

    [Theory]
    [InlineData("/api/live")]
    [InlineData("/api/nothing")]
    [InlineData("/")]
    [InlineData("/health/live")]
    public async Task Every_answer_protects_browsers(string path)
    {
        var answer = await gateway.Get(path);

        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldBe("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["strict-origin-when-cross-origin"]);
        answer.Headers.GetValues("Cross-Origin-Opener-Policy").ShouldBe(["same-origin"]);
        answer.Headers.Contains("Permissions-Policy").ShouldBeTrue();
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("the public address is plain http");
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task A_part_can_not_weaken_them()
    {
        gateway.Web.Answers = http => { http.Response.Headers.ContentSecurityPolicy = "default-src *"; return Stub.Text(http, "page"); };

        (await gateway.Get("/other")).Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
        gateway.Web.Reset();
    }
}

public sealed class HttpsGatewayFixture : GatewayFixture
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("PLATFORM_PUBLIC_URL", "https://news.example")];
}

public sealed class HttpsTests(HttpsGatewayFixture gateway) : IClassFixture<HttpsGatewayFixture>
{
    [Fact]
    public async Task Behind_https_browsers_are_told_to_stay_there_and_the_cookie_has_its_strict_name()
    {
        (await gateway.Get("/")).Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=31536000"]);

        await gateway.Send(HttpMethod.Get, "/api/me", cookie: "__Host-session=" + GatewayFixture.Session);
        gateway.Accounts.Last.Headers["Authorization"].ShouldBe("Bearer jwt-of-session");
        await gateway.Send(HttpMethod.Get, "/api/me", cookie: "session=" + GatewayFixture.Session);
        gateway.Accounts.Last.Headers.ShouldNotContainKey("Authorization");
    }
}
