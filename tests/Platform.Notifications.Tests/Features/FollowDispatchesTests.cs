using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Platform.Notifications.Live;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

public sealed class FollowDispatchesTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    [Fact]
    public async Task The_newsroom_sees_each_dispatch_begin_go_on_and_end_as_the_list_shows_it()
    {
        fixture.Sink.OnRecipient = null;
        await using var stream = await EventReader.Dispatches(fixture.Client("editor"));
        await fixture.Subscribed(20, "watched");
        var article = Article("watched");
        await fixture.Spy.Publish(article);

        var done = (await stream.Next(d => Of(d, article) && Phase(d) == "done")).Data;
        done["sent"]!.GetValue<int>().ShouldBe(20);
        using var editor = fixture.Client("editor");
        var shown = (await editor.GetFromJsonAsync<JsonObject>($"/api/dispatches/{done["id"]}"))!;
        JsonNode.DeepEquals(done, shown).ShouldBeTrue($"{done} is not {shown}");
    }

    [Fact]
    public async Task A_dispatch_that_waits_shows_its_rate_and_a_reader_who_comes_later_sees_it_at_once()
    {
        var waiting = NewAddress();
        await fixture.Subscribe(waiting, Categories("paced"));
        await fixture.Subscribed(10, "paced");
        fixture.Sink.OnRecipient = e => e.To.Contains(waiting) ? SinkAnswer.Reply("451 4.3.0 later") : SinkAnswer.Accept;
        var article = Article("paced");
        await fixture.Spy.Publish(article);
        var view = await fixture.Dispatch(article.ArticleId, 1, d => d["sent"]!.GetValue<int>() == 10 && Phase(d) == "sending", "all but one to be sent");
        view["ratePerSecond"]!.GetValue<double>().ShouldBeGreaterThan(0);
        view["etaSeconds"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(0);

        await using var stream = await EventReader.Dispatches(fixture.Client("admin"));
        var first = await stream.Next(d => Of(d, article));
        (Phase(first.Data), first.Data["sent"]!.GetValue<int>()).ShouldBe(("sending", 10));

        fixture.Sink.OnRecipient = null;
        await fixture.Spy.Publish(new ArticleWithdrawn { ArticleId = article.ArticleId, Version = 9, Slug = "x", Categories = [], WithdrawnAt = DateTimeOffset.UtcNow });
        var over = (await stream.Next(d => Of(d, article) && Phase(d) == "done")).Data;
        over["ratePerSecond"].ShouldBeNull();
        over["etaSeconds"]!.GetValue<long>().ShouldBe(0);
    }

    [Fact]
    public async Task Who_comes_back_hears_what_has_changed_meanwhile_and_nothing_older()
    {
        fixture.Sink.OnRecipient = null;
        var (before, seen, meanwhile) = (Article("resumed-a"), Article("resumed-b"), Article("resumed-c"));
        await fixture.Spy.Publish(before);
        await fixture.Done(before.ArticleId);
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        string last;
        await using (var stream = await EventReader.Dispatches(fixture.Client("editor")))
        {
            await fixture.Spy.Publish(seen);
            last = (await stream.Next(d => Of(d, seen) && Phase(d) == "done")).Id;
        }
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await fixture.Spy.Publish(meanwhile);
        await fixture.Done(meanwhile.ArticleId);

        await using var resumed = await EventReader.Dispatches(fixture.Client("editor"), last);
        await resumed.Next(d =>
        {
            Of(d, before).ShouldBeFalse("it had changed long before");
            return Of(d, meanwhile) && Phase(d) == "done";
        });
    }

    [Fact]
    public async Task Replicas_show_the_same_whoever_does_the_work()
    {
        fixture.Sink.OnRecipient = null;
        await using var replica = await fixture.StartReplica();
        var there = ((Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program>)replica).ClientOptions.BaseAddress;
        await using var here = await EventReader.Dispatches(fixture.Client("editor"));
        using var signedIn = fixture.Client("editor");
        var other = new HttpClient { BaseAddress = there, DefaultRequestHeaders = { Authorization = signedIn.DefaultRequestHeaders.Authorization } };
        await using var elsewhere = await EventReader.Dispatches(other);
        var article = Article("both");
        await fixture.Spy.Publish(article);
        await here.Next(d => Of(d, article) && Phase(d) == "done");
        await elsewhere.Next(d => Of(d, article) && Phase(d) == "done");
    }

    [Fact]
    public async Task A_stream_ends_with_the_token_that_it_was_opened_with()
    {
        using var anonymous = fixture.Client();
        var token = TestIdentity.Token(Guid.CreateVersion7(), "Tester", ["editor"], DateTime.UtcNow.AddSeconds(3));
        await using var stream = await EventReader.Dispatches(new HttpClient { BaseAddress = anonymous.BaseAddress }.As(token));
        await Should.ThrowAsync<EndOfStreamException>(async () => { while (true) await stream.Next(); });
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("writer", HttpStatusCode.Forbidden)]
    [InlineData("moderator", HttpStatusCode.Forbidden)]
    public async Task Nobody_else_may_look(string? role, HttpStatusCode answer)
    {
        using var client = role is null ? fixture.Client() : fixture.Client(role);
        (await client.GetAsync(new Uri("/api/dispatches/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead)).StatusCode.ShouldBe(answer);
    }

    [Fact]
    public void Who_does_not_keep_up_is_dropped_and_holds_nobody_up()
    {
        using var reader = new LiveReader<string>();
        for (var i = 0; i < 100; i++) reader.Tell("x");
        reader.Dropped.IsCancellationRequested.ShouldBeFalse();
        reader.Tell("x");
        reader.Dropped.IsCancellationRequested.ShouldBeTrue();
    }

    private static bool Of(JsonNode dispatch, ArticlePublished article) => dispatch["articleId"]?.GetValue<Guid>() == article.ArticleId;

    private static string Phase(JsonNode dispatch) => dispatch["phase"]!.GetValue<string>();
}

/// <summary>A service that stops ends its streams, and waits for none.</summary>
public sealed class StoppedStreamsTests
{
    [Fact]
    public async Task Streams_end_when_the_service_stops()
    {
        await using var fixture = new NotificationsFixture();
        await fixture.InitializeAsync();
        await using var dispatches = await EventReader.Dispatches(fixture.Client("editor"));
        await using var articles = await EventReader.Articles(fixture.Client(), null);
        var stopping = fixture.StopService();
        await Should.ThrowAsync<EndOfStreamException>(async () => { while (true) await dispatches.Next(); });
        await Should.ThrowAsync<EndOfStreamException>(async () => { while (true) await articles.Next(); });
        await stopping;
    }
}
