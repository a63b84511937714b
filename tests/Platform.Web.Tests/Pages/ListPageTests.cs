using System.Net;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

public sealed class ListPageTests
{
    [Fact]
    public async Task A_category_lists_its_articles_and_leads_on()
    {
        await using var site = await Site.Start(newsroom => { newsroom.Articles.AddRange(Sample.Articles(20)); newsroom.Next = "n"; });
        var page = await site.Page("/categories/economy");

        page.One("h1").Said().ShouldBe("اقتصاد");
        page.QuerySelectorAll(".list .card").Length.ShouldBe(20);
        page.One("nav [aria-current]").Said().ShouldBe("اقتصاد");
        page.One("a[rel=next]").GetAttribute("href").ShouldBe("/categories/economy?cursor=n");
        page.One("link[type='application/rss+xml']").GetAttribute("href").ShouldBe("/categories/economy/feed.xml");
        site.Newsroom.Asked.ShouldContain("/api/articles?language=ar&limit=20&category=economy");
        (await site.Get("/categories/economy")).Headers.GetValues("Cache-Tag").Single().ShouldStartWith("category:economy,categories,");
        (await site.Page("/en/categories/economy")).One("h1").Said().ShouldBe("Economy");
    }

    [Theory]
    [InlineData("/categories/unknown", HttpStatusCode.NotFound)]
    [InlineData("/tags/unknown", HttpStatusCode.NotFound)]
    [InlineData("/authors/unknown", HttpStatusCode.NotFound)]
    [InlineData("/categories/economy", HttpStatusCode.OK)]
    [InlineData("/categories/economy?cursor=forged", HttpStatusCode.BadRequest)]
    [InlineData("/authors/sara?cursor=forged", HttpStatusCode.BadRequest)]
    [InlineData("/tags/x?cursor=forged", HttpStatusCode.BadRequest)]
    public async Task A_list_of_nothing_is_a_page_only_where_there_could_be_something(string path, HttpStatusCode status)
    {
        await using var site = await Site.Start();

        await site.Page(path, status);
    }

    [Fact]
    public async Task A_tag_and_an_author_have_pages()
    {
        await using var site = await Site.Start(newsroom => newsroom.Articles.AddRange(Sample.Articles(1)));

        (await site.Page("/tags/" + Uri.EscapeDataString("a & b"))).One("h1").Said().ShouldBe("موضوع: a & b");
        site.Newsroom.Asked.ShouldContain("/api/articles?language=ar&limit=20&tag=a%20%26%20b");
        (await site.Get("/tags/" + Uri.EscapeDataString("أ،ب"))).Headers.GetValues("Cache-Tag").Single().ShouldContain("tag:" + Uri.EscapeDataString("أ،ب"));
        (await site.Page("/authors/sara")).One("h1").Said().ShouldBe("بقلم سارة الخطيب");
        (await site.Page("/en/authors/sara")).One("h1").Said().ShouldBe("By Sara Al-Khatib");
    }

    [Theory]
    [InlineData("/categories/قديم", "/api/categories/قديم", "/api/categories/جديد", "/categories/جديد")]
    [InlineData("/en/categories/قديم", "/api/categories/قديم", "/api/categories/جديد", "/en/categories/جديد")]
    [InlineData("/categories/قديم/feed.xml", "/api/categories/قديم", "/api/categories/جديد", "/categories/جديد/feed.xml")]
    [InlineData("/en/categories/قديم/feed.json", "/api/categories/قديم", "/api/categories/جديد", "/en/categories/جديد/feed.json")]
    [InlineData("/authors/قديم", "/api/authors/قديم", "/api/authors/sara", "/authors/sara")]
    [InlineData("/tags/قديم", "/api/tags/قديم", "/api/tags/a & b", "/tags/a & b")]
    public async Task A_former_name_leads_to_the_present_page(string path, string asked, string now, string page)
    {
        await using var site = await Site.Start(newsroom => newsroom.Renamed[asked] = Encoded(now));

        var answer = await site.Get(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        answer.Headers.Location!.OriginalString.ShouldBe("http://localhost:8080" + Encoded(page));
    }

    [Fact]
    public async Task A_category_beyond_the_list_has_a_page_and_feeds_too()
    {
        await using var site = await Site.Start(newsroom => newsroom.FarCategories.Add(Sample.Category("far", "بعيد", "Far")));

        (await site.Page("/categories/far")).One("h1").Said().ShouldBe("بعيد");
        (await site.Get("/categories/far/feed.xml")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static string Encoded(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    [Fact]
    public async Task Without_Articles_a_list_says_come_back()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["GET /api/*"] = Newsroom.Problem(503, "unavailable"));

        foreach (var path in new[] { "/", "/categories/economy", "/tags/x", "/authors/sara", "/feed.xml" })
            (await site.Get(path)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
    }
}
