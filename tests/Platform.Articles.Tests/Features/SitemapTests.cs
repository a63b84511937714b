using System.Net;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Features;

public sealed class SitemapTests(TimedFixture articles) : IClassFixture<TimedFixture>
{
    [Fact]
    public async Task Months_with_published_articles_are_told_and_what_each_holds()
    {
        // Months that no other test comes near: nothing else is published while the clock stands in them.
        var start = articles.Time.GetUtcNow();
        var old = await articles.Published();
        articles.Time.Advance(new DateTimeOffset(start.Year + 1, 3, 31, 23, 59, 0, TimeSpan.Zero) - start);
        var march = await articles.Published(new { language = "en" });
        articles.Time.Advance(TimeSpan.FromMinutes(2));
        var april = await articles.Published();
        await articles.Draft();
        var withdrawn = await articles.Published();
        (await articles.Editor.Move(withdrawn, "withdraw", new { reason = "خطأ" })).Expect(HttpStatusCode.OK);

        var months = (await articles.Reader.Get("/api/sitemap/months")).Expect(HttpStatusCode.OK)["items"]!.AsArray().Select(m => (string)m!).ToList();
        months.ShouldBe([$"{start.Year + 1}-04", $"{start.Year + 1}-03", $"{start.Year}-{start.Month:00}"]);
        (await Slugs($"{start.Year + 1}-03-01", $"{start.Year + 1}-04-01")).ShouldBe([march.Text("slug")]);
        (await Slugs($"{start.Year + 1}-03-01", null)).ShouldBe([april.Text("slug"), march.Text("slug")]);
        (await Slugs($"{start.Year}-01-01", $"{start.Year + 1}-04-01", 1)).ShouldBe([march.Text("slug")]);
        var address = (await articles.Reader.Get($"/api/sitemap/articles?from={start.Year}-01-01&to={start.Year + 1}-01-01")).Expect(HttpStatusCode.OK)["items"]![0]!;
        (address.Text("slug"), address.Text("title"), address.Text("language"), address.Text("publishedAt")).ShouldBe((old.Text("slug"), old.Text("title"), "ar", old.Text("publishedAt")));
        address["body"].ShouldBeNull();
    }

    [Theory]
    [InlineData("/api/sitemap/articles")]
    [InlineData("/api/sitemap/articles?from=yesterday")]
    [InlineData("/api/sitemap/articles?from=2024-01-01&limit=0")]
    [InlineData("/api/sitemap/articles?from=2024-01-01&limit=50001")]
    public async Task A_malformed_question_is_refused(string path) => (await articles.Reader.Get(path)).Status.ShouldBe(HttpStatusCode.BadRequest);

    private async Task<List<string>> Slugs(string from, string? to, int? limit = null) =>
        [.. (await articles.Reader.Get($"/api/sitemap/articles?from={from}{(to is null ? "" : "&to=" + to)}{(limit is null ? "" : "&limit=" + limit)}")).Expect(HttpStatusCode.OK)["items"]!.AsArray().Select(a => a!.Text("slug"))];
}
