using System.IO.Pipelines;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platform.Articles.Exports;
using Platform.Articles.Media;
using Platform.Articles.Tests.Imports;
using Platform.Articles.Tests.Media;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Exports;

public sealed class ExportTests(ArticlesFixture fixture) : IClassFixture<ArticlesFixture>
{
    [Fact]
    public async Task Everything_is_in_it_a_line_each()
    {
        var parent = await fixture.NewCategory();
        var category = await fixture.NewCategory(parent);
        var (author, tag) = (await fixture.NewAuthor(), fixture.Word("وسم"));
        var picture = (await fixture.Services.GetRequiredService<MediaLibrary>().Add(new MemoryStream(Pictures.Png()), "منظر", null, null, fixture.WriterId, TestContext.Current.CancellationToken)).Id;
        var draft = await fixture.Draft();
        var published = await fixture.Published(new { categories = new[] { category }, authors = new[] { author }, tags = new[] { tag }, leadImage = new { id = picture } });
        published = (await fixture.Editor.Send("POST", published.Path() + "/correct", new { note = "صححنا الاسم", slug = published.Text("slug") + "-جديد" }, published.Version())).Expect(HttpStatusCode.OK);
        var withdrawn = (await fixture.Editor.Move(await fixture.Published(), "withdraw", new { reason = "خطأ في الخبر" })).Expect(HttpStatusCode.OK);
        var scheduled = (await fixture.Editor.Move(await fixture.Draft(), "publish", new { at = DateTimeOffset.UtcNow.AddDays(1) })).Expect(HttpStatusCode.OK);
        var translation = await fixture.Draft(new { language = "en", translationOf = published.Id() });
        var deleted = await fixture.Draft();
        (await fixture.Editor.Send("DELETE", deleted.Path(), ifMatch: 1)).Status.ShouldBe(HttpStatusCode.NoContent);
        var site = Importing.NewSite();
        await fixture.Editor.Import(new WxrFile([new WxrPost(41, fixture.Word(), "نص")]) { Site = site });

        var export = await Export();

        export.Types.First().ShouldBe("export");
        export.Types.Last().ShouldBe("end");
        var counts = export.Lines[^1]["counts"]!.AsObject();
        counts.Select(c => (c.Key, (long)c.Value!)).ShouldBe(export.Types.SkipLast(1).GroupBy(t => t).Select(g => (g.Key, (long)g.Count())), ignoreOrder: true);
        export.Of("category", "slug", category)["parent"]!.GetValue<string>().ShouldBe(parent);
        export.Of("author", "slug", author)["names"]!.Text("ar").ShouldBe("سارة");
        export.Of("tag", "tag", tag)["mergedInto"].ShouldBeNull();
        export.Of("media", "id", picture.ToString()).Text("alt").ShouldBe("منظر");
        foreach (var (article, status) in new[] { (draft, "draft"), (published, "published"), (withdrawn, "withdrawn"), (scheduled, "scheduled"), (translation, "draft") })
            export.Of("article", "id", article.Text("id")).Text("status").ShouldBe(status);
        var line = export.Of("article", "id", published.Text("id"));
        line["slugs"]!.AsArray().Count.ShouldBe(2);
        line["corrections"]![0]!.Text("note").ShouldBe("صححنا الاسم");
        line["body"]!.GetValue<string>().ShouldBe(published.Text("body"));
        line["leadImage"]!.Text("id").ShouldBe(picture.ToString());
        line.Text("translationGroup").ShouldBe(export.Of("article", "id", translation.Text("id")).Text("translationGroup"));
        export.Lines.Where(l => l.Text("type") == "revision" && l.Text("id") == published.Text("id")).Select(l => l.Version()).ShouldBe([1, 2]);
        export.Of("article", "id", withdrawn.Text("id")).Text("reason").ShouldBe("خطأ في الخبر");
        var forgotten = export.Of("revision", "id", deleted.Text("id"));
        ((bool)forgotten["deleted"]!, forgotten.Text("body")).ShouldBe((true, ""));
        var imported = export.Of("article", "importedFrom", site[8..] + "/41");
        imported["permalinks"]!.AsArray().Select(p => (string)p!).ShouldContain("?p=41");
        export.Lines.Where(l => l.Text("type") == "log").ShouldContain(l => l.Text("action") == "created" && l["subject"]!.Text("id") == category);
    }

    [Fact]
    public async Task It_is_for_editors_and_on_record()
    {
        (await fixture.Reader.Get("/api/exports")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await fixture.Writer.Get("/api/exports")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await fixture.Editor.Get("/api/exports?type=article")).Refuses(HttpStatusCode.BadRequest, "request.unknownParameter");

        using var response = await fixture.Editor.GetAsync(new Uri("/api/exports", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        response.Headers.CacheControl!.ToString().ShouldBe("no-store, private");
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        (await fixture.Editor.Get("/api/articles/log?action=exported")).Expect(HttpStatusCode.OK)["items"]!.AsArray().ShouldNotBeEmpty();
    }

    /// <summary>More articles than a page holds, each with past versions.</summary>
    [Fact]
    public async Task Pages_meet_without_a_gap_or_a_line_twice()
    {
        var made = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var draft = await fixture.Draft();
            for (var edit = 0; edit < 2; edit++) draft = (await fixture.Editor.Put(draft, fixture.Input())).Expect(HttpStatusCode.OK);
            made.Add(draft.Text("id"));
        }

        var export = await Export();

        var versions = export.Lines.Where(l => l.Text("type") is "article" or "revision").Where(l => made.Contains(l.Text("id"))).Select(l => (l.Text("id"), l.Version())).ToList();
        versions.Count.ShouldBe(versions.Distinct().Count());
        versions.ShouldBe(made.SelectMany(id => new long[] { 1, 2, 3 }.Select(v => (id, v))), ignoreOrder: true);
    }

    [Fact]
    public async Task It_waits_for_its_reader_and_ends_when_that_one_goes()
    {
        for (var i = 0; i < 5; i++) await fixture.Draft(new { body = $"<p>{new string('ن', 100_000)}</p>" });
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));
        var lines = new JsonLines(pipe.Writer);
        var writing = fixture.Services.GetRequiredService<Articles.Exports.Export>().Write(lines, DateTimeOffset.UtcNow, gone.Token);
        await Eventually.True(() => lines.Counts.ContainsKey("article"), "the first article to be written");
        writing.IsCompleted.ShouldBeFalse("nobody reads");

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(writing);
        lines.Counts.ShouldNotContainKey("end");
    }

    private sealed record Exported(IReadOnlyList<JsonNode> Lines)
    {
        public IEnumerable<string> Types => Lines.Select(l => l.Text("type"));

        public JsonNode Of(string type, string field, string value) => Lines.Where(l => l.Text("type") == type && (string?)l[field] == value).ShouldHaveSingleItem();
    }

    private async Task<Exported> Export()
    {
        using var response = await fixture.Editor.GetAsync(new Uri("/api/exports", UriKind.Relative), TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        text.ShouldEndWith("}\n");
        return new([.. text.TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!)]);
    }
}
