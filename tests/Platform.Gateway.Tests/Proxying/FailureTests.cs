using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Gateway.Tests.Proxying;

public sealed class FailureTests : IClassFixture<GatewayFixture>
{
    private readonly GatewayFixture _gateway;

    public FailureTests(GatewayFixture gateway)
    {
        _gateway = gateway;
        _gateway.Reset();
        _gateway.Time.Later(TimeSpan.FromSeconds(2));   // no part is known to hang
    }

    [Theory]
    [InlineData("GET", "/api/articles/1", "application/problem+json")]
    [InlineData("POST", "/api/articles", "application/problem+json")]
    [InlineData("GET", "/media/1/2.webp", "text/html")]
    public async Task A_part_that_is_down_is_503_with_Retry_After(string method, string path, string type)
    {
        await _gateway.Articles.Stop();
        try
        {
            var answer = await _gateway.Send(new HttpMethod(method), path, content: method == "POST" ? new StringContent("{}") : null);

            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(type);
            (await _gateway.Get("/api/live")).StatusCode.ShouldBe(HttpStatusCode.OK, "the other parts are up");
        }
        finally
        {
            await _gateway.Articles.Start();
        }
        (await _gateway.Get("/api/articles/1")).StatusCode.ShouldBe(HttpStatusCode.OK, "its return is noticed at once");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_part_that_hangs_is_found_out(string method)
    {
        _gateway.Articles.Hangs = true;
        var watch = Stopwatch.StartNew();

        (await _gateway.Send(new HttpMethod(method), "/api/imports", content: method == "POST" ? new StringContent("<x/>") : null)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        TestContext.Current.TestOutputHelper!.WriteLine($"after {watch.Elapsed.TotalSeconds:0.00} s; 2 s are promised");
    }

    [Fact]
    public async Task A_part_that_is_busy_gets_its_time()
    {
        var arrived = 0;
        using var release = new SemaphoreSlim(0);
        _gateway.Articles.Answers = async http => { Interlocked.Increment(ref arrived); await release.WaitAsync(http.RequestAborted); await Stub.Text(http, "at last"); };

        var answer = _gateway.Text("/api/imports/1");
        await Eventually.True(() => Volatile.Read(ref arrived) == 1, "the request to arrive");
        // Longer than it takes to find out a part that hangs.
        var watch = Stopwatch.StartNew();
        await Eventually.True(() => watch.Elapsed > TimeSpan.FromSeconds(2.5), "time to pass");
        answer.IsCompleted.ShouldBeFalse();
        release.Release();

        (await answer).ShouldBe("at last");
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_no_whole_one()
    {
        _gateway.Articles.Answers = async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.WriteAsync("a beginning");
            await http.Response.Body.FlushAsync();
            http.Abort();
        };

        try { (await _gateway.Get("/media/1/2.webp")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, "nothing was passed on yet"); }
        catch (HttpRequestException) { /* the connection broke off too */ }
    }

    [Fact]
    public async Task A_file_that_breaks_off_while_it_is_written_is_no_whole_one()
    {
        _gateway.Comments.Answers = async http =>
        {
            http.Response.ContentType = "application/x-ndjson";
            await http.Response.WriteAsync("{}\n");
            await http.Response.Body.FlushAsync();
            throw new InvalidOperationException("the store is away");
        };

        await Should.ThrowAsync<HttpRequestException>(_gateway.Send(HttpMethod.Get, "/api/articles/1/comments/export", GatewayFixture.Token));
    }

    [Theory]
    [InlineData("/api/live")]
    [InlineData("/api/dispatches/live")]
    [InlineData("/api/articles/1/comments/live")]
    [InlineData("/api/articles/1/comments/export")]
    [InlineData("/api/exports")]
    public async Task Streams_come_as_they_are_sent(string path)
    {
        using var more = new SemaphoreSlim(0);
        var part = path switch { "/api/live" or "/api/dispatches/live" => _gateway.Notifications, "/api/exports" => _gateway.Articles, _ => _gateway.Comments };
        part.Answers = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 3; i++)
            {
                await http.Response.WriteAsync($"id: {i}\ndata: x\n\n");
                await http.Response.Body.FlushAsync();
                await more.WaitAsync(http.RequestAborted);
            }
        };
        using var client = _gateway.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        for (var i = 0; i < 3; i++)
        {
            (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe($"id: {i}");
            await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            more.Release();
        }
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task HEAD_of_a_stream_ends()
    {
        _gateway.Notifications.Answers = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("id: 1\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };

        (await _gateway.Send(HttpMethod.Head, "/api/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task When_a_reader_leaves_the_part_hears_of_it()
    {
        var left = new TaskCompletionSource();
        _gateway.Notifications.Answers = async http =>
        {
            http.RequestAborted.Register(left.SetResult);
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("id: 1\n\n");
            await http.Response.Body.FlushAsync();
            await left.Task;
        };
        using (var client = _gateway.Client())
        using (await client.GetAsync(new Uri("/api/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken)) { }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
