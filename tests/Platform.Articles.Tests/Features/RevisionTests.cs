using System.Net;
using Platform.Contracts;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class RevisionTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    [Fact]
    public async Task Every_version_is_listed_newest_first_with_who_when_and_what()
    {
        var draft = await articles.Draft(by: articles.Writer);
        var edited = (await articles.Writer.Put(draft, articles.Input())).Expect(HttpStatusCode.OK);
        var submitted = (await articles.Writer.Move(edited, "submit")).Expect(HttpStatusCode.OK);
        var returned = (await articles.Editor.Move(submitted, "return", new { reason = "راجع المصدر" })).Expect(HttpStatusCode.OK);
        var published = (await articles.Editor.Move(returned, "publish")).Expect(HttpStatusCode.OK);
        var corrected = (await articles.Editor.Move(published, "correct", new { note = "صُحّح" })).Expect(HttpStatusCode.OK);
        var restored = (await articles.Editor.Move(corrected, "revisions/1/restore")).Expect(HttpStatusCode.OK);
        await articles.Editor.Move(restored, "withdraw", new { reason = "خطأ" });

        var all = (await articles.Writer.Get(draft.Path() + "/revisions")).Expect(HttpStatusCode.OK);

        all["next"].ShouldBeNull();
        var items = all["items"]!.AsArray().Select(i => i!).ToArray();
        items.Select(i => (i.Version(), i.Text("action"), i.Text("status"), (string?)i["note"])).ShouldBe(
        [
            (8, "withdrawn", "withdrawn", "خطأ"), (7, "restored", "published", null), (6, "corrected", "published", "صُحّح"), (5, "published", "published", null),
            (4, "returned", "draft", "راجع المصدر"), (3, "submitted", "inReview", null), (2, "edited", "draft", null), (1, "created", "draft", null),
        ]);
        items[^1].AsObject().Select(p => p.Key).ShouldBe(["version", "action", "at", "by", "status", "title", "publishAt", "note", "restoredFrom"]);
        ((long?)items[1]["restoredFrom"], items[^1].Text("title"), items[^1].Text("at")).ShouldBe((1, draft.Text("title"), draft.Text("createdAt")));
        (items[^1]["by"]!.Text("id"), items[^1]["by"]!.Text("name")).ShouldBe((articles.WriterId.ToString(), "Tester"));
        items[0]["by"]!.Text("id").ShouldNotBe(articles.WriterId.ToString());

        var pages = new List<long>();
        for (string? cursor = null, next = ""; next is not null; cursor = next)
        {
            var page = (await articles.Writer.Get($"{draft.Path()}/revisions?limit=3{(cursor is null ? "" : "&cursor=" + cursor)}")).Expect(HttpStatusCode.OK);
            pages.AddRange(page["items"]!.AsArray().Select(i => i!.Version()));
            next = (string?)page["next"];
        }
        pages.ShouldBe([8, 7, 6, 5, 4, 3, 2, 1]);
    }

    [Fact]
    public async Task A_revision_is_the_whole_article_as_it_was()
    {
        var category = await articles.NewCategory();
        var first = await articles.Draft(new { categories = new[] { category }, kicker = "k", tags = new[] { "t" } });
        var second = (await articles.Editor.Put(first, articles.Input())).Expect(HttpStatusCode.OK);
        foreach (var version in new[] { first, second })
        {
            var answer = await articles.Editor.Get($"{first.Path()}/revisions/{version.Version()}");
            answer.Expect(HttpStatusCode.OK).ToJsonString().ShouldBe(version.ToJsonString());
            answer.Response.Headers.ETag!.Tag.ShouldBe($"\"{version.Version()}\"");
            answer.Response.Headers.CacheControl!.Private.ShouldBeTrue();
        }
        (await articles.Editor.Send("GET", first.Path() + "/revisions/1", null, null, ("If-None-Match", "\"1\""))).Status.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_diff_says_what_came_and_what_went_by_words()
    {
        var first = await articles.Draft(new { title = articles.Word(), body = "<p>قال الوزير إن العدد خمسة.</p>", summary = "s", tags = new[] { "أ" } });
        var slug = first.Text("slug");
        var second = (await articles.Editor.Put(first, articles.Input(new { title = first.Text("title"), body = "<p>قال الوزير إن العدد ستة.</p>", summary = "s", tags = new[] { "أ", "ب" }, slug }))).Expect(HttpStatusCode.OK);
        var third = (await articles.Editor.Move(second, "submit")).Expect(HttpStatusCode.OK);

        var diff = (await articles.Editor.Get(first.Path() + "/revisions/2/diff")).Expect(HttpStatusCode.OK).AsArray();
        diff.Select(d => d!.Text("field")).ShouldBe(["body", "tags"]);
        diff[0]!["changes"]!.AsArray().Select(c => (c!.Text("op"), c!.Text("text"))).ShouldBe([("equal", "قال الوزير إن العدد "), ("delete", "خمسة"), ("insert", "ستة"), ("equal", ".")]);
        diff[0]!.AsObject().Select(p => p.Key).ShouldBe(["field", "changes"]);
        diff[1]!.AsObject().Select(p => p.Key).ShouldBe(["field", "before", "after"]);
        (diff[1]!["before"]!.AsArray().Count, diff[1]!["after"]!.AsArray().Count).ShouldBe((1, 2));

        (await articles.Editor.Get($"{first.Path()}/revisions/{third.Version()}/diff?against=1")).Expect(HttpStatusCode.OK).AsArray().Select(d => d!.Text("field")).ShouldBe(["status", "body", "tags"]);
        (await articles.Editor.Get(first.Path() + "/revisions/1/diff?against=2")).Expect(HttpStatusCode.OK)[0]!["changes"]!.AsArray().Select(c => (c!.Text("op"), c!.Text("text"))).ShouldContain(("delete", "ستة"));
        (await articles.Editor.Get(first.Path() + "/revisions/2/diff?against=2")).Expect(HttpStatusCode.OK).AsArray().ShouldBeEmpty();
        var born = (await articles.Editor.Get(first.Path() + "/revisions/1/diff")).Expect(HttpStatusCode.OK).AsArray().Single(d => d!.Text("field") == "title")!;
        (born["before"], born.Text("after")).ShouldBe((null, first.Text("title")));
    }

    [Theory]
    [InlineData("/revisions/3", HttpStatusCode.NotFound, "revision.notFound")]
    [InlineData("/revisions/0", HttpStatusCode.NotFound, "revision.notFound")]
    [InlineData("/revisions/-1", HttpStatusCode.NotFound, "revision.notFound")]
    [InlineData("/revisions/9223372036854775807", HttpStatusCode.NotFound, "revision.notFound")]
    [InlineData("/revisions/99999999999999999999", HttpStatusCode.NotFound, "resource.notFound")]
    [InlineData("/revisions/x", HttpStatusCode.NotFound, "resource.notFound")]
    [InlineData("/revisions/1/diff?against=3", HttpStatusCode.NotFound, "revision.notFound")]
    [InlineData("/revisions/3/diff", HttpStatusCode.NotFound, "revision.notFound")]
    [InlineData("/revisions/1/diff?against=x", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("/revisions/1/diff?against=-1", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("/revisions/1/diff?other=1", HttpStatusCode.BadRequest, "request.unknownParameter")]
    [InlineData("/revisions?cursor=x", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("/revisions?limit=101", HttpStatusCode.BadRequest, "request.invalid")]
    public async Task What_is_no_version_is_not_there(string path, HttpStatusCode status, string code)
    {
        var draft = await articles.Draft();
        (await articles.Editor.Get(draft.Path() + path)).Refuses(status, code);
    }

    [Fact]
    public async Task A_cursor_is_of_one_article_and_one_list()
    {
        var (one, other) = (await articles.Draft(), await articles.Draft());
        await articles.Editor.Put(one, articles.Input());
        var cursor = (await articles.Editor.Get(one.Path() + "/revisions?limit=1")).Expect(HttpStatusCode.OK).Text("next");
        (await articles.Editor.Get($"{other.Path()}/revisions?cursor={cursor}")).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        (await articles.Editor.Get($"/api/articles/log?cursor={cursor}")).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        (await articles.Editor.Get($"/api/articles?cursor={cursor}")).Refuses(HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task Restoring_makes_a_new_version_with_the_old_content()
    {
        var first = await articles.Draft(new { body = "<p>أول</p>", kicker = "k" });
        var second = (await articles.Editor.Put(first, articles.Input(new { title = articles.Word("ثان") }))).Expect(HttpStatusCode.OK);
        (await articles.Editor.Send("POST", first.Path() + "/revisions/1/restore", new { })).Refuses((HttpStatusCode)428, "request.ifMatchRequired");
        (await articles.Editor.Send("POST", first.Path() + "/revisions/1/restore", null, 1)).Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
        (await articles.Editor.Move(second, "revisions/7/restore")).Refuses(HttpStatusCode.NotFound, "revision.notFound");

        var restored = (await articles.Editor.Send("POST", first.Path() + "/revisions/1/restore", null, 2)).Expect(HttpStatusCode.OK);

        (restored.Version(), restored.Text("title"), restored.Text("body"), restored.Text("kicker"), restored.Text("slug")).ShouldBe((3, first.Text("title"), "<p>أول</p>", "k", first.Text("slug")));
        (await articles.Editor.Get(first.Path() + "/revisions/3/diff?against=1")).Expect(HttpStatusCode.OK).AsArray().ShouldBeEmpty();
        (await articles.Editor.Move(restored, "revisions/3/restore")).Expect(HttpStatusCode.OK).Version().ShouldBe(4);
    }

    [Fact]
    public async Task A_slug_that_somebody_took_meanwhile_is_numbered()
    {
        var title = articles.Word();
        var first = await articles.Draft(new { title });
        var second = (await articles.Editor.Put(first, articles.Input())).Expect(HttpStatusCode.OK);
        await articles.Draft(new { title });
        (await articles.Editor.Move(second, "revisions/1/restore")).Expect(HttpStatusCode.OK).Text("slug").ShouldBe(first.Text("slug") + "-2");
    }

    [Fact]
    public async Task Restoring_what_is_published_is_an_edit()
    {
        var first = await articles.Published(new { summary = "أ" });
        var second = (await articles.Editor.Put(first, articles.Input(new { slug = Text.Slug.From(articles.Word()) }))).Expect(HttpStatusCode.OK);
        var restored = (await articles.Editor.Move(second, "revisions/2/restore")).Expect(HttpStatusCode.OK);
        (restored.Text("status"), restored.Text("summary"), restored.Text("slug"), restored.Text("publishedAt")).ShouldBe(("published", "أ", second.Text("slug"), first.Text("publishedAt")));
        (await articles.Spy.Hears<ArticleUpdated>(m => m.ArticleId == first.Id() && m.Version == 4)).Title.ShouldBe(first.Text("title"));
    }

    [Fact]
    public async Task What_exists_no_more_is_not_restored()
    {
        var (gone, stays, author) = (await articles.NewCategory(), await articles.NewCategory(), await articles.NewAuthor());
        var first = await articles.Draft(new { categories = new[] { gone, stays }, authors = new[] { author } });
        var second = (await articles.Editor.Put(first, articles.Input())).Expect(HttpStatusCode.OK);
        (await articles.Editor.Send("DELETE", "/api/categories/" + Uri.EscapeDataString(gone))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await articles.Editor.Send("DELETE", "/api/authors/" + Uri.EscapeDataString(author))).Status.ShouldBe(HttpStatusCode.NoContent);
        var restored = (await articles.Editor.Move(second, "revisions/1/restore")).Expect(HttpStatusCode.OK);
        restored["categories"]!.AsArray().Select(c => c!.Text("slug")).ShouldBe([stays]);
        restored["authors"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_comes_second_is_told_what_changed()
    {
        var draft = await articles.Draft(new { body = "<p>أول</p>", kicker = "k" }, by: articles.Writer);
        var title = articles.Word("ثان");
        await articles.Editor.Put(draft, articles.Input(new { title, body = "<p>ثان</p>" }));

        var answer = await articles.Writer.Put(draft, articles.Input());

        answer.Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
        ((long)answer.Json!["currentVersion"]!).ShouldBe(2);
        answer.Json["changes"]!.AsArray().Select(c => c!.Text("field")).ShouldBe(["title", "kicker", "body", "slug"]);
        answer.Json["changes"]!.ToJsonString().ShouldBe((await articles.Editor.Get(draft.Path() + "/revisions/2/diff?against=1")).Json!.ToJsonString());
        foreach (var (method, path, body) in new (string, string, object?)[] { ("POST", "/submit", null), ("POST", "/publish", new { }), ("POST", "/return", new { }), ("POST", "/correct", new { note = "n" }), ("POST", "/withdraw", new { reason = "r" }), ("POST", "/revisions/1/restore", null), ("DELETE", "", null) })
        {
            var stale = await articles.Editor.Send(method, draft.Path() + path, body, 1);
            stale.Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
            stale.Json!["changes"]!.AsArray().Count.ShouldBe(4, path);
        }
    }

    [Fact]
    public async Task Of_many_at_once_each_loser_is_told_what_the_winner_did()
    {
        var draft = await articles.Draft();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => articles.Editor.Put(draft, articles.Input(new { kicker = $"k{i}" }))));
        var winner = answers.Single(a => a.Status == HttpStatusCode.OK).Json!;
        foreach (var loser in answers.Where(a => a.Status != HttpStatusCode.OK))
        {
            loser.Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
            ((long)loser.Json!["currentVersion"]!).ShouldBe(2);
            loser.Json["changes"]!.AsArray().Single(c => c!.Text("field") == "kicker")!.Text("after").ShouldBe(winner.Text("kicker"));
        }
    }

    [Fact]
    public async Task A_version_that_never_was_is_only_told_the_current_one()
    {
        var draft = await articles.Draft();
        var answer = await articles.Editor.Send("PUT", draft.Path(), articles.Input(), 9);
        answer.Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
        ((long)answer.Json!["currentVersion"]!, answer.Json["changes"]).ShouldBe((1, null));
    }

    [Fact]
    public async Task Who_may_not_change_it_is_told_nothing_of_what_changed()
    {
        var published = await articles.Published();
        var answer = await articles.Writer.Send("PUT", published.Path(), articles.Input(), 1);
        answer.Refuses(HttpStatusCode.Forbidden, "article.notYours");
        answer.Json!.AsObject().Select(p => p.Key).ShouldBe(["type", "title", "status", "code", "traceId"]);
    }
}
