using System.Text;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Proxying;

/// <summary>Whatever a client sends, it gets its answer or none; a 5xx would be our fault.</summary>
public sealed class HostileTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    public static TheoryData<string> Requests =>
    [
        "GARBAGE\r\n\r\n",
        "\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: \"><script>\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x:99999999\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET http://evil.example/api/articles HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET //evil.example/api HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
        "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /% HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%c0%80 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%ed%a0%80 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /\u00d8\u00a3 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a%2f..%2f..%2finternal HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/articles/..;/internal HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/articles?q=%zz&q=%00&=&&& HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /?q=<>\"{}|\\^` HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /{}|^[] HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /\\..\\internal HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX-Name: caf\u00e9\r\n\r\n",
        "GET /api/live HTTP/1.1\r\nHost: x\r\nX-Name: \u0001\u0002\u007f\r\n\r\n",
        "GET /api/live HTTP/1.1\r\nHost: x\r\nX-Name: a\0b\r\n\r\n",
        "GET /api/live HTTP/1.1\r\nHost: x\r\nBad Name: y\r\n\r\n",
        "GET /api/live HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n",
        "GET /api/live HTTP/1.1\r\nHost: x\r\nX-Folded: a\r\n b\r\n\r\n",
        "GET /api/live HTTP/1.1\r\nHost: x\r\nCookie: ;;;=;session;session=;session==\r\n\r\n",
        "GET /api/live HTTP/1.1\r\nHost: x\r\nAuthorization: \r\n\r\n",
        "GET /api/live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \u00ff\u00fe\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"\r\nRange: bytes=-1,x\r\nIf-Modified-Since: never\r\nAccept: ;;q=x\r\nAccept-Encoding: ,;q=,br;q=zz\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTE: trailers, gzip\r\nTrailer: X\r\n\r\n",
        "POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /api/articles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        "POST /api/articles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "POST /api/articles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
        "POST /api/articles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        "POST /api/articles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST /api/articles HTTP/1.0\r\nHost: x\r\n\r\nhello",
        "POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Type: \u00ff/\u00ff;charset=\"\r\nContent-Length: 2\r\n\r\n{}",
        "POST /articles/x/comments HTTP/1.1\r\nHost: x\r\nOrigin: %%%\r\nContent-Length: 0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + new string('x', 40_000) + "\r\n\r\n",
        "GET /" + new string('x', 20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /" + string.Concat(Enumerable.Repeat("{", 7_000)) + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Range(0, 99).Select(i => $"X-{i}: {new string('y', 280)}\r\n")) + "\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"X-{i}: y\r\n")) + "\r\n",
        "DELETE /api/tokens/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
        "GET /api/articles HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
        "HEAD /api/articles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Nothing_a_client_sends_is_a_5xx(string request)
    {
        var answer = await gateway.Raw(request.Replace("Host: x\r\n", "Host: x\r\nConnection: close\r\n", StringComparison.Ordinal));

        if (!answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal)) answer.ShouldNotContain("HTTP/1.1 5");   // 505 is what RFC 9110 has for a version that does not exist
        answer.ShouldNotContain("   at ", Case.Sensitive, "no stack traces");
        (await gateway.Get("/health/live")).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_smuggled_past_the_door()
    {
        gateway.Reset();
        await gateway.Raw("POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Length: 48\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /internal/smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
        await gateway.Raw("POST /api/articles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /internal/smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

        gateway.Parts.SelectMany(p => p.Requests).ShouldAllBe(r => !r.Target.Contains("smuggled"));
    }

    [Fact]
    public async Task A_body_that_never_comes_ends_with_its_client()
    {
        (await gateway.Raw("POST /api/articles HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nonly this")).ShouldNotContain("HTTP/1.1 5");
        (await gateway.Raw(Encoding.ASCII.GetBytes("POST /api/articles HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nonly this"))).ShouldNotContain("HTTP/1.1 5");
    }
}
