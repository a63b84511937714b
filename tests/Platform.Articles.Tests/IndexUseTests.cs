using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MongoDB.Driver;
using Platform.Articles.Media;
using Platform.Articles.Tests.Imports;
using Platform.Articles.Tests.Media;
using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests;

/// <summary>Every query that the service asks has an index: heard while all of it is used once, and explained by the engine.</summary>
public sealed class IndexUseTests(IndexUseTests.Fixture fixture) : IClassFixture<IndexUseTests.Fixture>
{
    [Fact]
    public async Task No_query_looks_at_every_document()
    {
        await UseEverything();

        var plans = await fixture.Plans.Explain(fixture.Database.Name);
        Assert.SkipWhen(plans is null, "Only the engine of the local run explains queries.");

        foreach (var plan in plans!) TestContext.Current.TestOutputHelper?.WriteLine($"{plan.Query} by {string.Join(", ", plan.Indexes.DefaultIfEmpty("id"))}");
        plans!.Count.ShouldBeGreaterThan(60);
        plans.Where(p => p.Scans).Select(p => $"{p.Query}\n{p.Plan}").ShouldBeEmpty();
        plans.Where(p => p.WalksIdsToSort).Select(p => $"{p.Query}\n{p.Plan}").ShouldBeEmpty();
    }

    private async Task UseEverything()
    {
        var parent = await fixture.NewCategory();
        var category = await fixture.NewCategory(parent);
        var (author, other, tag) = (await fixture.NewAuthor(), await fixture.NewAuthor(), fixture.Word("وسم"));
        var picture = (await fixture.Services.GetRequiredService<MediaLibrary>().Add(new MemoryStream(Pictures.Png(64, 48)), "منظر", null, null, fixture.WriterId, default)).Id;
        var article = await fixture.Published(new { categories = new[] { category }, authors = new[] { author }, tags = new[] { tag }, leadImage = new { id = picture } });
        var title = article.Text("title");
        await fixture.Published(new { title, categories = new[] { category } });
        var translation = await fixture.Published(new { language = "en", translationOf = article.Id() });
        await fixture.Editor.Move(await fixture.Draft(), "publish", new { at = DateTimeOffset.UtcNow.AddMilliseconds(400) });
        article = (await fixture.Editor.Send("POST", article.Path() + "/correct", new { note = "تصحيح", summary = "موجز" }, article.Version())).Expect(HttpStatusCode.OK);
        await fixture.Editor.Move(await fixture.Published(), "withdraw", new { reason = "خطأ" });
        var draft = await fixture.Draft(by: fixture.Writer);
        await fixture.Editor.Send("DELETE", draft.Path(), ifMatch: 1);
        await fixture.Spy.Publish(new ThreadCounted { ArticleId = article.Id(), Version = 2, Count = 1 });

        var site = Importing.NewSite();
        await fixture.Editor.Import(new WxrFile([new WxrPost(1, fixture.Word(), "نص") { Raw = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>", Comments = [new(1, "قارئ", "رأي")] },
            new WxrPost(9, "صورة", "") { Type = "attachment", Raw = $"<wp:attachment_url>{site}/a.jpg</wp:attachment_url>" }])
        { Site = site });
        await fixture.Editor.Upload(new WxrFile([new WxrPost(1, "خبر", "نص")]) { Site = site }.ToBytes(), key: "k");

        string[] reads =
        [
            "/api/articles", "/api/articles?language=ar", $"/api/articles?category={category}", $"/api/articles?category={parent}&language=ar", $"/api/articles?tag={Uri.EscapeDataString(tag)}", $"/api/articles?author={author}",
            "/api/articles?from=2024-01-01&to=2030-01-01", "/api/sitemap/months", "/api/sitemap/articles?from=2024-01-01&to=2024-02-01", "/api/articles?q=" + Uri.EscapeDataString("خبر"), article.Path(), "/api/articles/by-slug/" + Uri.EscapeDataString(article.Text("slug")), "/api/articles/by-slug/NONE",
            "/api/articles/by-permalink?path=/?p=1", article.Path() + "/related", "/api/categories", "/api/authors", "/api/authors/" + Uri.EscapeDataString(author), "/api/tags", "/api/tags/" + Uri.EscapeDataString(tag), $"/api/media/{picture}",
        ];
        foreach (var path in reads) (await fixture.Reader.Get(path)).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.MovedPermanently, HttpStatusCode.NotFound);
        string[] staff =
        [
            "/api/articles?status=draft", "/api/articles?status=withdrawn", "/api/articles?status=draft&language=ar", $"/api/articles?status=draft&category={category}", $"/api/articles?status=published&author={author}",
            article.Path() + "/revisions", article.Path() + "/revisions/1", article.Path() + "/log", "/api/articles/log", "/api/articles/log?action=withdrawn", "/api/articles/log?action=imported", $"/api/articles/log?user={fixture.WriterId}",
            "/api/articles/log?from=2024-01-01&to=2030-01-01", "/api/media", "/api/media?q=" + Uri.EscapeDataString("منظر"), "/api/imports",
        ];
        foreach (var path in staff) (await fixture.Editor.Get(path)).Expect(HttpStatusCode.OK);
        await fixture.Writer.Get("/api/articles?status=draft");
        foreach (var path in new[] { "/api/articles?limit=1", "/api/articles?language=ar&limit=1", $"/api/articles?category={category}&limit=1", "/api/articles/log?limit=1", "/api/articles/log?limit=1&action=published", $"/api/articles/log?limit=1&user={fixture.WriterId}", "/api/articles?status=draft&limit=1", "/api/authors?limit=1", "/api/tags?limit=1", "/api/imports?limit=1", article.Path() + "/revisions?limit=1" })
            if ((string?)(await fixture.Editor.Get(path)).Expect(HttpStatusCode.OK)["next"] is { } next) (await fixture.Editor.Get($"{path}&cursor={next}")).Expect(HttpStatusCode.OK);
        await fixture.Editor.GetStringAsync(new Uri("/api/exports", UriKind.Relative));

        await fixture.Editor.Send("DELETE", $"{translation.Path()}/translation");
        await fixture.Editor.Send("POST", $"/api/authors/{Uri.EscapeDataString(other)}/merge", new { into = author });
        await fixture.Editor.Send("DELETE", "/api/authors/" + Uri.EscapeDataString(author), ifMatch: 1);
        await fixture.Editor.Send("DELETE", "/api/categories/" + Uri.EscapeDataString(category));
        await fixture.Editor.Send("POST", $"/api/tags/{Uri.EscapeDataString(tag)}/merge", new { into = tag + " جديد" });
        await fixture.Reader.Get("/api/articles?tag=" + Uri.EscapeDataString(tag));
        await fixture.Editor.Send("DELETE", $"/api/media/{picture}");
        await fixture.Services.GetRequiredService<MediaLibrary>().Sweep(DateTimeOffset.UtcNow, 10, default);
        await Eventually.True(async () => (long)(await fixture.Reader.Get(article.Path())).Json!["commentCount"]! == 1, "the comment to be counted");
    }

    public sealed class Fixture : ArticlesFixture
    {
        public QueryPlans Plans { get; } = new();

        protected override void ConfigureServices(IServiceCollection services)
        {
            var settings = MongoClientSettings.FromConnectionString(Database.Uri);
            settings.ClusterConfigurator = Plans.Listen;
            services.Replace(ServiceDescriptor.Singleton<IMongoClient>(_ => new MongoClient(settings)));
        }
    }
}
