using System.Net;
using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class PublishArticleTests(TimedFixture articles) : IClassFixture<TimedFixture>
{
    private string In(TimeSpan ahead) => articles.Time.GetUtcNow().Add(ahead).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_published_article_is_there_for_everyone_and_the_world_hears_of_it()
    {
        var parent = await articles.NewCategory();
        var child = await articles.NewCategory(parent, ar: "تحليلات");
        var draft = await articles.Draft(new { categories = new[] { child }, tags = new[] { "وسم" }, summary = "خلاصة" });
        (await articles.Reader.Get(draft.Path())).Refuses(HttpStatusCode.NotFound, "article.notFound");

        var published = (await articles.Editor.Move(draft, "publish")).Expect(HttpStatusCode.OK);

        (published.Text("status"), published.Version()).ShouldBe(("published", 2));
        published["publishedAt"]!.GetValue<DateTimeOffset>().ShouldBe(articles.Time.GetUtcNow());
        var read = await articles.Reader.Get(draft.Path());
        read.Expect(HttpStatusCode.OK).ToJsonString().ShouldBe(published.ToJsonString());
        read.Response.Headers.GetValues("Cache-Tag").Single().Split(',').ShouldContain($"article:{draft.Text("id")}");
        (await articles.Editor.Get(draft.Path())).Response.Headers.Contains("Cache-Tag").ShouldBeFalse();
        (await articles.Reader.Send("GET", draft.Path(), null, null, ("If-None-Match", "\"2\""))).Status.ShouldBe(HttpStatusCode.NotModified);

        var message = await articles.Spy.Hears<ArticlePublished>(m => m.ArticleId == draft.Id());
        (message.Version, message.Edition, message.Title, message.Url, message.Section).ShouldBe((2, 1, published.Text("title"), published.Text("url"), "تحليلات"));
        message.Categories.ShouldBe([child]);
        message.CategoryTree.ShouldBe([child, parent]);
        (message.Tags.Single(), message.Summary, message.CommentsOpen).ShouldBe(("وسم", "خلاصة", true));
    }

    [Fact]
    public async Task A_scheduled_article_is_invisible_until_its_time()
    {
        var draft = await articles.Draft();
        var scheduled = (await articles.Editor.Move(draft, "publish", new { at = In(TimeSpan.FromHours(1)) })).Expect(HttpStatusCode.OK);
        (scheduled.Text("status"), scheduled["publishedAt"]).ShouldBe(("scheduled", null));
        scheduled["publishAt"]!.GetValue<DateTimeOffset>().ShouldBe(articles.Time.GetUtcNow().AddHours(1));
        (await articles.Reader.Get(draft.Path())).Status.ShouldBe(HttpStatusCode.NotFound);
        (await articles.Reader.Get("/api/articles?limit=100")).Ids().ShouldNotContain(draft.Text("id"));

        articles.Time.Advance(TimeSpan.FromMinutes(59));
        (await articles.Reader.Get(draft.Path())).Status.ShouldBe(HttpStatusCode.NotFound);
        articles.Spy.Heard<ArticlePublished>().ShouldNotContain(m => m.ArticleId == draft.Id());

        articles.Time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.True(async () => { articles.Time.Advance(TimeSpan.FromMilliseconds(250)); return (await articles.Reader.Get(draft.Path())).Status == HttpStatusCode.OK; }, "the scheduled article to be public");
        (await articles.Spy.Hears<ArticlePublished>(m => m.ArticleId == draft.Id())).Version.ShouldBe(3);
        var published = (await articles.Reader.Get(draft.Path())).Json!;
        (published.Text("status"), published["publishAt"], published.Version()).ShouldBe(("published", null, 3));
    }

    [Fact]
    public async Task What_is_scheduled_can_be_moved_returned_or_published_at_once()
    {
        var first = (await articles.Editor.Move(await articles.Draft(), "publish", new { at = In(TimeSpan.FromDays(100)) })).Expect(HttpStatusCode.OK);
        var moved = (await articles.Editor.Move(first, "publish", new { at = "2026-12-24T20:00:00+03:00" })).Expect(HttpStatusCode.OK);
        moved["publishAt"]!.GetValue<string>().ShouldBe("2026-12-24T17:00:00.000Z");
        var returned = (await articles.Editor.Move(moved, "return", new { reason = "ناقص" })).Expect(HttpStatusCode.OK);
        (returned.Text("status"), returned["publishAt"]).ShouldBe(("draft", null));
        var again = (await articles.Editor.Move(returned, "publish", new { at = In(TimeSpan.FromDays(1)) })).Expect(HttpStatusCode.OK);
        (await articles.Editor.Move(again, "publish")).Expect(HttpStatusCode.OK).Text("status").ShouldBe("published");
    }

    [Theory]
    [InlineData("2026-01-15T07:59:59Z", HttpStatusCode.UnprocessableEntity, "article.publishTimeInPast")]
    [InlineData("2031-01-01T00:00:00Z", HttpStatusCode.UnprocessableEntity, "article.publishTimeTooFar")]
    [InlineData("2026-12-24T20:00:00", HttpStatusCode.UnprocessableEntity, "article.publishTimeWithoutOffset")]
    [InlineData("2026-12-24", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("tomorrow", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("2026-13-24T20:00:00Z", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("", HttpStatusCode.BadRequest, "request.invalid")]
    public async Task A_time_that_will_not_do_is_refused(string at, HttpStatusCode status, string code)
    {
        var draft = await articles.Draft();
        (await articles.Editor.Move(draft, "publish", new { at })).Refuses(status, code);
        (await articles.Editor.Get(draft.Path())).Json!.Version().ShouldBe(1);
    }

    [Fact]
    public async Task The_body_may_be_left_out()
    {
        var draft = await articles.Draft();
        (await articles.Editor.Send("POST", draft.Path() + "/publish", null, 1)).Expect(HttpStatusCode.OK).Text("status").ShouldBe("published");
    }

    [Fact]
    public async Task Publishing_names_the_version_that_was_read()
    {
        var draft = await articles.Draft();
        (await articles.Editor.Send("POST", draft.Path() + "/publish", new { })).Refuses((HttpStatusCode)428, "request.ifMatchRequired");
        (await articles.Editor.Send("POST", draft.Path() + "/publish", new { }, 5)).Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
        (await articles.Editor.Send("POST", $"/api/articles/{Guid.NewGuid()}/publish", new { }, 1)).Refuses(HttpStatusCode.NotFound, "article.notFound");
    }

    [Fact]
    public async Task An_article_is_published_once()
    {
        var draft = await articles.Draft();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => articles.Editor.Move(draft, "publish")));
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        (await articles.Editor.Move(answers.Single(a => a.Status == HttpStatusCode.OK).Json!, "publish")).Refuses(HttpStatusCode.UnprocessableEntity, "article.wrongStatus");
        await articles.Spy.Hears<ArticlePublished>(m => m.ArticleId == draft.Id());
        articles.Spy.Heard<ArticlePublished>().Count(m => m.ArticleId == draft.Id()).ShouldBe(1);
    }
}
