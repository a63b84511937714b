using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Platform.Gateway.Limits;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Limits;

public sealed class BodyLimitTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private const int KB = 1024, MB = 1024 * KB;

    [Theory]
    [InlineData("/api/articles", 2 * MB)]
    [InlineData("/api/media", 20 * MB)]
    [InlineData("/articles/x/comments", 128 * KB)]
    [InlineData("/newsroom/articles", 2 * MB)]
    [InlineData("/unsubscribe/t", 128 * KB)]
    public async Task A_body_may_be_so_large_and_no_larger(string path, int size)
    {
        (await Post(path, size, chunked: false)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Post(path, size + MB, chunked: false)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await Post(path, size - (size / 32), chunked: true)).StatusCode.ShouldBe(HttpStatusCode.OK);   // the sizes of the chunks count too
        (await Post(path, size + MB, chunked: true)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task An_import_may_be_large() => (await Post("/api/imports", 50 * MB, chunked: true)).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task What_says_that_it_is_too_large_never_reaches_a_part()
    {
        gateway.Reset();

        (await gateway.Raw($"POST /api/imports HTTP/1.1\r\nHost: x\r\nContent-Length: {1024L * MB + 1}\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 413");
        gateway.Articles.Requests.ShouldBeEmpty();
    }

    private async Task<HttpResponseMessage> Post(string path, int size, bool chunked)
    {
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(new string('x', size))) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;   // the answer is read before the body is sent in vain
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

public sealed class FewFixture : GatewayFixture
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("PLATFORM_RATE_READS", "20"), new("PLATFORM_RATE_WRITES", "5")];
}

public sealed class RateLimitTests(FewFixture gateway) : IClassFixture<FewFixture>
{
    [Fact]
    public async Task Reads_and_changes_are_counted_apart_and_what_is_kept_is_not()
    {
        gateway.Articles.Answers = http => Stub.Tagged(http, "kept", "articles");
        (await gateway.Get("/api/articles/1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 50; i++) (await gateway.Get("/api/articles/1")).StatusCode.ShouldBe(HttpStatusCode.OK);

        for (var i = 0; i < 19; i++) (await gateway.Get("/api/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var refused = await gateway.Get("/api/live");
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await gateway.Get("/")).Content.Headers.ContentType!.MediaType.ShouldBe("text/html");

        for (var i = 0; i < 5; i++) (await gateway.Send(HttpMethod.Post, "/api/bounces")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.Send(HttpMethod.Post, "/api/bounces")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await gateway.Get("/api/articles/1")).StatusCode.ShouldBe(HttpStatusCode.OK, "kept answers are given to everyone");
        (await gateway.Get("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void A_client_is_an_address_or_a_network_of_IPv6(string first, string second, bool same)
    {
        using var limits = new RateLimits(Settings("1", "0"));
        limits.Refuses(From(first)).ShouldBeNull();

        (limits.Refuses(From(second)) is not null).ShouldBe(same);
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        using var limits = new RateLimits(Settings("0", "1"));

        Enumerable.Range(0, 5000).ShouldAllBe(_ => limits.Refuses(From("192.0.2.1")) == null);
    }

    [Theory]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public void A_wrong_setting_is_named(string value) => Should.Throw<SettingException>(() => Settings(value, "1")).Message.ShouldStartWith("PLATFORM_RATE_READS");

    private static RateSettings Settings(string reads, string writes) =>
        new(new ConfigurationBuilder().AddInMemoryCollection([new("PLATFORM_RATE_READS", reads), new("PLATFORM_RATE_WRITES", writes)]).Build());

    private static DefaultHttpContext From(string address)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return http;
    }
}
