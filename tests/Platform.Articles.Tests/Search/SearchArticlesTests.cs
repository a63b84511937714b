using System.Net;
using MongoDB.Bson;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Search;

public sealed class SearchArticlesTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    /// <summary>Words that are in no other test's articles.</summary>
    private static string Rare() => string.Concat(Guid.NewGuid().ToString("N").Select(c => (char)('ب' + (c % 16))));

    private Task<Answer> Search(string q, string more = "") => articles.Reader.Get($"/api/articles?q={Uri.EscapeDataString(q)}{more}");

    private async Task Finds(string q, params string[] ids) =>
        await Eventually.Passes(async () => (await Search(q)).Ids().Order().ShouldBe(ids.Order()), $"a search for {q} to find {ids.Length}");

    [Fact]
    public async Task What_is_published_is_found_and_marked_and_what_is_not_is_not()
    {
        var word = Rare();
        await articles.Draft(new { title = word });
        await articles.Published(new { title = "آخر", body = "<p>غيره</p>" });
        var article = await articles.Published(new { title = $"صَدَر ال{word} <b>", body = $"<p>النصّ و{word} &amp; &lt;script&gt;</p>" });
        await Finds(word, article.Text("id"));

        var answer = (await Search(word)).Expect(HttpStatusCode.OK);
        var item = answer["items"]![0]!;
        item["highlight"]!.ToJsonString().ShouldNotContain("<script");
        item["highlight"]!.Text("title").ShouldBe($"صَدَر <mark>ال{word}</mark> &lt;b&gt;");
        item["highlight"]!.Text("text").ShouldBe($"النصّ <mark>و{word}</mark> &amp; &lt;script&gt;");
        item.Text("url").ShouldNotBeEmpty();
        answer["next"].ShouldBeNull();
        answer["suggestions"]!.AsArray().ShouldBeEmpty();
        (await articles.Reader.Get("/api/articles?limit=1")).Json!.ToJsonString().ShouldNotContain("highlight");
        (await articles.Reader.Get("/api/articles?limit=1")).Json!.AsObject().ContainsKey("suggestions").ShouldBeFalse();
    }

    [Fact]
    public async Task An_edit_a_correction_and_a_withdrawal_are_followed()
    {
        var (before, after) = (Rare(), Rare());
        var article = await articles.Published(new { title = before });
        await Finds(before, article.Text("id"));
        var input = articles.Input(new { title = after });
        var edited = (await articles.Editor.Put(article, input)).Expect(HttpStatusCode.OK);
        await Finds(after, article.Text("id"));
        await Finds(before);
        (await articles.Editor.Move(edited, "withdraw", new { reason = "x" })).Expect(HttpStatusCode.OK);
        await Finds(after);
    }

    [Fact]
    public async Task What_the_store_no_longer_says_is_published_is_never_shown()
    {
        var word = Rare();
        var shown = await articles.Published(new { title = word });
        var hidden = await articles.Published(new { title = word });
        await Finds(word, shown.Text("id"), hidden.Text("id"));

        // The index does not hear of it.
        await articles.Database.Database.GetCollection<BsonDocument>("articles").UpdateOneAsync(new BsonDocument("_id", new BsonBinaryData(hidden.Id(), GuidRepresentation.Standard)), new BsonDocument("$set", new BsonDocument("status", "Withdrawn")));

        (await Search(word)).Ids().ShouldBe([shown.Text("id")]);
        (await Search(word, "&limit=1")).Ids().ShouldBe([shown.Text("id")]);
        (await articles.Reader.Get(shown.Path() + "/related")).Ids().ShouldNotContain(hidden.Text("id"));
    }

    [Fact]
    public async Task Nothing_found_suggests_a_spelling_that_finds_something()
    {
        var word = Rare()[..10];
        var article = await articles.Published(new { title = $"مؤتمر الَ{word}" });
        await Finds(word, article.Text("id"));
        var typo = word[..4] + word[5] + word[4] + word[6..];
        if (typo == word) typo = word[..4] + 'ث' + word[5..];

        (await Search($"مؤتمر \"ال{typo}\"")).Json!["suggestions"]!.AsArray().Select(s => (string)s!).ShouldContain($"مؤتمر \"ال{word}\"");
        (await Search($"ال{typo}", "&language=en")).Json!["suggestions"]!.AsArray().ShouldBeEmpty();

        (await articles.Editor.Move(article, "withdraw", new { reason = "x" })).Expect(HttpStatusCode.OK);
        await Eventually.Passes(async () => (await Search($"مؤتمر ال{typo}")).Json!["suggestions"]!.AsArray().ShouldBeEmpty(), "the suggestion to go with its article");
    }

    [Fact]
    public async Task Pages_filters_and_orders_go_together()
    {
        var (word, category) = (Rare(), await articles.NewCategory());
        var child = await articles.NewCategory(category);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add((await articles.Published(new { title = $"{word} {i}", categories = new[] { child } })).Text("id"));
        await articles.Published(new { title = word });
        await Eventually.True(async () => (await Search(word)).Ids().Count == 6, "all to be found");
        ids.Reverse();

        (await Search(word, $"&category={Uri.EscapeDataString(category)}&sort=newest")).Ids().ShouldBe(ids);
        (await Search(word, "&sort=relevance&language=en")).Ids().ShouldBeEmpty();
        (await Search(word, "&from=2100-01-01")).Ids().ShouldBeEmpty();
        foreach (var sort in new[] { "", "&sort=newest", "&sort=relevance" })
        {
            var (shown, cursor) = (new List<string>(), (string?)null);
            do
            {
                var page = await Search(word, $"&limit=2{sort}{(cursor is null ? "" : "&cursor=" + cursor)}");
                shown.AddRange(page.Ids());
                cursor = (string?)page.Json!["next"];
            }
            while (cursor is not null);
            shown.Count.ShouldBe(6);
            shown.ShouldBeUnique();
        }
        var next = (await Search(word, "&limit=2")).Json!.Text("next");
        (await Search(word, $"&limit=2&sort=newest&cursor={next}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Reader.Get($"/api/articles?cursor={next}")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var list = (await articles.Reader.Get("/api/articles?limit=1")).Json!.Text("next");
        (await Search(word, $"&cursor={list}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("!؟«»\"\"'()*~^[]{}\\/:;-+&|")]
    [InlineData("\u202E\u200B\u2066\u00AD")]
    [InlineData("*")]
    [InlineData("title:* OR *:*")]
    [InlineData("\uFFFD\u0001")]
    public async Task Signs_alone_find_nothing(string q)
    {
        var answer = (await Search(q)).Expect(HttpStatusCode.OK);
        answer["items"]!.AsArray().ShouldBeEmpty();
        answer["next"].ShouldBeNull();
    }

    [Theory]
    [InlineData("\"", 500, HttpStatusCode.OK)]
    [InlineData("(", 500, HttpStatusCode.OK)]
    [InlineData("a* ", 166, HttpStatusCode.OK)]
    [InlineData("ا", 500, HttpStatusCode.OK)]
    [InlineData("\u064E", 500, HttpStatusCode.OK)]
    [InlineData("ﷺ", 500, HttpStatusCode.OK)]
    [InlineData("\"و \" ", 100, HttpStatusCode.OK)]
    [InlineData("x", 501, HttpStatusCode.BadRequest)]
    [InlineData("\"", 2000, HttpStatusCode.BadRequest)]
    public async Task Hostile_searches_are_answered_or_refused(string what, int times, HttpStatusCode status) =>
        (await Search(string.Concat(Enumerable.Repeat(what, times)))).Status.ShouldBe(status);

    [Fact]
    public async Task A_question_that_makes_no_sense_is_refused()
    {
        foreach (var query in new[] { "q=x&sort=oldest", "q=x&cursor=forged", "q=x&limit=0", "q=x&q=y", "q=x&status=published", "sort=relevance", "q=" + string.Join('+', Enumerable.Range(0, 33)) })
            (await articles.Reader.Get("/api/articles?" + query)).Status.ShouldBe(HttpStatusCode.BadRequest, query);
        (await articles.Editor.Get("/api/articles?q=x&status=draft")).Json!["errors"]!["status"].ShouldNotBeNull();
        (await articles.Editor.Get("/api/articles?q=x&status=published")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Staff_find_of_what_is_published_their_own()
    {
        var word = Rare();
        var mine = await articles.Published(new { title = word }, articles.Writer);
        var other = await articles.Published(new { title = word });
        await Finds(word, mine.Text("id"), other.Text("id"));
        (await articles.Writer.Get($"/api/articles?status=published&q={Uri.EscapeDataString(word)}")).Ids().ShouldBe([mine.Text("id")]);
    }

    [Fact]
    public async Task No_cache_keeps_searches()
    {
        var headers = (await Search("خبر")).Response.Headers;
        headers.Contains("Cache-Tag").ShouldBeFalse();
        headers.CacheControl!.NoCache.ShouldBeTrue();
    }

    [Fact]
    public async Task Related_articles_tell_of_the_same_and_say_so()
    {
        string[] words = [Rare(), Rare(), Rare(), Rare(), Rare()];
        var body = $"<p>{string.Join(' ', words)} قال إن هذا الذي كان.</p>";
        var near = await articles.Published(new { body });
        var english = await articles.Published(new { body, language = "en" });
        var article = await articles.Published(new { body = $"<p>ال{string.Join(" وال", words)}</p>" });
        await articles.Published(new { body, language = "en", translationOf = article.Text("id") });
        await articles.Draft(new { body });

        await Eventually.Passes(async () =>
        {
            var related = (await articles.Reader.Get(article.Path() + "/related")).Expect(HttpStatusCode.OK)["items"]!.AsArray();
            related.Select(r => r!.Text("id")).ShouldBe([near.Text("id")]);
            related[0]!["reasons"]!.AsArray().Count.ShouldBe(3);
            related[0]!["reasons"]!.AsArray().ShouldAllBe(r => ((string)r!).StartsWith("content:"));
        }, "the nearest article");
        (await articles.Reader.Get(near.Path() + "/related")).Ids().ShouldNotContain(english.Text("id"));
        var again = (await articles.Reader.Get(article.Path() + "/related")).Json!.ToJsonString();
        (await articles.Reader.Get(article.Path() + "/related")).Json!.ToJsonString().ShouldBe(again);
    }
}
