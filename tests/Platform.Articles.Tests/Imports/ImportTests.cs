using System.Net;
using System.Net.Http.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Imports;

public sealed class ImportTests(ArticlesFixture fixture) : IClassFixture<ArticlesFixture>
{
    private readonly string _site = Importing.NewSite();
    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];

    private WxrFile File(params WxrPost[] posts) => new(posts) { Site = _site };

    private WxrPost Post(int id, string content = "نص الخبر.") => new(id, $"خبر مستورد {_mark} {id}", content);

    [Fact]
    public async Task Posts_become_articles_with_their_dates_categories_tags_and_authors()
    {
        var (parent, child) = ($"قسم {_mark}", $"فرع {_mark}");
        var import = await fixture.Editor.Import(File(
            Post(1, "أول سطر\nثانيه\n\nفقرة &amp; <strong>ثانية</strong>\n\n[gallery ids=\"1\"]\n\n<h2>عنوان</h2>\nنص") with { Categories = [child], Tags = ["مياه", "خطة وطنية"], Excerpt = "ملخص <b>قصير</b>" },
            Post(2) with { Status = "draft" }, Post(3) with { Status = "pending" }, Post(4) with { Status = "private" }, Post(5) with { Status = "trash" },
            Post(6) with { Type = "page" }, Post(7) with { Status = "future", Date = DateTime.UtcNow.AddDays(30) }, Post(8) with { Password = "سر" })
            with
        { Categories = [(parent, null), (child, parent)], Authors = new Dictionary<string, string> { ["sara"] = $"سارة {_mark}" } });

        import.Counts().ShouldBe((6, 0, 2, 0));
        ((long)import["total"]!, (long)import["done"]!, import.Text("phase"), (long)import["etaSeconds"]!).ShouldBe((8, 8, "done", 0));
        import.Reason("notes", 6).ShouldContain("Pages");
        import.Reason("notes", 8).ShouldContain("password");
        var article = await fixture.Reader.BySlug($"خبر-مستورد-{_mark}-1");
        article.Text("body").ShouldBe("<p>أول سطر<br>ثانيه</p><p>فقرة &amp; <strong>ثانية</strong></p><h2>عنوان</h2><p>نص</p>");
        article.Text("summary").ShouldBe("ملخص قصير");
        article.Text("publishedAt").ShouldBe("2024-01-31T21:15:00.000Z");
        article.Text("createdAt").ShouldBe("2024-01-31T21:15:00.000Z");
        article.Text("language").ShouldBe("ar");
        article["tags"]!.AsArray().Select(t => (string)t!).ShouldBe(["مياه", "خطة وطنية"]);
        article["categories"]![0]!.Text("name").ShouldBe(child);
        article["authors"]![0]!.Text("name").ShouldBe($"سارة {_mark}");
        (await fixture.Reader.Get("/api/categories/" + Uri.EscapeDataString($"فرع-{_mark}"))).Expect(HttpStatusCode.OK).Text("parent").ShouldBe($"قسم-{_mark}");
        foreach (var hidden in new[] { 2, 3, 4, 7, 8 })
            (await fixture.Reader.Get("/api/articles/by-slug/" + Uri.EscapeDataString($"خبر-مستورد-{_mark}-{hidden}"))).Status.ShouldBe(HttpStatusCode.NotFound, $"post {hidden}");
        (await fixture.Editor.BySlug($"خبر-مستورد-{_mark}-7")).Text("status").ShouldBe("scheduled");
        (await fixture.Editor.BySlug($"خبر-مستورد-{_mark}-8")).Text("status").ShouldBe("draft");
    }

    [Fact]
    public async Task A_category_that_is_here_under_the_same_name_is_taken_for_the_exported_one()
    {
        var slug = "topic-" + Guid.NewGuid().ToString("N");
        (await fixture.Editor.PostAsJsonAsync("/api/categories", new { slug, names = new { ar = $"قِسـم {_mark}" }, position = 1 })).EnsureSuccessStatusCode();

        await fixture.Editor.Import(File(Post(1) with { Categories = [$"قسم {_mark}"] }) with { Categories = [($"قسم {_mark}", null)] });

        (await fixture.Reader.BySlug($"خبر-مستورد-{_mark}-1"))["categories"]!.AsArray().ShouldHaveSingleItem()!.Text("slug").ShouldBe(slug);
        (await fixture.Reader.Get("/api/categories/" + Uri.EscapeDataString($"قسم-{_mark}"))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_dry_run_reports_and_changes_nothing()
    {
        var import = await fixture.Editor.Import(File(Post(1), Post(2) with { DateText = "gestern" }), "?dryRun=true");

        import.Counts().ShouldBe((1, 0, 0, 1));
        ((bool)import["dryRun"]!).ShouldBeTrue();
        (await fixture.Editor.Get("/api/articles/by-slug/" + Uri.EscapeDataString($"خبر-مستورد-{_mark}-1"))).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing_and_a_changed_one_only_what_changed()
    {
        var posts = Enumerable.Range(1, 50).Select(i => Post(i)).ToArray();
        (await fixture.Editor.Import(File(posts))).Counts().ShouldBe((50, 0, 0, 0));
        (await fixture.Editor.Import(File(posts))).Counts().ShouldBe((0, 0, 50, 0));
        var edited = await fixture.Editor.BySlug($"خبر-مستورد-{_mark}-3");
        var input = fixture.Input(new { title = edited.Text("title"), body = "<p>نص المحرر</p>" });
        (await fixture.Editor.Put(edited, input)).Expect(HttpStatusCode.OK);

        var again = await fixture.Editor.Import(File([.. posts.Select(p => p.Id <= 3 ? p with { Content = "نص آخر" } : p)]));

        again.Counts().ShouldBe((0, 2, 48, 0));
        again.Reason("notes", 3).ShouldContain("newsroom");
        (await fixture.Reader.BySlug($"خبر-مستورد-{_mark}-1")).Text("text").ShouldBe("نص آخر");
        (await fixture.Reader.BySlug($"خبر-مستورد-{_mark}-3")).Text("text").ShouldBe("نص المحرر");
        (await fixture.Spy.Hears<ArticleUpdated>(m => m.Title.EndsWith($"{_mark} 1", StringComparison.Ordinal))).Slug.ShouldBe($"خبر-مستورد-{_mark}-1");
    }

    [Fact]
    public async Task Every_old_address_leads_to_the_article()
    {
        var slug = $"رابط-قديم-{_mark}";
        await fixture.Editor.Import(File(Post(987) with { Name = slug, Link = $"{_site}/politics/{Uri.EscapeDataString(slug).ToLowerInvariant()}/" }, Post(988) with { Status = "draft" }));
        foreach (var path in new[] { $"/{slug}/", $"/{slug}", $"/2024/01/{slug}/", $"/2024/01/31/{slug}", $"/politics/{slug}/", "/?p=987", $"/2024/01/{Uri.EscapeDataString(slug)}/", $"/2024/01/{Uri.EscapeDataString(slug).ToLowerInvariant()}" })
        {
            var answer = await fixture.Reader.Get("/api/articles/by-permalink?path=" + Uri.EscapeDataString(path));
            answer.Status.ShouldBe(HttpStatusCode.MovedPermanently, path);
            Uri.UnescapeDataString(answer.Response.Headers.Location!.ToString()).ShouldEndWith(slug, customMessage: path);
        }
        (await fixture.Reader.Get("/api/articles/by-permalink?path=/no/such/")).Refuses(HttpStatusCode.NotFound, "article.notFound");
        (await fixture.Reader.Get("/api/articles/by-permalink?path=" + Uri.EscapeDataString("/?p=988"))).Status.ShouldBe(HttpStatusCode.NotFound, "drafts are nobody's business");
        (await fixture.Editor.Move(await fixture.Editor.BySlug(slug), "withdraw", new { reason = "خطأ" })).Expect(HttpStatusCode.OK);
        (await fixture.Reader.Get("/api/articles/by-permalink?path=" + Uri.EscapeDataString($"/{slug}/"))).Refuses(HttpStatusCode.Gone, "article.withdrawn");
    }

    [Fact]
    public async Task A_slug_that_another_article_has_is_numbered_and_the_old_address_still_leads_there()
    {
        var title = $"عنوان شائع {_mark}";
        await fixture.Published(new { title });
        await fixture.Editor.Import(File(new WxrPost(77, title, "نص مستورد")));

        var imported = await fixture.Reader.BySlug($"عنوان-شائع-{_mark}-2");
        imported.Text("text").ShouldBe("نص مستورد");
        (await fixture.Reader.Get("/api/articles/by-permalink?path=" + Uri.EscapeDataString($"/2024/01/عنوان-شائع-{_mark}/"))).Response.Headers.Location!.ToString().ShouldEndWith("-2");
    }

    [Fact]
    public async Task Broken_items_are_reported_with_their_reason_and_cost_nothing_else()
    {
        var import = await fixture.Editor.Import(File(
            Post(1), Post(2) with { DateText = "2024-02-30 10:00:00" }, new WxrPost(3, "", ""), Post(4) with { Raw = "<wp:oops><b></wp:oops>" }, new WxrPost(5, new string('ب', 400), "نص"),
            Post(6) with { Raw = "<!DOCTYPE a [<!ENTITY x \"y\">]>" }, Post(7, string.Concat(Enumerable.Repeat("<ul><li>", 300)) + "عميق"), Post(8) with { Status = "odd" },
            Post(9) with { Raw = $"<wp:x a=\"{new string('a', 100_000)}\"/>" }, Post(10) with { Raw = string.Concat(Enumerable.Repeat("<wp:x>", 100)) + string.Concat(Enumerable.Repeat("</wp:x>", 100)) },
            Post(11), new WxrPost(12, "", "بلا عنوان لكن له نص")));

        import.Counts().ShouldBe((3, 0, 0, 9), import.ToJsonString());
        import.Reason("failed", 2).ShouldContain("2024-02-30");
        import.Reason("failed", 3).ShouldContain("neither title nor content");
        import.Reason("failed", 4).ShouldContain("XML is broken");
        import.Reason("failed", 5).ShouldContain("300 characters");
        import.Reason("failed", 7).ShouldContain("levels deep");
        import.Reason("failed", 8).ShouldContain("odd");
        import.Reason("failed", 9).ShouldContain("64 KB");
        import.Reason("failed", 10).ShouldContain("too deeply");
        import.Reason("notes", 12).ShouldContain("no title");
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE rss SYSTEM \"http://127.0.0.1/x.dtd\">", "import.dtd")]
    [InlineData("<!DOCTYPE lolz [<!ENTITY a \"1234567890\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>", "import.dtd")]
    [InlineData("<?xml version=\"1.0\" encoding=\"windows-1256\"?>", "import.encoding")]
    [InlineData("{\"items\": []}", "import.notXml")]
    public async Task What_begins_wrong_is_refused_at_once(string prolog, string code) =>
        (await fixture.Editor.Upload((File(Post(1)) with { Prolog = prolog }).ToBytes())).Refuses(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task What_is_no_export_or_not_for_the_caller_is_refused()
    {
        (await fixture.Editor.Upload("<rss version=\"2.0\"><channel/></rss>"u8.ToArray())).Refuses(HttpStatusCode.BadRequest, "import.notWxr");
        (await fixture.Editor.Upload([])).Refuses(HttpStatusCode.BadRequest, "import.notXml");
        (await fixture.Editor.Upload([0xFF, 0xFE, 0x3C, 0x00])).Refuses(HttpStatusCode.BadRequest, "import.notXml");
        (await fixture.Editor.Upload(File(Post(1)).ToBytes(), type: "application/json")).Refuses(HttpStatusCode.UnsupportedMediaType, "request.mediaType");
        (await fixture.Editor.Upload(File(Post(1)).ToBytes(), "?dryrun=true")).Refuses(HttpStatusCode.BadRequest, "request.unknownParameter");
        (await fixture.Editor.Upload(File(Post(1)).ToBytes(), "?dryRun=yes")).Refuses(HttpStatusCode.BadRequest, "request.invalid");
        (await fixture.Writer.Upload(File(Post(1)).ToBytes())).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await fixture.Reader.Upload(File(Post(1)).ToBytes())).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await fixture.Writer.Get("/api/imports")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await fixture.Editor.Get($"/api/imports/{Guid.NewGuid()}")).Refuses(HttpStatusCode.NotFound, "import.notFound");
    }

    [Fact]
    public async Task A_file_that_ends_in_the_middle_loses_only_its_last_item()
    {
        var bytes = File(Post(1), Post(2), Post(3)).ToBytes();
        var started = await fixture.Editor.Upload(bytes[..(bytes.Length - 300)]);

        (await fixture.Editor.Over(started.Expect(HttpStatusCode.Accepted).Text("id"))).Counts().ShouldBe((2, 0, 0, 1));
    }

    [Fact]
    public async Task An_import_is_told_quietly_and_its_comments_are_handed_over_sealed()
    {
        var email = $"secret-{_mark}@mail.example";
        await fixture.Editor.Import(File(Post(1) with
        {
            Comments = [new(10, "ليلى", "<p>تعليق &amp; رأي</p>\nسطر") { Email = email }, new(11, "سمير", "رد", 10) { Email = email }, new(12, "س", "بريد مزعج") { Approved = "spam" }, new(13, "ق", "رد على مزعج", 12), new(14, "http://x", "ping") { Type = "pingback" }, new(15, "م", "ينتظر") { Approved = "0" }],
        }));

        var published = await fixture.Spy.Hears<ArticlePublished>(m => m.Title.EndsWith($"{_mark} 1", StringComparison.Ordinal));
        published.Imported.ShouldBeTrue();
        published.PublishedAt.ShouldBe(new DateTimeOffset(2024, 1, 31, 21, 15, 0, TimeSpan.Zero));
        var comments = (await fixture.Spy.Hears<CommentsImported>(m => m.ArticleId == published.ArticleId)).Comments;
        comments.Select(c => (c.ExternalId, string.Join('/', c.Ancestors), c.Name, c.Body, c.Approved)).ShouldBe([
            ("10", "", "ليلى", "تعليق & رأي\n\nسطر", true), ("11", "10", "سمير", "رد", true), ("13", "", "ق", "رد على مزعج", true), ("15", "", "م", "ينتظر", false)]);
        comments[0].At.ShouldBe(new DateTimeOffset(2024, 2, 1, 9, 30, 0, TimeSpan.Zero));
        System.Text.Json.JsonSerializer.Serialize(comments).ShouldNotContain("mail.example");
        new ServiceDefaults.ImportSeal(new Microsoft.Extensions.Configuration.ConfigurationManager { ["IMPORT_SECRET"] = TestSettings.Default["IMPORT_SECRET"] }).Open(comments[0].Email!).ShouldBe(email);
    }

    [Fact]
    public async Task The_same_key_starts_one_import()
    {
        var key = Guid.NewGuid().ToString();
        var file = File(Post(1)).ToBytes();
        var first = await fixture.Editor.Upload(file, key: key);
        first.Response.Headers.Location!.ToString().ShouldEndWith("/api/imports/" + first.Expect(HttpStatusCode.Accepted).Text("id"));

        (await fixture.Editor.Upload(file, key: key)).Expect(HttpStatusCode.Accepted).Text("id").ShouldBe(first.Json!.Text("id"));
        (await fixture.Editor.Upload(File(Post(2)).ToBytes(), key: key)).Refuses(HttpStatusCode.UnprocessableEntity, "idempotency.mismatch");
    }

    [Fact]
    public async Task Imports_are_listed_by_pages_newest_first()
    {
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Insert(0, (await fixture.Editor.Import(File(Post(i + 1)))).Text("id"));
        var page = (await fixture.Editor.Get("/api/imports?limit=2")).Expect(HttpStatusCode.OK);
        page["items"]!.AsArray().Count.ShouldBe(2);
        var next = (await fixture.Editor.Get("/api/imports?limit=100&cursor=" + page.Text("next"))).Expect(HttpStatusCode.OK);
        page["items"]!.AsArray().Concat(next["items"]!.AsArray()).Select(i => i!.Text("id")).Where(ids.Contains).ShouldBe(ids);
        (await fixture.Editor.Get("/api/imports?cursor=forged")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Its_file_is_gone_when_it_is_over()
    {
        var import = await fixture.Editor.Import(File(Post(1)));
        var chunks = fixture.Database.Database.GetCollection<BsonDocument>("importFiles.chunks");
        await Eventually.True(async () => await chunks.CountDocumentsAsync(Builders<BsonDocument>.Filter.Eq("files_id", new BsonBinaryData(Guid.Parse(import.Text("id")), GuidRepresentation.Standard))) == 0, "the file to be deleted");
    }
}
