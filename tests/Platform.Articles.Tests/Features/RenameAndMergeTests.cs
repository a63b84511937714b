using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class RenameAndMergeTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    private string NewSlug() => Text.Slug.From(articles.Word("اسم"));

    private static string Category(string slug) => "/api/categories/" + Uri.EscapeDataString(slug);

    private static string Author(string slug) => "/api/authors/" + Uri.EscapeDataString(slug);

    private static string Tag(string tag) => "/api/tags/" + Uri.EscapeDataString(tag);

    [Fact]
    public async Task A_renamed_category_keeps_its_links_its_articles_and_its_subscribers()
    {
        var parent = await articles.NewCategory();
        var (old, now) = (await articles.NewCategory(parent), NewSlug());
        var article = await articles.Published(new { categories = new[] { old } });

        (await articles.Editor.Send("PUT", Category(old), new { slug = now, names = new { ar = "جديد" }, parent, position = 1 }, 1)).Expect(HttpStatusCode.OK).Text("slug").ShouldBe(now);

        Moved(await articles.Reader.Get(Category(old)), Category(now));
        Moved(await articles.Reader.Get(Category(now.ToUpperInvariant())), Category(now));
        (await articles.Reader.Get(Category(now))).Expect(HttpStatusCode.OK);
        foreach (var slug in new[] { old, now, parent }) (await List("category", slug)).ShouldBe([article.Id()]);
        var shown = (await articles.Reader.Get(article.Path())).Json!;
        (shown["categories"]![0]!.Text("slug"), shown["categories"]![0]!.Text("name"), shown.Version()).ShouldBe((now, "جديد", article.Version()));
        (await articles.Editor.Put(article, Same(article, ("categories", old)))).Expect(HttpStatusCode.OK).Version().ShouldBe(article.Version());   // a former slug is the same one

        var later = await articles.Published(new { categories = new[] { old } });
        (await articles.Spy.Hears<ArticlePublished>(m => m.ArticleId == later.Id())).ShouldSatisfyAllConditions(
            m => m.Categories.ShouldBe([now]), m => m.CategoryTree.ShouldBe([now, parent, old]), m => m.Section.ShouldBe("جديد"));
        (await List("category", old)).ShouldBe([later.Id(), article.Id()]);
        await articles.Spy.Hears<CategoriesChanged>(m => m.Slug == now && m.FormerSlugs!.Contains(old));

        (await articles.Editor.Send("POST", "/api/categories", new { slug = old, names = new { ar = "x" }, position = 1 })).Refuses(HttpStatusCode.Conflict, "category.slugTaken");
        (await articles.Editor.Send("PUT", Category(parent), new { slug = old, names = new { ar = "x" }, position = 1 }, 1)).Refuses(HttpStatusCode.Conflict, "category.slugTaken");
        (await articles.Editor.Send("DELETE", Category(old))).Refuses(HttpStatusCode.NotFound, "category.notFound");
        (await articles.Editor.Send("DELETE", Category(now))).Refuses(HttpStatusCode.Conflict, "category.inUse");
    }

    [Fact]
    public async Task A_merged_category_shows_its_articles_under_the_other_at_once()
    {
        var (gone, into) = (await articles.NewCategory(), await articles.NewCategory(ar: "الباقي"));
        var child = await articles.NewCategory(gone);
        var (one, two, three) = (await articles.Published(new { categories = new[] { gone } }), await articles.Published(new { categories = new[] { gone, into } }), await articles.Published(new { categories = new[] { child } }));

        (await articles.Editor.Send("POST", Category(gone) + "/merge", new { into }, 99)).Refuses(HttpStatusCode.PreconditionFailed, "category.versionConflict");
        for (var i = 0; i < 2; i++) (await articles.Editor.Send("POST", Category(gone) + "/merge", new { into })).Expect(HttpStatusCode.OK).Text("slug").ShouldBe(into);   // again: done already

        Moved(await articles.Reader.Get(Category(gone)), Category(into));
        (await articles.Reader.Get(Category(child))).Json!.Text("parent").ShouldBe(into);
        foreach (var slug in new[] { gone, into }) (await List("category", slug)).ShouldBe([three.Id(), two.Id(), one.Id()]);
        (await articles.Reader.Get(two.Path())).Json!["categories"]!.AsArray().Select(c => c!.Text("name")).ShouldBe(["الباقي"]);
        (await articles.Editor.Send("POST", Category(into) + "/merge", new { into })).Refuses(HttpStatusCode.UnprocessableEntity, "category.mergeIntoItself");
        (await articles.Editor.Send("POST", Category(into) + "/merge", new { into = "no-such" })).Refuses(HttpStatusCode.UnprocessableEntity, "category.unknownTarget");
        (await articles.Editor.Send("POST", Category("no-such") + "/merge", new { into })).Refuses(HttpStatusCode.NotFound, "category.notFound");
        (await articles.Editor.Send("POST", Category(into) + "/merge", new { })).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        (await articles.Writer.Send("POST", Category(into) + "/merge", new { into = child })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await articles.Editor.Send("DELETE", Category(into))).Refuses(HttpStatusCode.Conflict, "category.inUse");   // by articles filed under the one that went

        (await articles.Editor.Move(one, "correct", new { note = "n" })).Expect(HttpStatusCode.OK);
        (await articles.Spy.Hears<ArticleCorrected>(m => m.ArticleId == one.Id())).ShouldSatisfyAllConditions(
            m => m.Changed.ShouldBeEmpty(), m => m.Categories.ShouldBe([into]), m => m.CategoryTree.ShouldBe([into, gone]), m => m.CategoriesLeft.ShouldBeEmpty());
        (await List("category", into)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_renamed_author_keeps_links_and_articles()
    {
        var (old, now) = (await articles.NewAuthor("سارة"), NewSlug());
        var article = await articles.Published(new { authors = new[] { old } });

        (await articles.Editor.Send("PUT", Author(old), new { slug = now, names = new { ar = "سارة علي" } }, 1)).Expect(HttpStatusCode.OK).Text("slug").ShouldBe(now);

        Moved(await articles.Reader.Get(Author(old)), Author(now));
        Moved(await articles.Reader.Get(Author(now.ToUpperInvariant())), Author(now));
        foreach (var slug in new[] { old, now }) (await List("author", slug)).ShouldBe([article.Id()]);
        (await articles.Reader.Get(article.Path())).Json!["authors"]![0]!.ToJsonString().ShouldBe(new JsonObject { ["slug"] = now, ["name"] = "سارة علي" }.ToJsonString());
        await articles.Spy.Hears<AuthorsChanged>(m => m.Slug == now && m.FormerSlugs.Contains(old) && !m.Deleted);

        var later = await articles.Published(new { authors = new[] { old, now } });
        (await articles.Spy.Hears<ArticlePublished>(m => m.ArticleId == later.Id())).ShouldSatisfyAllConditions(m => m.Authors.ShouldBe([now]), m => m.FormerAuthors.ShouldBe([old]));
        (await articles.Editor.Send("POST", "/api/authors", new { slug = old, names = new { ar = "x" } })).Refuses(HttpStatusCode.Conflict, "author.slugTaken");
        (await articles.Editor.Send("PUT", Author(await articles.NewAuthor()), new { slug = old, names = new { ar = "x" } }, 1)).Refuses(HttpStatusCode.Conflict, "author.slugTaken");
        (await articles.Editor.Send("DELETE", Author(old))).Refuses(HttpStatusCode.NotFound, "author.notFound");
        (await articles.Editor.Send("DELETE", Author(now))).Refuses(HttpStatusCode.Conflict, "author.inUse");
        (await articles.Editor.Send("PUT", Author(now), new { slug = old, names = new { ar = "x" } }, 2)).Expect(HttpStatusCode.OK);   // an old name comes back
        Moved(await articles.Reader.Get(Author(now)), Author(old));
    }

    [Fact]
    public async Task Merged_authors_are_one_however_often_they_are_merged()
    {
        var (first, second, last) = (await articles.NewAuthor("أ"), await articles.NewAuthor("ب"), await articles.NewAuthor("ج"));
        var (one, two) = (await articles.Published(new { authors = new[] { first } }), await articles.Published(new { authors = new[] { second, first } }));

        (await articles.Editor.Send("POST", Author(first) + "/merge", new { into = second }, 99)).Refuses(HttpStatusCode.PreconditionFailed, "author.versionConflict");
        for (var i = 0; i < 2; i++) (await articles.Editor.Send("POST", Author(first) + "/merge", new { into = second })).Expect(HttpStatusCode.OK).Text("slug").ShouldBe(second);
        (await articles.Editor.Send("POST", Author(second) + "/merge", new { into = last })).Expect(HttpStatusCode.OK).Text("slug").ShouldBe(last);

        foreach (var slug in new[] { first, second }) Moved(await articles.Reader.Get(Author(slug)), Author(last));
        foreach (var slug in new[] { first, second, last }) (await List("author", slug)).ShouldBe([two.Id(), one.Id()]);
        (await articles.Reader.Get(two.Path())).Json!["authors"]!.AsArray().Select(a => a!.Text("name")).ShouldBe(["ج"]);
        var listed = (await articles.Reader.Get("/api/authors?limit=100")).Json!["items"]!.AsArray().Select(a => a!.Text("slug")).ToArray();
        (listed.Contains(first), listed.Contains(second), listed.Contains(last)).ShouldBe((false, false, true));
        await articles.Spy.Hears<AuthorsChanged>(m => m.Slug == last && m.FormerSlugs.Contains(first) && m.FormerSlugs.Contains(second));
        var later = await articles.Published(new { authors = new[] { first } });
        (await articles.Spy.Hears<ArticlePublished>(m => m.ArticleId == later.Id())).FormerAuthors!.Order().ShouldBe(new[] { first, second }.Order());

        (await articles.Editor.Send("POST", Author(last) + "/merge", new { into = first })).Refuses(HttpStatusCode.UnprocessableEntity, "author.mergeIntoItself");
        (await articles.Editor.Send("POST", Author(last) + "/merge", new { into = "no-such" })).Refuses(HttpStatusCode.UnprocessableEntity, "author.unknownTarget");
        (await articles.Editor.Send("POST", Author("no-such") + "/merge", new { into = last })).Refuses(HttpStatusCode.NotFound, "author.notFound");
        (await articles.Editor.Send("PUT", Author(last), new { slug = first, names = new { ar = "x" } }, 1)).Refuses(HttpStatusCode.Conflict, "author.slugTaken");
        (await articles.Editor.Send("DELETE", Author(last))).Refuses(HttpStatusCode.Conflict, "author.inUse");
        (await articles.Editor.Send("PUT", Author(last), new { slug = last, names = new { ar = "د" } }, 1)).Expect(HttpStatusCode.OK);
        (await List("author", first)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Authors_who_sign_nothing_go_with_all_their_names()
    {
        var (gone, last) = (await articles.NewAuthor(), await articles.NewAuthor());
        (await articles.Editor.Send("POST", Author(gone) + "/merge", new { into = last })).Expect(HttpStatusCode.OK);
        (await articles.Editor.Send("DELETE", Author(last))).Status.ShouldBe(HttpStatusCode.NoContent);
        foreach (var slug in new[] { gone, last })
        {
            (await articles.Reader.Get(Author(slug))).Refuses(HttpStatusCode.NotFound, "author.notFound");
            (await articles.Editor.Send("POST", "/api/authors", new { slug, names = new { ar = "x" } })).Expect(HttpStatusCode.Created);
            (await articles.Reader.Get(Author(slug))).Expect(HttpStatusCode.OK);
        }
        await articles.Spy.Hears<AuthorsChanged>(m => m.Slug == last && m.Deleted);
    }

    [Fact]
    public async Task Two_authors_merged_into_each_other_at_once_are_one()
    {
        var (one, other) = (await articles.NewAuthor(), await articles.NewAuthor());
        await Task.WhenAll(articles.Editor.Send("POST", Author(one) + "/merge", new { into = other }), articles.Editor.Send("POST", Author(other) + "/merge", new { into = one }));
        var answers = new[] { await articles.Reader.Get(Author(one)), await articles.Reader.Get(Author(other)) };
        answers.Select(a => a.Status).Order().ShouldBe([HttpStatusCode.OK, HttpStatusCode.MovedPermanently]);
    }

    [Fact]
    public async Task A_merged_tag_leads_to_the_other_by_every_link()
    {
        var (old, into) = (articles.Word("أمريكا"), articles.Word("الولايات المتحدة"));
        var (one, both) = (await articles.Published(new { tags = new[] { old } }), await articles.Published(new { tags = new[] { "#" + old, into } }));
        (await articles.Reader.Get(Tag(old))).Expect(HttpStatusCode.OK).ToJsonString().ShouldBe(new JsonObject { ["tag"] = old }.ToJsonString());

        for (var i = 0; i < 2; i++) (await articles.Editor.Send("POST", Tag(old.Replace("أ", "ا", StringComparison.Ordinal)) + "/merge", new { into })).Expect(HttpStatusCode.OK).Text("tag").ShouldBe(into);

        Moved(await articles.Reader.Get(Tag(old)), Tag(into));
        foreach (var tag in new[] { old, into }) (await List("tag", tag)).ShouldBe([both.Id(), one.Id()]);
        foreach (var article in new[] { one, both }) (await articles.Reader.Get(article.Path())).Json!["tags"]!.AsArray().Select(t => (string)t!).ShouldBe([into]);
        await articles.Spy.Hears<TagsChanged>(m => m.Into == into && m.FormerTags.Single() == Text.Normaliser.Fold(old));
        var later = await articles.Published(new { tags = new[] { old } });
        (await articles.Spy.Hears<ArticlePublished>(m => m.ArticleId == later.Id())).ShouldSatisfyAllConditions(m => m.Tags.ShouldBe([into]), m => m.FormerTags.ShouldBe([Text.Normaliser.Fold(old)]));

        (await articles.Editor.Send("POST", Tag(into) + "/merge", new { into })).Refuses(HttpStatusCode.UnprocessableEntity, "tag.mergeIntoItself");
        (await articles.Editor.Send("POST", Tag("لا وجود له") + "/merge", new { into })).Refuses(HttpStatusCode.NotFound, "tag.notFound");
        (await articles.Editor.Send("POST", Tag(into) + "/merge", new { into = "##" })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Writer.Send("POST", Tag(into) + "/merge", new { into = "x" })).Status.ShouldBe(HttpStatusCode.Forbidden);

        (await articles.Editor.Send("POST", Tag(into) + "/merge", new { into = old })).Expect(HttpStatusCode.OK).Text("tag").ShouldBe(old);   // the old name comes back
        Moved(await articles.Reader.Get(Tag(into)), Tag(old));
        (await List("tag", into)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_list_of_tags_holds_what_readers_can_see()
    {
        var (shown, hidden, gone, other) = (articles.Word("ظاهر"), articles.Word("مستتر"), articles.Word("زائل"), articles.Word("آخر"));
        await articles.Published(new { tags = new[] { shown, gone, other } });
        await articles.Draft(new { tags = new[] { hidden } });
        (await articles.Editor.Send("POST", Tag(gone) + "/merge", new { into = shown })).Expect(HttpStatusCode.OK);
        (await articles.Editor.Send("POST", Tag(hidden) + "/merge", new { into = articles.Word("مستتر") })).Expect(HttpStatusCode.OK);

        var tags = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await articles.Reader.Get("/api/tags?limit=2" + (cursor is null ? "" : "&cursor=" + cursor))).Expect(HttpStatusCode.OK);
            page["items"]!.AsArray().Count.ShouldBeLessThanOrEqualTo(2);
            tags.AddRange(page["items"]!.AsArray().Select(t => t!.Text("tag")));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        tags.ShouldBeUnique();
        tags.ShouldSatisfyAllConditions(t => t.ShouldContain(shown), t => t.ShouldContain(other), t => t.ShouldNotContain(gone), t => t.ShouldNotContain(hidden));
        (await articles.Reader.Get(Tag(hidden))).Refuses(HttpStatusCode.NotFound, "tag.notFound");
        (await articles.Reader.Get("/api/tags?cursor=forged")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Reader.Get("/api/tags?x=1")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await articles.Editor.Send("POST", "/api/articles", articles.Input(new { tags = new[] { new string('\ufdfa', 80) } }))).Refuses(HttpStatusCode.BadRequest, "request.invalid");
    }

    private static void Moved(Answer answer, string path)
    {
        answer.Status.ShouldBe(HttpStatusCode.MovedPermanently);
        answer.Response.Headers.Location!.OriginalString.ShouldBe("http://localhost:8080" + path);
    }

    private async Task<IReadOnlyList<Guid>> List(string by, string name) => [.. (await articles.Reader.Get($"/api/articles?{by}={Uri.EscapeDataString(name)}")).Ids().Select(Guid.Parse)];

    private JsonObject Same(JsonNode article, (string Field, string Value) with) =>
        articles.Input(new Dictionary<string, object> { ["language"] = "ar", ["title"] = article.Text("title"), ["body"] = article.Text("body"), [with.Field] = new[] { with.Value } });
}
