using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Comments.Features;
using Platform.Contracts;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class ReportCommentTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private static int _network;

    private readonly string _address = $"198.51.{Interlocked.Increment(ref _network)}.7";

    private Reader NewReader() => new(fixture.Guest, _address);

    private async Task<JsonElement[]> Queue(Guid article, string status) => (await (await fixture.Moderator.Get($"/api/moderation/queue?status={status}&articleId={article}")).Json()).Items();

    private async Task Reported(Guid comment, int readers)
    {
        for (var i = 0; i < readers; i++) await NewReader().Report(comment);
    }

    [Fact]
    public async Task The_newsroom_counts_what_is_held_and_what_is_reported()
    {
        async Task<(long, long)> Counts()
        {
            var counts = await (await fixture.Moderator.Get("/api/moderation/counts")).Json();
            return (counts.GetProperty("held").GetInt64(), counts.GetProperty("reported").GetInt64());
        }

        var article = await fixture.Article();
        var (held, reported) = await Counts();
        var comment = await fixture.Post(article);
        await fixture.Guest.PostAsJsonAsync($"/api/comments/{comment.Id()}/reports", new { reason = "spam" });
        (await Counts()).ShouldBe((held, reported + 1));
        await fixture.Set(s => s with { SuspectWords = ["كلمةللعد"] });
        try
        {
            await fixture.Post(article, body: "كلمةللعد");
            (await Counts()).ShouldBe((held + 1, reported + 1));
        }
        finally { await fixture.Set(s => s with { SuspectWords = [] }); }
        await fixture.Decide("approve", comment.Id());
        (await Counts()).ShouldBe((held + 1, reported));
        ((int)(await fixture.Guest.Get("/api/moderation/counts")).StatusCode).ShouldBe(401);
    }

    [Fact]
    public async Task A_report_reaches_moderators_with_its_reason()
    {
        var article = await fixture.Article();
        var comment = (await fixture.Post(article)).Id();

        await NewReader().Report(comment, "illegal", " يخالف القانون ");

        var queued = (await Queue(article, "reported")).ShouldHaveSingleItem();
        queued.Id().ShouldBe(comment);
        var report = queued.Items("reports").ShouldHaveSingleItem();
        (report.Text("reason"), report.Text("note"), report.GetProperty("at").ValueKind).ShouldBe(("illegal", "يخالف القانون", JsonValueKind.String));
        (await fixture.List(article)).Total().ShouldBe(1);
        (await (await fixture.Guest.Get($"/api/comments/{comment}")).Content.ReadAsStringAsync()).ShouldNotContain("report");
    }

    [Fact]
    public async Task One_reader_is_heard_once()
    {
        var article = await fixture.Article();
        var comment = (await fixture.Post(article)).Id();
        var reader = NewReader();

        for (var i = 0; i < 5; i++) await reader.Report(comment);

        (await Queue(article, "reported")).ShouldHaveSingleItem().Items("reports").Length.ShouldBe(1);
        (await fixture.Guest.Get($"/api/comments/{comment}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Enough_readers_hold_a_comment_for_review()
    {
        var article = await fixture.Article();
        var comment = (await fixture.Post(article)).Id();

        await Reported(comment, 3);

        await (await fixture.Guest.Get($"/api/comments/{comment}")).Problem(404, "comment.notFound");
        (await fixture.List(article)).Total().ShouldBe(0);
        (await Queue(article, "held")).ShouldHaveSingleItem().Items("findings").ShouldContain(f => f.Text("rule") == "reported");
        await fixture.Spy.Hears<CommentRemoved>(m => m.CommentId == comment);
    }

    [Fact]
    public async Task A_flood_of_reports_does_not_hold_what_a_moderator_approved()
    {
        var article = await fixture.Article();
        var comment = (await fixture.Post(article)).Id();
        await Reported(comment, 3);
        await fixture.Decide("approve", comment);
        (await Queue(article, "reported")).ShouldBeEmpty();

        await Reported(comment, 10);

        (await fixture.Guest.Get($"/api/comments/{comment}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Queue(article, "reported")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_was_changed_after_the_approval_is_not_approved()
    {
        var article = await fixture.Article();
        var posted = await fixture.Post(article);
        await Reported(posted.Id(), 3);
        await fixture.Decide("approve", posted.Id());
        var edit = new HttpRequestMessage(HttpMethod.Patch, $"/api/comments/{posted.Id()}") { Content = System.Net.Http.Json.JsonContent.Create(new { body = "something else" }), Headers = { { "X-Edit-Token", posted.Text("editToken") } } };
        (await fixture.Guest.SendAsync(edit)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Reported(posted.Id(), 3);

        (await fixture.Guest.Get($"/api/comments/{posted.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_newsrooms_own_is_not_held()
    {
        var article = await fixture.Article();
        var comment = (await fixture.Post(article, client: fixture.Moderator)).Id();

        await Reported(comment, 5);

        (await fixture.Guest.Get($"/api/comments/{comment}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_network_that_floods_is_heard_no_more()
    {
        // Counted by the hour of the clock: all of it is within one.
        using var later = fixture.Later(TimeSpan.FromSeconds(3601 - (fixture.Now.ToUnixTimeSeconds() % 3600)));
        var article = await fixture.Article();
        var target = (await fixture.Post(article)).Id();
        var others = (await fixture.Post(article)).Id();
        var noise = (await fixture.Post(article)).Id();
        await fixture.Decide("approve", noise);
        foreach (var wave in Enumerable.Range(0, ReportComment.MaxPerHour).Chunk(25)) await Task.WhenAll(wave.Select(_ => NewReader().Report(noise)));

        await Reported(target, 5);

        (await fixture.Guest.Get($"/api/comments/{target}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var i = 0; i < 3; i++) await new Reader(fixture.Guest, $"203.0.113.{i}").Report(others);
        (await fixture.Guest.Get($"/api/comments/{others}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_bad_report_is_a_400_and_one_of_nothing_a_404()
    {
        var comment = (await fixture.Post(await fixture.Article())).Id();

        foreach (var body in new object[] { new { }, new { reason = "boring" }, new { reason = 7 }, new { reason = "spam", note = new string('x', 501) }, new { reason = "spam", more = 1 } })
            await (await NewReader().TryReport(comment, body)).Problem(400);
        await fixture.Decide("spam", comment);
        await (await NewReader().TryReport(comment)).Problem(404, "comment.notFound");
        await (await NewReader().TryReport(Guid.CreateVersion7())).Problem(404, "comment.notFound");
    }

    [Fact]
    public async Task Moderators_see_what_a_comment_said_before()
    {
        var article = await fixture.Article();
        var posted = await fixture.Post(article, body: "first");
        foreach (var body in new[] { "second", "third" })
        {
            var edit = new HttpRequestMessage(HttpMethod.Patch, $"/api/comments/{posted.Id()}") { Content = System.Net.Http.Json.JsonContent.Create(new { body }), Headers = { { "X-Edit-Token", posted.Text("editToken") } } };
            (await fixture.Guest.SendAsync(edit)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await Queue(article, "published")).ShouldHaveSingleItem().Items("former").Select(f => f.Text("body")).ShouldBe(["first", "second"]);
        (await (await fixture.Guest.Get($"/api/comments/{posted.Id()}")).Content.ReadAsStringAsync()).ShouldNotContain("second");
    }
}
