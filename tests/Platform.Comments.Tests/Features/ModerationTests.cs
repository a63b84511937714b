using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Comments.Moderation;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class ModerationTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private async Task<JsonElement> Queue(string query) => await (await fixture.Moderator.Get("/api/moderation/queue" + query)).Json();

    private async Task<JsonElement> Held(Guid article, string? body = null, string? email = null)
    {
        await fixture.Set(s => s with { Mode = ModerationMode.Pre });
        try { return await fixture.Post(article, body: body, email: email); }
        finally { await fixture.Set(s => s with { Mode = ModerationMode.Post }); }
    }

    [Theory]
    [InlineData("GET", "/api/moderation/queue")]
    [InlineData("POST", "/api/moderation/decisions")]
    [InlineData("GET", "/api/moderation/settings")]
    [InlineData("PUT", "/api/moderation/settings")]
    [InlineData("GET", "/api/moderation/log")]
    [InlineData("POST", "/api/moderation/settings/trial")]
    [InlineData("GET", "/api/moderation/settings/trial/01900000-0000-7000-8000-000000000000")]
    [InlineData("POST", "/api/moderation/settings/trial/01900000-0000-7000-8000-000000000000/apply")]
    [InlineData("POST", "/api/moderation/settings/trial/01900000-0000-7000-8000-000000000000/undo")]
    [InlineData("GET", "/api/moderation/bans")]
    [InlineData("POST", "/api/moderation/bans")]
    [InlineData("DELETE", "/api/moderation/bans/01900000-0000-7000-8000-000000000000")]
    [InlineData("PUT", "/api/articles/01900000-0000-7000-8000-000000000000/thread")]
    public async Task It_is_the_moderators(string method, string path)
    {
        HttpRequestMessage Request() => new(new HttpMethod(method), path) { Content = JsonContent.Create(new { }) };

        await (await fixture.Guest.SendAsync(Request())).Problem(401);
        await (await fixture.Client(Roles.Writer, Roles.Editor).SendAsync(Request())).Problem(403);
        ((int)(await fixture.Client(Roles.Admin).SendAsync(Request())).StatusCode).ShouldBeOneOf(200, 400, 404, 428);
    }

    [Fact]
    public async Task The_queue_shows_what_was_held_with_address_and_findings()
    {
        var article = await fixture.Article();
        var held = await Held(article, email: "Some.Body@Example.com");

        var item = (await Queue($"?articleId={article}")).Items().ShouldHaveSingleItem();

        (item.Id(), item.Text("status"), item.Text("email"), item.Items("reports").Length).ShouldBe((held.Id(), "held", "Some.Body@Example.com", 0));
        item.Items("findings").ShouldHaveSingleItem().ToString().ShouldBe("""{"rule":"premoderation","detail":"every comment is read first","version":1}""");
        (await Queue($"?articleId={await fixture.Article()}")).Items().ShouldBeEmpty();
        (await Queue($"?articleId={article}&status=published")).Items().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_queue_is_paged_newest_first()
    {
        var article = await fixture.Article();
        var posted = new List<Guid>();
        for (var i = 0; i < 7; i++) posted.Add((await Held(article)).Id());

        var walked = new List<Guid>();
        string? next = null;
        do
        {
            var page = await Queue($"?articleId={article}&limit=3{(next is null ? "" : "&cursor=" + next)}");
            walked.AddRange(page.Ids());
            next = page.Text("next");
        }
        while (next is not null);

        walked.ShouldBe(Enumerable.Reverse(posted));
    }

    [Fact]
    public async Task The_queue_is_searched_by_words_in_any_spelling_or_by_address()
    {
        var article = await fixture.Article();
        var (one, two) = (await Held(article, "رِسالةٌ مهمّـــة", "finder@example.com"), await Held(article, "something else"));
        for (var i = 0; i < 3; i++) await Held(article);

        (await Queue($"?articleId={article}&q={Uri.EscapeDataString("رسالة مهمه")}")).Ids().ShouldBe([one.Id()]);
        (await Queue($"?articleId={article}&q=SOMETHING")).Ids().ShouldBe([two.Id()]);
        (await Queue($"?articleId={article}&q=Finder@Example.com")).Ids().ShouldBe([one.Id()]);
        (await Queue($"?articleId={article}&q=absent")).Items().ShouldBeEmpty();
        var page = await Queue($"?articleId={article}&q={Uri.EscapeDataString("تعليق")}&limit=2");
        page.Items().Length.ShouldBe(2);
        (await Queue($"?articleId={article}&q={Uri.EscapeDataString("تعليق")}&limit=2&cursor={page.Text("next")}")).Items().Length.ShouldBe(1);
    }

    [Theory]
    [InlineData("?status=deleted")]
    [InlineData("?articleId=7")]
    [InlineData("?cursor=forged")]
    public async Task A_bad_question_is_a_400(string query) => await (await fixture.Moderator.Get("/api/moderation/queue" + query)).Problem(400);

    [Fact]
    public async Task Decisions_change_what_readers_see_and_a_repeat_changes_nothing()
    {
        var article = await fixture.Article();
        var held = (await Held(article)).Id();

        (await fixture.Decide("approve", held)).Items("results").ShouldHaveSingleItem().ToString().ShouldBe($$"""{"id":"{{held}}","status":"published","conflict":false}""");
        (await fixture.List(article)).Ids().ShouldBe([held]);
        (await fixture.Spy.Hears<CommentPublished>(m => m.CommentId == held)).Version.ShouldBe(2);
        await fixture.Decide("approve", held);
        (await (await fixture.Guest.Get($"/api/comments/{held}")).Json()).GetProperty("version").GetInt64().ShouldBe(2);

        await fixture.Decide("spam", held);
        (await fixture.List(article)).Total().ShouldBe(0);
        (await fixture.Spy.Hears<CommentRemoved>(m => m.CommentId == held)).Version.ShouldBe(3);
        (await Queue($"?articleId={article}&status=spam")).Ids().ShouldBe([held]);

        await fixture.Decide("reject", held);
        (await Queue($"?articleId={article}&status=rejected")).Ids().ShouldBe([held]);
    }

    [Fact]
    public async Task A_version_that_is_gone_by_is_that_items_conflict_alone()
    {
        var article = await fixture.Article();
        var (one, two, unknown) = ((await Held(article)).Id(), (await Held(article)).Id(), Guid.CreateVersion7());
        await fixture.Decide("reject", one);

        var answer = await fixture.Moderator.PostAsJsonAsync("/api/moderation/decisions",
            new { items = new object[] { new { id = one, version = 1 }, new { id = two, version = 1 }, new { id = unknown } }, decision = "approve", reason = "fine" });

        (await answer.Json()).Items("results").Select(r => r.ToString()).ShouldBe(
        [
            $$"""{"id":"{{one}}","status":"rejected","conflict":true}""",
            $$"""{"id":"{{two}}","status":"published","conflict":false}""",
            $$"""{"id":"{{unknown}}","status":null,"conflict":false}""",
        ]);
    }

    [Theory]
    [InlineData("""{"items":[],"decision":"approve"}""", "items")]
    [InlineData("""{"items":[null],"decision":"approve"}""", "items")]
    [InlineData("""{"items":[{"id":"01900000-0000-7000-8000-000000000001"},{"id":"01900000-0000-7000-8000-000000000001"}],"decision":"approve"}""", "items")]
    [InlineData("""{"items":[{"id":"01900000-0000-7000-8000-000000000001"}],"decision":"delete"}""", "decision")]
    [InlineData("""{"items":[{"id":"01900000-0000-7000-8000-000000000001"}]}""", "decision")]
    public async Task A_bad_decision_is_a_400(string body, string field) =>
        (await (await fixture.Moderator.PostAsync(new Uri("/api/moderation/decisions", UriKind.Relative), new StringContent(body, null, "application/json"))).Problem(400)).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();

    [Fact]
    public async Task A_thread_is_opened_and_closed_against_the_rules()
    {
        var article = await fixture.Article(publishedAt: fixture.Now.AddDays(-10));
        await fixture.Set(s => s with { CloseAfterDays = 7 });
        try
        {
            (await fixture.List(article)).GetProperty("open").GetBoolean().ShouldBeFalse();
            (await (await Put(article, true)).Json()).ToString().ShouldBe($$"""{"articleId":"{{article}}","open":true,"accepting":true}""");
            await fixture.Spy.Hears<ThreadOverridden>(m => m.ArticleId == article && m.Open == true);
            await fixture.Post(article);
            await Put(article, null);
            await fixture.Spy.Hears<ThreadOverridden>(m => m.ArticleId == article && m.Open == null);
            await (await fixture.TryPost(article, new { name = "a", email = "a@b.co", body = "x" })).Problem(409, "thread.closed");
        }
        finally { await fixture.Set(s => s with { CloseAfterDays = 0 }); }
        await fixture.Post(article);
        await Put(article, false);
        await (await fixture.TryPost(article, new { name = "a", email = "a@b.co", body = "x" })).Problem(409, "thread.closed");
        await (await Put(Guid.CreateVersion7(), true)).Problem(404, "article.notFound");
        await (await fixture.Moderator.PutAsJsonAsync($"/api/articles/{article}/thread", new { })).Problem(400);

        Task<HttpResponseMessage> Put(Guid id, bool? open) => fixture.Moderator.PutAsJsonAsync($"/api/articles/{id}/thread", new { open });
    }

    [Fact]
    public async Task Counts_are_told_for_up_to_a_hundred_articles()
    {
        var (one, two, unknown) = (await fixture.Article(), await fixture.Article(), Guid.CreateVersion7());
        await fixture.Post(one, (await fixture.Post(one)).Id());
        await fixture.Settled(one);

        var counts = (await (await fixture.Guest.Get($"/api/comment-counts?ids={one},{two},{unknown}")).Json()).GetProperty("counts");

        counts.EnumerateObject().Select(p => (p.Name, p.Value.GetInt64())).ShouldBe([(one.ToString(), 2), (two.ToString(), 0), (unknown.ToString(), 0)]);
        await (await fixture.Guest.Get("/api/comment-counts")).Problem(400);
        await (await fixture.Guest.Get("/api/comment-counts?ids=")).Problem(400);
        await (await fixture.Guest.Get($"/api/comment-counts?ids={one},x")).Problem(400);
        var many = string.Join(',', Enumerable.Range(0, 101).Select(_ => Guid.CreateVersion7()));
        await (await fixture.Guest.Get($"/api/comment-counts?ids={many}")).Problem(400);
        (await fixture.Guest.Get($"/api/comment-counts?ids={many[..^37]}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
