using System.Net;
using Microsoft.Extensions.Configuration;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

public sealed class FrontPageTests
{
    [Fact]
    public async Task The_front_page_leads_with_the_newest_and_shows_twenty()
    {
        await using var site = await Site.Start(newsroom => { newsroom.Articles.AddRange(Sample.Articles(20)); newsroom.Next = "c/2"; });
        var page = await site.Page("/");

        page.One(".lead h2").Said().ShouldBe("خبر 1");
        page.QuerySelectorAll(".second h2").Select(h => h.Said()).ShouldBe(["خبر 2", "خبر 3", "خبر 4", "خبر 5"]);
        page.QuerySelectorAll(".latest h3").Length.ShouldBe(15);
        page.QuerySelectorAll("nav[aria-label=الأقسام] a").Select(a => a.Said()).ShouldBe(["الرئيسية", "سياسة", "اقتصاد"]);
        page.One("a[rel=next]").Said().ShouldBe("التالي");
        page.One("a[rel=next]").GetAttribute("href").ShouldBe("/?cursor=c%2F2");
    }

    [Fact]
    public async Task The_second_page_is_a_plain_list()
    {
        await using var site = await Site.Start(newsroom => newsroom.Articles.AddRange(Sample.Articles(3)));
        var page = await site.Page("/?cursor=c%2F2");

        page.One("h1").Said().ShouldBe("آخر الأخبار");
        page.QuerySelectorAll(".list h2").Length.ShouldBe(3);
        page.QuerySelectorAll("a[rel=next]").ShouldBeEmpty();
        site.Newsroom.Asked.ShouldContain("/api/articles?language=ar&limit=20&cursor=c%2F2");
        await site.Page("/?cursor=forged", HttpStatusCode.BadRequest);
    }

    [Fact]
    public void Breaking_news_leads_and_nothing_stands_twice_above_the_fold_or_in_sections()
    {
        var settings = new PlatformSettings(new ConfigurationBuilder().AddInMemoryCollection(TestSettings.Default).Build());
        var head = new PageHead(Edition.All(settings)[0], null, "/");
        ArticleCard[] news = [.. Enumerable.Range(1, 12).Select(i => new ArticleCard { Id = new Guid(i, 0, 0, new byte[8]), Language = "ar", Title = $"{i}", Slug = $"{i}", Breaking = i is 3 or 9 })];
        FrontPage.FrontSection Section(string slug) => new(new(slug, new Dictionary<string, string>(), null), news);

        var front = FrontPage.Compose(head, new(news, null), [Section("a"), Section("b"), Section("c")], DateTimeOffset.UnixEpoch);

        front.Lead!.Title.ShouldBe("3");
        front.Top.Select(a => a.Title).ShouldBe(["1", "2", "4", "5"]);
        front.Latest.Select(a => a.Title).ShouldBe(["6", "7", "8", "9", "10", "11", "12"]);
        front.Sections.Select(s => string.Join(' ', s.Articles.Select(a => a.Title))).ShouldBe(["6 7 8 9", "10 11 12"]);
    }

    [Fact]
    public async Task A_site_without_articles_says_so()
    {
        await using var site = await Site.Start();

        (await site.Page("/")).One(".empty").Said().ShouldBe("لا مواد منشورة هنا بعد.");
        (await site.Page("/en")).One(".empty").Said().ShouldBe("Nothing has been published here yet.");
    }

    [Fact]
    public async Task The_front_page_is_kept_until_the_front_changes()
    {
        await using var site = await Site.Start(newsroom => newsroom.Articles.AddRange(Sample.Articles(2)));

        (await site.Get("/")).Headers.GetValues("Cache-Tag").Single().Split(',').ShouldBeSubsetOf(["front", "categories", .. Enumerable.Range(1, 2).Select(i => $"article:{new Guid(i, 0, 0, new byte[8])}")]);
        site.Newsroom.Instead["GET /api/categories"] = Newsroom.Problem(503, "unavailable");
        using var gapped = await site.Get("/");
        gapped.StatusCode.ShouldBe(HttpStatusCode.OK);
        gapped.Headers.Contains("Cache-Tag").ShouldBeFalse();
        site.Newsroom.Instead["GET /api/articles"] = Newsroom.Problem(503, "unavailable");
        (await site.Get("/")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }
}
