using System.Net;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class ListArticlesTests(TimedFixture articles) : IClassFixture<TimedFixture>
{
    /// <summary>Published one minute after another, oldest first.</summary>
    private async Task<List<string>> Publish(int count, object with)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            articles.Time.Advance(TimeSpan.FromMinutes(1));
            ids.Add((await articles.Published(with)).Text("id"));
        }
        return ids;
    }

    [Fact]
    public async Task A_list_shows_what_is_published_newest_first_page_by_page()
    {
        var category = await articles.NewCategory();
        var ids = await Publish(5, new { categories = new[] { category } });
        await articles.Draft(new { categories = new[] { category } });
        ids.Reverse();

        var shown = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await articles.Reader.Get($"/api/articles?category={Uri.EscapeDataString(category)}&limit=2{(cursor is null ? "" : "&cursor=" + cursor)}")).Expect(HttpStatusCode.OK);
            shown.AddRange(page["items"]!.AsArray().Select(i => i!.Text("id")));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        shown.ShouldBe(ids);
    }

    [Fact]
    public async Task A_page_goes_on_where_the_last_one_ended_also_among_articles_of_one_moment()
    {
        var category = await articles.NewCategory();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add((await articles.Published(new { categories = new[] { category } })).Text("id"));   // the clock stands still
        var first = (await articles.Reader.Get($"/api/articles?category={Uri.EscapeDataString(category)}&limit=3")).Expect(HttpStatusCode.OK);
        articles.Time.Advance(TimeSpan.FromMinutes(1));
        await articles.Published(new { categories = new[] { category } });   // in between
        var second = (await articles.Reader.Get($"/api/articles?category={Uri.EscapeDataString(category)}&limit=3&cursor={first.Text("next")}")).Expect(HttpStatusCode.OK);
        first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(i => i!.Text("id")).Order().ShouldBe(ids.Order());
        second["next"].ShouldBeNull();
    }

    [Fact]
    public async Task Each_filter_leaves_what_it_names()
    {
        var parent = await articles.NewCategory();
        var (child, author, tag) = (await articles.NewCategory(parent), await articles.NewAuthor(), articles.Word("الوسم"));
        articles.Time.Advance(TimeSpan.FromDays(3));
        var day = articles.Time.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var arabic = (await Publish(1, new { categories = new[] { child }, tags = new[] { tag }, authors = new[] { author } })).Single();
        var english = (await Publish(1, new { categories = new[] { parent, child }, language = "en" })).Single();
        var both = new[] { english, arabic };

        (await List($"category={child}")).ShouldBe(both);
        (await List($"category={parent}")).ShouldBe(both);
        (await List($"category={parent}&language=ar")).ShouldBe([arabic]);
        (await List($"tag={Uri.EscapeDataString(tag.Replace("الوسم", "الوَســم").ToUpperInvariant())}")).ShouldBe([arabic]);
        (await List($"tag={Uri.EscapeDataString(tag)}&language=en")).ShouldBeEmpty();
        (await List($"author={author}")).ShouldBe([arabic]);
        (await List($"from={day}&category={child}")).ShouldBe(both);
        (await List($"to={day}&category={child}")).ShouldBe(both);
        (await List($"from={Uri.EscapeDataString(articles.Time.GetUtcNow().ToString("O"))}&category={child}")).ShouldBe([english]);
        (await List($"to={Uri.EscapeDataString(articles.Time.GetUtcNow().ToString("O"))}&category={child}")).ShouldBe([arabic]);
        (await List($"from=2000-01-01T03:00:00+03:00&to=2000-01-02&category={child}")).ShouldBeEmpty();
        (await List("category=no-such")).ShouldBeEmpty();
        (await List($"sort=newest&category={child}")).ShouldBe(both);

        async Task<IReadOnlyList<string>> List(string query) => (await articles.Reader.Get("/api/articles?" + query)).Ids();
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("cursor=forged")]
    [InlineData("sort=oldest")]
    [InlineData("sort=relevance")]
    [InlineData("from=yesterday")]
    [InlineData("to=2026-13-01")]
    [InlineData("from=2026-01-01T00:00:00")]
    [InlineData("status=draft")]
    [InlineData("utm_source=x")]
    [InlineData("language=ar&language=en")]
    public async Task A_question_that_makes_no_sense_is_refused(string query) => (await articles.Reader.Get("/api/articles?" + query)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task The_newsroom_lists_by_status_and_writers_their_own()
    {
        var (mine, other) = (await articles.Draft(by: articles.Writer), await articles.Draft());
        (await articles.Writer.Get("/api/articles?status=draft&limit=100")).Ids().ShouldSatisfyAllConditions(ids => ids.ShouldContain(mine.Text("id")), ids => ids.ShouldNotContain(other.Text("id")));
        var all = await articles.Editor.Get("/api/articles?status=draft&limit=1");
        all.Ids().ShouldBe([other.Text("id")]);
        (await articles.Editor.Get($"/api/articles?status=draft&limit=1&cursor={all.Json!.Text("next")}")).Ids().ShouldBe([mine.Text("id")]);
        (await articles.Editor.Get($"/api/articles?cursor={all.Json!.Text("next")}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Editor.Get("/api/articles?status=inreview")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Editor.Get("/api/articles?status=1")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Client(Roles.Moderator).Get("/api/articles?status=draft")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Editor.Get("/api/articles?status=scheduled")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_answer_for_readers_says_what_it_shows_and_that_for_staff_is_theirs_alone()
    {
        var category = await articles.NewCategory();
        var path = $"/api/articles?category={Uri.EscapeDataString(category)}";
        (await articles.Reader.Get(path)).Response.Headers.GetValues("Cache-Tag").Single().Split(',').ShouldBe(["articles", "categories", "category:" + Uri.EscapeDataString(category)]);
        var forStaff = (await articles.Editor.Get(path)).Response.Headers;
        forStaff.Contains("Cache-Tag").ShouldBeFalse();
        forStaff.CacheControl!.Private.ShouldBeTrue();
    }

    [Fact]
    public async Task Related_articles_have_most_in_common_and_say_why()
    {
        var (one, two) = (await articles.NewCategory(), await articles.NewCategory());
        var ids = new[]
        {
            (await Publish(1, new { categories = new[] { one } })).Single(),
            (await Publish(1, new { categories = new[] { one, two } })).Single(),
            (await Publish(1, new { categories = new[] { one }, tags = new[] { "وسم" } })).Single(),
            (await Publish(1, new { categories = new[] { one } })).Single(),
            (await Publish(1, new { categories = new[] { one }, language = "en" })).Single(),
        };
        await articles.Draft(new { categories = new[] { one } });
        var article = await articles.Published(new { categories = new[] { one, two }, tags = new[] { "وسم" } });

        await Eventually.Passes(async () => (await articles.Reader.Get(article.Path() + "/related")).Ids().ShouldBe([ids[2], ids[1], ids[3], ids[0]]), "the index to know them all");
        var related = (await articles.Reader.Get(article.Path() + "/related")).Expect(HttpStatusCode.OK)["items"]!.AsArray();
        related[0]!["reasons"]!.AsArray().Select(r => (string)r!).ShouldBe(["category:" + one, "tag:وسم"]);
        related[0]!["title"].ShouldNotBeNull();
        (await articles.Reader.Get(article.Path() + "/related?limit=1")).Ids().Count.ShouldBe(1);
        (await articles.Reader.Get(article.Path() + "/related?limit=0")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Reader.Get(article.Path() + "/related?x=1")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Reader.Get((await articles.Published()).Path() + "/related")).Ids().ShouldBeEmpty();
    }
}
