using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class CreateArticleTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    [Fact]
    public async Task A_new_article_is_a_draft_in_the_shape_of_the_contract()
    {
        var (category, author) = (await articles.NewCategory(ar: "تحليلات"), await articles.NewAuthor("سارة"));
        var answer = await articles.Writer.Send("POST", "/api/articles", new
        {
            language = "ar",
            title = " واشنطن  تريد\nالانسحاب.. رابح – رابح!! ",
            kicker = "العراق",
            summary = "خلاصة",
            dateline = new { place = "بغداد", source = "وكالة" },
            body = "<h2>عنوان</h2><p onclick=\"x\">فقرة</p>",
            categories = new[] { category, category },
            tags = new[] { "#العراق", " العِراق ", "NATO" },
            authors = new[] { author },
            breaking = true,
        });

        var article = answer.Expect(HttpStatusCode.Created);
        article.AsObject().Select(p => p.Key).ShouldBe(["id", "version", "status", "language", "direction", "kicker", "title", "summary", "dateline", "body", "text", "slug", "url", "categories", "tags", "authors", "leadImage",
            "breaking", "commentsOpen", "commentCount", "publishAt", "publishedAt", "updatedAt", "corrections", "translations", "createdAt", "createdBy"]);
        article.Text("title").ShouldBe("واشنطن تريد الانسحاب.. رابح – رابح!!");
        article.Text("slug").ShouldStartWith("واشنطن-تريد-الانسحاب-رابح-رابح");
        article.Text("url").ShouldBe("http://localhost:8080/articles/" + Uri.EscapeDataString(article.Text("slug")));
        article.Text("body").ShouldBe("<h2>عنوان</h2><p>فقرة</p>");
        article.Text("text").ShouldBe("عنوان\nفقرة");
        (article.Text("status"), article.Text("direction"), article.Version()).ShouldBe(("draft", "rtl", 1));
        article["dateline"]!.ToJsonString().ShouldBe("{\"place\":\"\\u0628\\u063A\\u062F\\u0627\\u062F\",\"source\":\"\\u0648\\u0643\\u0627\\u0644\\u0629\"}");
        article["categories"]!.AsArray().Single()!["name"]!.GetValue<string>().ShouldBe("تحليلات");
        article["authors"]!.AsArray().Single()!["name"]!.GetValue<string>().ShouldBe("سارة");
        article["tags"]!.AsArray().Select(t => (string)t!).ShouldBe(["العراق", "NATO"]);
        ((bool)article["breaking"]!, (bool)article["commentsOpen"]!, (long)article["commentCount"]!).ShouldBe((true, true, 0));
        (article["publishedAt"], article["leadImage"]).ShouldBe((null, null));
        article.Text("createdBy").ShouldBe(articles.WriterId.ToString());
        answer.Response.Headers.ETag!.Tag.ShouldBe("\"1\"");
        answer.Response.Headers.Location!.ToString().ShouldBe("http://localhost:8080/api/articles/" + article.Text("id"));
        (await articles.Writer.Get(article.Path())).Expect(HttpStatusCode.OK).ToJsonString().ShouldBe(article.ToJsonString());
    }

    [Fact]
    public async Task An_article_in_another_language_than_the_sites_own_lives_under_it()
    {
        var article = await articles.Draft(new { language = "en", title = articles.Word("News") });
        article.Text("url").ShouldBe("http://localhost:8080/en/articles/" + article.Text("slug"));
        article.Text("direction").ShouldBe("ltr");
    }

    [Fact]
    public async Task A_slug_made_from_the_title_is_numbered_where_it_is_taken()
    {
        var title = articles.Word();
        var slugs = new List<string>();
        for (var i = 0; i < 11; i++) slugs.Add((await articles.Draft(new { title })).Text("slug"));
        slugs.ShouldBe([slugs[0], .. Enumerable.Range(2, 10).Select(n => $"{slugs[0]}-{n}")]);
    }

    [Fact]
    public async Task Five_hundred_parallel_articles_of_one_title_get_five_hundred_slugs()
    {
        var title = articles.Word();
        var drafts = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => articles.Draft(new { title })));
        var made = Text.Slug.From(title);
        drafts.Select(d => d.Text("slug")).ShouldBe([made, .. Enumerable.Range(2, 499).Select(n => $"{made}-{n}")], ignoreOrder: true);
    }

    [Fact]
    public async Task Of_five_hundred_parallel_claims_to_one_slug_one_is_granted()
    {
        var slug = Text.Slug.From(articles.Word());
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => articles.Writer.Send("POST", "/api/articles", articles.Input(new { slug }))));
        answers.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.Status != HttpStatusCode.Created)) refused.Refuses(HttpStatusCode.Conflict, "article.slugTaken");
    }

    [Fact]
    public async Task A_title_without_letters_still_has_an_address()
    {
        var (one, other) = (await articles.Draft(new { title = "!!!" }), await articles.Draft(new { title = "؟؟" }));
        one.Text("slug").ShouldNotBeEmpty();
        one.Text("slug").ShouldNotBe(other.Text("slug"));
    }

    [Fact]
    public async Task Every_wrong_field_is_named_at_once()
    {
        var answer = await articles.Writer.Send("POST", "/api/articles", new { language = "ar", title = new string('ا', 301), summary = new string('ا', 1001), body = "<p> </p><script>x</script>", slug = "Two Words", tags = new[] { new string('ا', 81) } });
        answer.Refuses(HttpStatusCode.BadRequest, "request.invalid");
        answer.Json!["errors"]!.AsObject().Select(e => e.Key).Order().ShouldBe(["body", "categories", "slug", "summary", "tags", "title"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"language\": \"ar\", \"title\": \"t\", \"body\": \"b\", \"categories\": [], \"unknown\": 1}")]
    [InlineData("{\"language\": \"ar\", \"title\": \"t\", \"title\": \"u\", \"body\": \"b\", \"categories\": []}")]
    [InlineData("{\"language\": \"ar\", \"title\": 1, \"body\": \"b\", \"categories\": []}")]
    [InlineData("{\"language\": \"ar\", \"title\": \"t\", \"body\": \"b\", \"categories\": \"x\"}")]
    [InlineData("{\"language\": \"ar\", \"title\": \"t\", \"body\": \"b\", \"categories\": [1]}")]
    [InlineData("{\"language\": \"ar\", \"title\": \"t\", \"body\": \"b\", \"categories\": [], \"breaking\": \"yes\"}")]
    [InlineData("{\"language\": \"ar\", \"title\": \"t\", \"body\": \"b\", \"categories\": [], \"leadImage\": {\"id\": \"x\"}}")]
    [InlineData("{\"language\": \"ar\", \"title\": \"\\ufffe\", \"body\": \"b\", \"categories\": []}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task What_is_no_article_is_refused_with_400(string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        (await articles.Writer.PostAsync(new Uri("/api/articles", UriKind.Relative), content)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Items_that_are_null_are_left_out() =>
        (await articles.Writer.Send("POST", "/api/articles", articles.Input(new { tags = new string?[] { null, "", "#", "علم" } }))).Expect(HttpStatusCode.Created)["tags"]!.AsArray().Count.ShouldBe(1);

    [Theory]
    [InlineData("{\"language\": \"fr\"}", "article.unknownLanguage")]
    [InlineData("{\"categories\": [\"no-such\"]}", "article.unknownCategory")]
    [InlineData("{\"authors\": [\"no-such\"]}", "article.unknownAuthor")]
    [InlineData("{\"leadImage\": {\"id\": \"0190a000-0000-7000-8000-000000000001\"}}", "article.unknownMedia")]
    [InlineData("{\"translationOf\": \"0190a000-0000-7000-8000-000000000001\"}", "article.unknownOriginal")]
    public async Task What_refers_to_nothing_is_refused_with_422(string with, string code) =>
        (await articles.Writer.Send("POST", "/api/articles", articles.Input(JsonNode.Parse(with)))).Refuses(HttpStatusCode.UnprocessableEntity, code);

    [Fact]
    public async Task Only_writers_write()
    {
        (await articles.Reader.Send("POST", "/api/articles", articles.Input())).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await articles.Client(Roles.Moderator).Send("POST", "/api/articles", articles.Input())).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_same_key_makes_one_article()
    {
        var input = articles.Input();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => articles.Writer.Send("POST", "/api/articles", input, null, ("Idempotency-Key", "k1"))));
        answers.Select(a => a.Expect(HttpStatusCode.Created).ToJsonString()).Distinct().Count().ShouldBe(1);
        answers.Select(a => (a.Response.Headers.ETag?.Tag, a.Response.Headers.Location)).Distinct().Count().ShouldBe(1);
        (await articles.Writer.Send("POST", "/api/articles", articles.Input(), null, ("Idempotency-Key", "k1"))).Refuses(HttpStatusCode.UnprocessableEntity, "idempotency.mismatch");
    }

    /// <summary>Killed after the write and before the answer, the request runs again with the id it had.</summary>
    [Fact]
    public async Task A_second_run_of_a_request_meets_its_own_article()
    {
        var made = await articles.Draft();
        var store = articles.Services.GetRequiredService<ArticleStore>();
        var first = await store.Get(made.Id(), CurrentUserOf(made), default);
        var again = await store.Insert(first with { UpdatedAt = first.UpdatedAt.AddSeconds(5) }, given: false, default);
        (again.Slug, again.UpdatedAt).ShouldBe((first.Slug, first.UpdatedAt));
    }

    private static CurrentUser CurrentUserOf(JsonNode article) => new(Guid.Parse(article.Text("createdBy")), "Tester", new HashSet<string> { Roles.Writer });
}
