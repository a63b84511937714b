using System.Net;
using System.Text.Json.Nodes;
using Platform.Contracts;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class ManageCategoriesTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    private string NewSlug() => Text.Slug.From(articles.Word("قسم"));

    [Fact]
    public async Task An_editor_makes_renames_and_deletes_a_category()
    {
        var slug = NewSlug();
        var made = await articles.Editor.Send("POST", "/api/categories", new { slug, names = new { ar = " سياسة ", en = "Politics" }, position = 3 });
        made.Expect(HttpStatusCode.Created).AsObject().Select(p => p.Key).ShouldBe(["slug", "names", "parent", "position"]);
        (made.Json!["names"]!.Text("ar"), (int)made.Json["position"]!).ShouldBe(("سياسة", 3));
        made.Response.Headers.Location!.OriginalString.ShouldBe("http://localhost:8080/api/categories/" + Uri.EscapeDataString(slug));
        made.Response.Headers.ETag!.Tag.ShouldBe("\"1\"");

        (await articles.Editor.Send("PUT", Path(slug), new { slug, names = new { ar = "عالم" }, position = 1 })).Refuses((HttpStatusCode)428, "request.ifMatchRequired");
        var renamed = await articles.Editor.Send("PUT", Path(slug), new { slug, names = new { ar = "عالم" }, position = 1 }, 1);
        renamed.Expect(HttpStatusCode.OK);
        renamed.Response.Headers.ETag!.Tag.ShouldBe("\"2\"");
        (await articles.Editor.Send("PUT", Path(slug), new { slug, names = new { ar = "آخر" }, position = 1 }, 1)).Refuses(HttpStatusCode.PreconditionFailed, "category.versionConflict");
        var read = await articles.Reader.Get(Path(slug));
        read.Expect(HttpStatusCode.OK)["names"]!.Text("ar").ShouldBe("عالم");
        read.Response.Headers.GetValues("Cache-Tag").Single().ShouldBe("categories");

        (await articles.Editor.Send("DELETE", Path(slug), null, 1)).Refuses(HttpStatusCode.PreconditionFailed, "category.versionConflict");
        (await articles.Editor.Send("DELETE", Path(slug))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await articles.Reader.Get(Path(slug))).Refuses(HttpStatusCode.NotFound, "category.notFound");
        (await articles.Editor.Send("DELETE", Path(slug))).Refuses(HttpStatusCode.NotFound, "category.notFound");

        await articles.Spy.Hears<CategoriesChanged>(m => m.Slug == slug && m.Deleted);
        articles.Spy.Heard<CategoriesChanged>().Where(m => m.Slug == slug).Select(m => (m.Version, m.Deleted)).ShouldBe([(1, false), (2, false), (3, true)]);
    }

    [Fact]
    public async Task A_renamed_category_shows_its_name_on_articles_at_once()
    {
        var slug = await articles.NewCategory(ar: "سياسة", en: "Politics");
        var article = await articles.Published(new { categories = new[] { slug }, language = "en" });
        article["categories"]!.AsArray().Single()!.Text("name").ShouldBe("Politics");
        (await articles.Editor.Send("PUT", Path(slug), new { slug, names = new { ar = "عالم" }, position = 1 }, 1)).Expect(HttpStatusCode.OK);
        (await articles.Reader.Get(article.Path())).Json!["categories"]!.AsArray().Single()!.Text("name").ShouldBe("عالم");   // no English name: the site's own
    }

    [Fact]
    public async Task A_category_in_use_stays()
    {
        var parent = await articles.NewCategory();
        var child = await articles.NewCategory(parent);
        (await articles.Editor.Send("DELETE", Path(parent))).Refuses(HttpStatusCode.Conflict, "category.inUse");
        var draft = await articles.Draft(new { categories = new[] { child } });
        (await articles.Editor.Send("DELETE", Path(child))).Refuses(HttpStatusCode.Conflict, "category.inUse");
        (await articles.Editor.Put(draft, articles.Input())).Expect(HttpStatusCode.OK);
        (await articles.Editor.Send("DELETE", Path(child))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await articles.Editor.Send("DELETE", Path(parent))).Status.ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("{\"slug\": \"x\", \"names\": {\"ar\": \"n\"}, \"position\": 1, \"parent\": \"no-such\"}", HttpStatusCode.UnprocessableEntity, "category.unknownParent")]
    [InlineData("{\"slug\": \"x\", \"names\": {\"fr\": \"n\"}, \"position\": 1}", HttpStatusCode.UnprocessableEntity, "category.unknownLanguage")]
    [InlineData("{\"slug\": \"x\", \"names\": {}, \"position\": 1}", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("{\"slug\": \"x\", \"names\": {\"ar\": \" \"}, \"position\": 1}", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("{\"slug\": \"x\", \"names\": {\"ar\": null}, \"position\": 1}", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("{\"slug\": \"X y\", \"names\": {\"ar\": \"n\"}, \"position\": 1}", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("{\"slug\": \"x\", \"names\": {\"ar\": \"n\"}}", HttpStatusCode.BadRequest, "request.invalid")]
    [InlineData("{\"slug\": \"x\", \"names\": {\"ar\": \"n\"}, \"position\": 1, \"x\": 1}", HttpStatusCode.BadRequest, "request.malformed")]
    public async Task What_is_no_category_is_refused(string json, HttpStatusCode status, string code) => (await articles.Editor.Send("POST", "/api/categories", JsonNode.Parse(json))).Refuses(status, code);

    [Fact]
    public async Task Only_editors_keep_categories()
    {
        (await articles.Writer.Send("POST", "/api/categories", new { slug = NewSlug(), names = new { ar = "x" }, position = 1 })).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await articles.Reader.Send("DELETE", Path("x"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Fifty_editors_at_once_lose_nothing()
    {
        var slugs = Enumerable.Range(0, 50).Select(_ => NewSlug()).ToArray();
        var made = await Task.WhenAll(slugs.Select(slug => articles.Editor.Send("POST", "/api/categories", new { slug, names = new { ar = "x" }, position = 1 })));
        made.ShouldAllBe(a => a.Status == HttpStatusCode.Created);
        foreach (var slug in slugs) (await articles.Reader.Get(Path(slug))).Expect(HttpStatusCode.OK);
        var same = NewSlug();
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => articles.Editor.Send("POST", "/api/categories", new { slug = same, names = new { ar = "x" }, position = 1 })));
        claims.Count(a => a.Status == HttpStatusCode.Created).ShouldBe(1);
        claims.Count(a => a.Code == "category.slugTaken").ShouldBe(19);
    }

    [Fact]
    public async Task No_two_moves_at_once_make_a_circle()
    {
        var (a, b) = (await articles.NewCategory(), await articles.NewCategory());
        (await articles.Editor.Send("PUT", Path(a), new { slug = a, names = new { ar = "x" }, position = 1, parent = a }, 1)).Refuses(HttpStatusCode.UnprocessableEntity, "category.cycle");
        var moves = await Task.WhenAll(
            articles.Editor.Send("PUT", Path(a), new { slug = a, names = new { ar = "x" }, position = 1, parent = b }, 1),
            articles.Editor.Send("PUT", Path(b), new { slug = b, names = new { ar = "x" }, position = 1, parent = a }, 1));
        moves.Count(m => m.Status == HttpStatusCode.OK).ShouldBe(1);
        moves.Single(m => m.Status != HttpStatusCode.OK).Refuses(HttpStatusCode.UnprocessableEntity, "category.cycle");
    }

    [Fact]
    public async Task The_list_goes_by_position_page_by_page()
    {
        var slugs = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            slugs.Add(NewSlug());
            (await articles.Editor.Send("POST", "/api/categories", new { slug = slugs[i], names = new { ar = "x" }, position = -5 + i })).Expect(HttpStatusCode.Created);
        }
        var first = (await articles.Reader.Get("/api/categories?limit=2")).Expect(HttpStatusCode.OK);
        var second = (await articles.Reader.Get($"/api/categories?limit=2&cursor={first.Text("next")}")).Expect(HttpStatusCode.OK);
        first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(c => c!.Text("slug")).Take(3).ShouldBe(slugs);
        (await articles.Reader.Get("/api/categories?limit=101")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_same_key_makes_one_category()
    {
        var input = new { slug = NewSlug(), names = new { ar = "x" }, position = 1 };
        for (var i = 0; i < 2; i++) (await articles.Editor.Send("POST", "/api/categories", input, null, ("Idempotency-Key", "c-" + input.slug.Length + input.slug[^6..]))).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Authors_are_kept_as_categories_are()
    {
        var slug = NewSlug();
        (await articles.Editor.Send("POST", "/api/authors", new { slug, names = new { ar = "سارة", en = "Sara" }, bio = "صحفية" })).Expect(HttpStatusCode.Created).AsObject().Select(p => p.Key).ShouldBe(["slug", "names", "bio"]);
        (await articles.Editor.Send("POST", "/api/authors", new { slug, names = new { ar = "x" } })).Refuses(HttpStatusCode.Conflict, "author.slugTaken");
        (await articles.Editor.Send("POST", "/api/authors", new { slug = "no name" })).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        (await articles.Editor.Send("PUT", AuthorPath(slug), new { slug, names = new { ar = "سارة علي" } })).Refuses((HttpStatusCode)428, "request.ifMatchRequired");
        (await articles.Editor.Send("PUT", AuthorPath(slug), new { slug, names = new { ar = "سارة علي" } }, 1)).Expect(HttpStatusCode.OK);
        (await articles.Editor.Send("PUT", AuthorPath(slug), new { slug, names = new { ar = "x" } }, 1)).Refuses(HttpStatusCode.PreconditionFailed, "author.versionConflict");
        (await articles.Reader.Get(AuthorPath(slug))).Expect(HttpStatusCode.OK)["names"]!.Text("ar").ShouldBe("سارة علي");
        (await articles.Reader.Get("/api/authors?limit=100")).Expect(HttpStatusCode.OK)["items"]!.AsArray().ShouldContain(a => a!.Text("slug") == slug);

        var draft = await articles.Draft(new { authors = new[] { slug } });
        (await articles.Editor.Send("DELETE", AuthorPath(slug))).Refuses(HttpStatusCode.Conflict, "author.inUse");
        (await articles.Editor.Send("DELETE", draft.Path(), null, 1)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await articles.Editor.Send("DELETE", AuthorPath(slug))).Status.ShouldBe(HttpStatusCode.NoContent);
        (await articles.Reader.Get(AuthorPath(slug))).Refuses(HttpStatusCode.NotFound, "author.notFound");
    }

    private static string Path(string slug) => "/api/categories/" + Uri.EscapeDataString(slug);

    private static string AuthorPath(string slug) => "/api/authors/" + Uri.EscapeDataString(slug);
}
