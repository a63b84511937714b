using System.Net;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Feeds;

public sealed class SitemapTests
{
    private static readonly XNamespace Names = "http://www.sitemaps.org/schemas/sitemap/0.9", News = "http://www.google.com/schemas/sitemap-news/0.9";

    private static object Address(string slug, string language = "ar", string title = "خبر") =>
        new { language, slug, title, publishedAt = "2026-11-23T14:05:00Z", updatedAt = "2026-11-23T15:00:00Z" };

    [Fact]
    public async Task The_index_leads_to_a_sitemap_of_each_month_with_articles()
    {
        await using var site = await Site.Start(newsroom => newsroom.Months.AddRange(["2026-11", "2024-02"]));
        using var answer = await site.Get("/sitemap.xml");

        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/xml; charset=utf-8");
        answer.Headers.GetValues("Cache-Tag").Single().Split(',').ShouldContain("articles");
        XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!.Elements(Names + "sitemap").Select(s => s.Element(Names + "loc")!.Value)
            .ShouldBe(["http://localhost:8080/sitemaps/pages.xml", "http://localhost:8080/sitemaps/2026-11.xml", "http://localhost:8080/sitemaps/2024-02.xml"]);
    }

    [Fact]
    public async Task A_month_has_the_addresses_of_its_articles_in_all_languages()
    {
        await using var site = await Site.Start(newsroom => newsroom.Addresses.AddRange([Address("خبر"), Address("news", "en")]));

        var urls = XDocument.Parse(await (await site.Get("/sitemaps/2026-11.xml")).Content.ReadAsStringAsync()).Root!.Elements(Names + "url").ToList();
        urls.Select(u => u.Element(Names + "loc")!.Value).ShouldBe(["http://localhost:8080/articles/" + Uri.EscapeDataString("خبر"), "http://localhost:8080/en/articles/news"]);
        urls.Select(u => u.Element(Names + "lastmod")!.Value).ShouldAllBe(t => t == "2026-11-23T15:00:00Z");
        site.Newsroom.Asked.ShouldContain("/api/sitemap/articles?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z");
    }

    [Theory]
    [InlineData("/sitemaps/2026-13.xml")]
    [InlineData("/sitemaps/9999-12.xml")]
    [InlineData("/sitemaps/2026.xml")]
    [InlineData("/sitemaps/1999-01.xml")]
    public async Task What_is_no_month_with_articles_is_not_found(string path)
    {
        await using var site = await Site.Start();

        (await site.Get(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Front_pages_and_categories_have_a_sitemap_too()
    {
        await using var site = await Site.Start();

        var urls = XDocument.Parse(await (await site.Get("/sitemaps/pages.xml")).Content.ReadAsStringAsync()).Root!.Elements(Names + "url").Select(u => u.Value).ToList();
        urls.ShouldContain("http://localhost:8080/");
        urls.ShouldContain("http://localhost:8080/en/");
        urls.ShouldContain("http://localhost:8080/categories/economy");
        urls.ShouldContain("http://localhost:8080/en/categories/economy");
    }

    [Fact]
    public async Task The_news_sitemap_tells_what_was_published_in_the_last_two_days()
    {
        await using var site = await Site.Start(newsroom => newsroom.Addresses.Add(Address("خبر", title: "عنوان \u0001 & <بقية>")));

        var url = XDocument.Parse(await (await site.Get("/news-sitemap.xml")).Content.ReadAsStringAsync()).Root!.Elements(Names + "url").ShouldHaveSingleItem();
        var news = url.Element(News + "news")!;
        news.Element(News + "title")!.Value.ShouldBe("عنوان  & <بقية>");
        news.Element(News + "publication_date")!.Value.ShouldBe("2026-11-23T14:05:00Z");
        news.Element(News + "publication")!.Element(News + "name")!.Value.ShouldBe("المنصّة");
        news.Element(News + "publication")!.Element(News + "language")!.Value.ShouldBe("ar");
        site.Newsroom.Asked.Count(a => a.StartsWith("/api/sitemap/articles?from=", StringComparison.Ordinal) && a.EndsWith("&limit=1000", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Without_Articles_a_sitemap_says_to_come_again_and_is_not_kept()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["GET /api/sitemap/months"] = Newsroom.Problem(503, "store.unavailable"));
        using var answer = await site.Get("/sitemap.xml");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.Contains("Cache-Tag").ShouldBeFalse();
    }
}
