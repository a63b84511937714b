using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Comments.Moderation;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Moderation;

/// <summary>A scorer outside, whose answers the tests set.</summary>
internal sealed class ScorerServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScorerServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/score";

    /// <summary>What it answers; it sees the request's body and Authorization.</summary>
    public Func<string, string, HttpContext, Task> Answer { get; set; } = (_, _, http) => http.Response.WriteAsync("""{"score":0.1}""");

    public int Asked;

    public static async Task<ScorerServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new ScorerServer(builder.Build());
        server._app.Run(async http =>
        {
            Interlocked.Increment(ref server.Asked);
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            await server.Answer(await reader.ReadToEndAsync(), http.Request.Headers.Authorization.ToString(), http);
        });
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

public sealed class OutsideScorerTests : IAsyncLifetime
{
    private ScorerServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ScorerServer.Start();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private OutsideScorer Scorer(string? url = null, int limit = 5000) => new(new ScorerSettings(new ConfigurationManager
    {
        ["COMMENTS_SCORER_URL"] = url ?? _server.Url,
        ["COMMENTS_SCORER_KEY"] = "key",
        ["COMMENTS_SCORER_TIMEOUT"] = limit.ToString(System.Globalization.CultureInfo.InvariantCulture),
    }), TimeProvider.System, NullLogger<OutsideScorer>.Instance);

    [Fact]
    public async Task It_is_told_the_text_and_nothing_of_who_wrote_it()
    {
        string? told = null, credential = null;
        _server.Answer = (body, authorization, http) =>
        {
            (told, credential) = (body, authorization);
            return http.Response.WriteAsync("""{"score":0.93,"reason":"insult\n\u202eof a group","more":[1]}""");
        };
        using var scorer = Scorer();

        (await scorer.Ask(CommentTests.New(body: "نص"), "ar", default)).ShouldBe(new OutsideScore(0.93, "insult of a group"));

        JsonSerializer.Deserialize<JsonElement>(told!).EnumerateObject().Select(p => p.Name).ShouldBe(["articleId", "language", "name", "body"]);
        credential.ShouldBe("Bearer key");
    }

    [Theory]
    [InlineData("""{"score":1.5}""")]
    [InlineData("""{"score":"0.5"}""")]
    [InlineData("""{"verdict":"spam"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("")]
    public async Task A_wrong_answer_is_none(string answer)
    {
        _server.Answer = (_, _, http) => http.Response.WriteAsync(answer);
        using var scorer = Scorer();

        (await scorer.Ask(CommentTests.New(), "ar", default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_late_an_endless_a_failed_and_an_absent_answer_are_none()
    {
        using (var late = Scorer(limit: 50))
        {
            _server.Answer = (_, _, http) => Task.Delay(Timeout.Infinite, http.RequestAborted);
            (await late.Ask(CommentTests.New(), "ar", default)).ShouldBeNull();
        }
        using (var endless = Scorer())
        {
            _server.Answer = (_, _, http) => http.Response.WriteAsync(new string(' ', 100_000));
            (await endless.Ask(CommentTests.New(), "ar", default)).ShouldBeNull();
            _server.Answer = (_, _, http) => { http.Response.StatusCode = 500; return Task.CompletedTask; };
            (await endless.Ask(CommentTests.New(), "ar", default)).ShouldBeNull();
        }
        using var absent = Scorer("http://127.0.0.1:9/");
        (await absent.Ask(CommentTests.New(), "ar", default)).ShouldBeNull();
    }

    [Fact]
    public async Task After_three_failures_in_a_row_it_is_left_alone_for_a_while()
    {
        _server.Answer = (_, _, http) => { http.Response.StatusCode = 503; return Task.CompletedTask; };
        using var scorer = Scorer();

        for (var i = 0; i < 10; i++) (await scorer.Ask(CommentTests.New(), "ar", default)).ShouldBeNull();

        _server.Asked.ShouldBe(3);
    }

    [Theory]
    [InlineData("COMMENTS_SCORER_URL", "ftp://x")]
    [InlineData("COMMENTS_SCORER_URL", "x")]
    [InlineData("COMMENTS_SCORER_TIMEOUT", "9")]
    [InlineData("COMMENTS_SCORER_TIMEOUT", "soon")]
    public void A_wrong_setting_is_named(string name, string value) =>
        Should.Throw<ServiceDefaults.SettingException>(() => new ScorerSettings(new ConfigurationManager { [name] = value })).Message.ShouldStartWith(name);
}

/// <summary>Comments with a scorer outside, in mode post.</summary>
public sealed class ScoredFixture : CommentsFixture
{
    internal ScorerServer Scorer { get; private set; } = null!;

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("COMMENTS_SCORER_URL", Scorer.Url), new("COMMENTS_SCORER_TIMEOUT", "5000")];

    public override async ValueTask InitializeAsync()
    {
        Scorer = await ScorerServer.Start();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Scorer.DisposeAsync();
    }
}

public sealed class ScoredCommentsTests(ScoredFixture fixture) : IClassFixture<ScoredFixture>
{
    [Fact]
    public async Task What_it_takes_for_bad_is_held_with_its_words_and_its_absence_holds_nothing_up()
    {
        var article = await fixture.Article();
        fixture.Scorer.Answer = (body, _, http) => http.Response.WriteAsync(body.Contains("سيئ", StringComparison.Ordinal) ? """{"score":0.9,"reason":"abuse"}""" : """{"score":0.2}""");
        (await fixture.Post(article, body: "كلام سيئ")).Text("status").ShouldBe("held");
        (await fixture.Post(article, body: "كلام حسن")).Text("status").ShouldBe("published");
        (await (await fixture.Moderator.Get($"/api/moderation/queue?articleId={article}")).Json()).Items().ShouldHaveSingleItem().Items("findings").ShouldHaveSingleItem().ToString()
            .ShouldBe("""{"rule":"outside","detail":"0.90 abuse","version":1}""");

        fixture.Scorer.Answer = (_, _, http) => { http.Response.StatusCode = (int)HttpStatusCode.InternalServerError; return Task.CompletedTask; };
        (await fixture.Post(article, body: "كلام سيئ آخر")).Text("status").ShouldBe("published");
    }
}
