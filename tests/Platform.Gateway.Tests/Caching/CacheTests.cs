using System.IO.Compression;
using System.Net;
using System.Text;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Caching;

public sealed class CacheTests : IClassFixture<GatewayFixture>, IAsyncLifetime
{
    private readonly GatewayFixture _gateway;
    private readonly Guid _article = Guid.CreateVersion7();
    private int _made;

    public CacheTests(GatewayFixture gateway) => _gateway = gateway;

    public async ValueTask InitializeAsync()
    {
        await Eventually.True(async () => { await _gateway.Articles.Stop(); await _gateway.Articles.Start(); _gateway.Reset(); return true; }, "a fresh start");
        await _gateway.InTouch();
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>A page of Web's that counts how often it was made.</summary>
    private void Serve(params string[] tags) => _gateway.Web.Answers = http => Stub.Tagged(http, $"page {Interlocked.Increment(ref _made)}", tags);

    private string Page(string rest = "") => $"/articles/{_article}{rest}";

    [Fact]
    public async Task What_says_what_it_shows_is_made_once()
    {
        Serve(CacheTags.Article(_article));

        var first = await _gateway.Get(Page());
        var second = await _gateway.Get(Page());

        (await second.Content.ReadAsStringAsync()).ShouldBe("page 1");
        first.Headers.Contains("Cache-Tag").ShouldBeFalse();
        second.Headers.Contains("Cache-Tag").ShouldBeFalse();
        second.Headers.CacheControl!.ToString().ShouldContain("s-maxage=5");
        second.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
        second.Headers.ETag.ShouldBe(first.Headers.ETag);
    }

    [Fact]
    public async Task What_does_not_is_made_each_time()
    {
        _gateway.Web.Answers = http => Stub.Text(http, $"page {Interlocked.Increment(ref _made)}", "text/html");

        (await _gateway.Text(Page())).ShouldBe("page 1");
        (await _gateway.Text(Page())).ShouldBe("page 2");
    }

    [Theory]
    [InlineData("Set-Cookie", "reader=1")]
    [InlineData("Cache-Control", "no-store")]
    [InlineData("Cache-Control", "private, max-age=0")]
    [InlineData("Vary", "Cookie")]
    [InlineData("Vary", "*")]
    public async Task What_is_one_readers_own_is_never_kept(string name, string value)
    {
        _gateway.Web.Answers = http =>
        {
            http.Response.Headers["Cache-Tag"] = "front";
            http.Response.Headers[name] = value;
            return Stub.Text(http, $"page {Interlocked.Increment(ref _made)}");
        };

        (await _gateway.Text(Page())).ShouldBe("page 1");
        (await _gateway.Text(Page())).ShouldBe("page 2");
    }

    [Fact]
    public async Task Only_200_is_kept()
    {
        _gateway.Web.Answers = http => { http.Response.StatusCode = 404; return Stub.Tagged(http, $"none {Interlocked.Increment(ref _made)}", "front"); };

        (await _gateway.Text(Page())).ShouldBe("none 1");
        (await _gateway.Text(Page())).ShouldBe("none 2");
    }

    [Fact]
    public async Task The_querys_order_does_not_matter_and_tracking_is_no_part_of_a_page()
    {
        Serve("front");

        (await _gateway.Text(Page("?b=2&a=1"))).ShouldBe("page 1");
        (await _gateway.Text(Page("?a=1&b=2"))).ShouldBe("page 1");
        (await _gateway.Text(Page("?a=1&b=2&utm_source=x&fbclid=y"))).ShouldBe("page 1");
        (await _gateway.Text(Page("?a=1&b=3"))).ShouldBe("page 2");
        (await _gateway.Text(Page("?a=1&utm_source=z&b=4"))).ShouldBe("page 3");
        _gateway.Web.Last.Target.ShouldBe(Page("?a=1&b=4"));
    }

    [Fact]
    public async Task The_host_does_not_matter()
    {
        Serve("front");

        (await _gateway.Text(Page())).ShouldBe("page 1");
        (await _gateway.Text(Page(), ("Host", "other.example"))).ShouldBe("page 1");
        _gateway.Web.Last.Headers["X-Forwarded-Host"].ShouldBe("localhost:8080");
    }

    [Fact]
    public async Task Staff_get_no_kept_answer_of_the_API_and_leave_none()
    {
        _gateway.Articles.Answers = http => Stub.Tagged(http, $"article {Interlocked.Increment(ref _made)}", CacheTags.Article(_article));
        var path = $"/api/articles/{_article}";

        (await (await _gateway.Send(HttpMethod.Get, path, bearer: GatewayFixture.Token)).Content.ReadAsStringAsync()).ShouldBe("article 1");
        (await _gateway.Text(path)).ShouldBe("article 2");
        (await _gateway.Text(path)).ShouldBe("article 2");
        (await (await _gateway.Send(HttpMethod.Get, path, bearer: GatewayFixture.Token)).Content.ReadAsStringAsync()).ShouldBe("article 3");
        (await (await _gateway.Send(HttpMethod.Get, path, cookie: "session=" + GatewayFixture.Session)).Content.ReadAsStringAsync()).ShouldBe("article 4");
        (await _gateway.Send(HttpMethod.Get, path, bearer: GatewayFixture.Unknown)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await _gateway.Text(path)).ShouldBe("article 2");
    }

    [Fact]
    public async Task What_moderators_take_out_of_a_thread_is_never_kept()
    {
        _gateway.Comments.Answers = http => Stub.Tagged(http, $"export {Interlocked.Increment(ref _made)}", CacheTags.Article(_article));
        var path = $"/api/articles/{_article}/comments/export";

        (await (await _gateway.Send(HttpMethod.Get, path, bearer: GatewayFixture.Token)).Content.ReadAsStringAsync()).ShouldBe("export 1");
        (await _gateway.Text(path)).ShouldBe("export 2");
        (await _gateway.Text(path)).ShouldBe("export 3");
    }

    [Fact]
    public async Task Who_has_it_already_gets_304()
    {
        Serve(CacheTags.Article(_article));
        var etag = (await _gateway.Get(Page())).Headers.ETag!.ToString();

        var known = await _gateway.Get(Page(), ("If-None-Match", $"\"other\", {etag}"));
        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        known.Headers.ETag!.ToString().ShouldBe(etag);
        (await known.Content.ReadAsStringAsync()).ShouldBeEmpty();
        (await _gateway.Get(Page(), ("If-None-Match", "\"other\""))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_part_is_never_asked_for_half_an_answer()
    {
        Serve(CacheTags.Article(_article));

        (await _gateway.Get(Page(), ("If-None-Match", "*"))).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        _gateway.Web.Last.Headers.Keys.ShouldNotContain("If-None-Match");
        (await _gateway.Text(Page(), ("Range", "bytes=0-1"))).ShouldBe("page 1");
    }

    [Fact]
    public async Task What_is_not_kept_can_be_known_too()
    {
        _gateway.Web.Answers = http => { http.Response.Headers.ETag = "\"v1\""; return Stub.Text(http, "style"); };

        var known = await _gateway.Get(Page(), ("If-None-Match", "\"v1\""));

        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await known.Content.ReadAsStringAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task HEAD_is_answered_from_memory()
    {
        Serve(CacheTags.Article(_article));
        await _gateway.Get(Page());

        var head = await _gateway.Send(HttpMethod.Head, Page());

        head.Content.Headers.ContentLength.ShouldBe(6);
        _made.ShouldBe(1);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    [InlineData("", null)]
    public async Task Text_is_compressed_as_the_client_likes(string accept, string? coding)
    {
        var text = string.Concat(Enumerable.Range(0, 500).Select(i => $"السطر {i}\n"));
        _gateway.Web.Answers = http => Stub.Tagged(http, text, "front");
        for (var round = 0; round < 2; round++)   // made, then kept
        {
            var answer = await _gateway.Get(Page(), ("Accept-Encoding", accept));

            answer.Content.Headers.ContentEncoding.SingleOrDefault().ShouldBe(coding);
            answer.Headers.Vary.ShouldBe(["Accept-Encoding"]);
            (await Decoded(answer)).ShouldBe(text);
        }
        _gateway.Web.Last.Headers.Keys.ShouldNotContain("Accept-Encoding");
    }

    [Fact]
    public async Task What_is_not_kept_is_compressed_for_readers_only()
    {
        var text = new string('x', 5000);
        _gateway.Articles.Answers = http => Stub.Text(http, text, "application/json");

        var answer = await _gateway.Get("/api/articles", ("Accept-Encoding", "br"));
        answer.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        (await Decoded(answer)).ShouldBe(text);
        (await _gateway.Send(HttpMethod.Get, "/api/articles", bearer: GatewayFixture.Token, headers: ("Accept-Encoding", "br"))).Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_crowd_costs_one_page()
    {
        using var release = new SemaphoreSlim(0);
        _gateway.Web.Answers = async http => { Interlocked.Increment(ref _made); await release.WaitAsync(http.RequestAborted); await Stub.Tagged(http, "page", CacheTags.Article(_article)); };

        var crowd = Enumerable.Range(0, 50).Select(_ => _gateway.Text(Page())).ToArray();
        await Eventually.True(() => Volatile.Read(ref _made) == 1, "the page to be asked for");
        release.Release(50);

        (await Task.WhenAll(crowd)).ShouldAllBe(p => p == "page");
        _made.ShouldBe(1);
    }

    [Fact]
    public async Task Who_asks_first_and_leaves_takes_nobody_along()
    {
        using var release = new SemaphoreSlim(0);
        _gateway.Web.Answers = async http => { Interlocked.Increment(ref _made); await release.WaitAsync(http.RequestAborted); await Stub.Tagged(http, "page", CacheTags.Article(_article)); };
        using var client = _gateway.Client();
        using var leaving = new CancellationTokenSource();
        var first = client.GetAsync(new Uri(Page(), UriKind.Relative), leaving.Token);
        await Eventually.True(() => Volatile.Read(ref _made) == 1, "the page to be asked for");
        var second = _gateway.Text(Page());

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        await Eventually.True(() => Volatile.Read(ref _made) == 2, "the page to be asked for again");
        release.Release(2);

        (await second).ShouldBe("page");
    }

    [Fact]
    public async Task What_is_large_passes_and_is_not_kept()
    {
        var large = new byte[5 * 1024 * 1024];
        _gateway.Web.Answers = async http => { Interlocked.Increment(ref _made); http.Response.Headers["Cache-Tag"] = "front"; http.Response.ContentType = "text/html"; await http.Response.Body.WriteAsync(large); };

        for (var i = 0; i < 2; i++) (await (await _gateway.Get(Page())).Content.ReadAsByteArrayAsync()).Length.ShouldBe(large.Length);
        _made.ShouldBe(2);
    }

    [Fact]
    public async Task What_never_changes_is_kept_without_a_tag()
    {
        _gateway.Web.Answers = http => { http.Response.Headers.CacheControl = "public, max-age=31536000, immutable"; return Stub.Text(http, $"style {Interlocked.Increment(ref _made)}", "text/css"); };

        await _gateway.Text(Page("/site.css"));
        (await _gateway.Text(Page("/site.css"))).ShouldBe("style 1");
    }

    [Fact]
    public async Task After_a_minute_it_is_made_anew_whatever_the_messages_said()
    {
        Serve(CacheTags.Article(_article));
        await _gateway.Text(Page());

        _gateway.Time.Later(TimeSpan.FromSeconds(61));

        (await _gateway.Text(Page())).ShouldBe("page 2");
    }

    private static async Task<string> Decoded(HttpResponseMessage answer)
    {
        await using var body = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch { "br" => new BrotliStream(body, CompressionMode.Decompress), "gzip" => new GZipStream(body, CompressionMode.Decompress), _ => body };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
