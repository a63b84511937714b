using System.Net;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

public sealed class SearchPageTests
{
    private static readonly object Found = new
    {
        items = new[]
        {
            new
            {
                id = Sample.ArticleId, language = "ar", title = "t", slug = "الميناء", publishedAt = "2026-11-23T14:00:00Z", updatedAt = "2026-11-23T14:00:00Z", breaking = false,
                categories = new[] { new { slug = "economy", name = "اقتصاد" } }, highlight = new { title = "<mark>الميناء</mark> &lt;b&gt;", text = "عن <mark>الميناء</mark>" },
            },
        },
        next = "n",
        suggestions = Array.Empty<string>(),
    };

    [Fact]
    public async Task A_search_shows_what_was_found_with_its_marks_and_leads_on()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["GET /api/articles"] = Newsroom.Json(Found));
        var page = await site.Page("/search?q=" + Uri.EscapeDataString("ميناء & \"x\"") + "&utm_source=y");

        page.Field("ابحث في الموقع").GetAttribute("value").ShouldBe("ميناء & \"x\"");
        page.One("main form[role=search]").Button("بحث");
        page.One(".list h2").InnerHtml.ShouldContain("<mark>الميناء</mark> &lt;b&gt;");
        page.One(".list h2 a").GetAttribute("href").ShouldBe("/articles/" + Uri.EscapeDataString("الميناء"));
        page.QuerySelectorAll(".list mark").Length.ShouldBe(2);
        page.One("a[rel=next]").Said().ShouldBe("التالي");
        page.One("a[rel=next]").GetAttribute("href").ShouldBe("/search?q=" + Uri.EscapeDataString("ميناء & \"x\"") + "&cursor=n");
        page.One("meta[name=robots]").GetAttribute("content").ShouldBe("noindex");
        site.Newsroom.Asked.ShouldContain("/api/articles?language=ar&limit=20&q=" + Uri.EscapeDataString("ميناء & \"x\""));
        (await site.Page("/en/search?q=x")).One("a[rel=next]").Said().ShouldBe("Next");
        (await site.Get("/search?q=x")).Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_found_says_so_and_suggests_other_spellings()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["GET /api/articles"] = Newsroom.Json(new { items = Array.Empty<object>(), next = (string?)null, suggestions = new[] { "ميناء", "<b>" } }));
        var page = await site.Page("/search?q=x");

        page.One("main [role=status]").Said().ShouldBe("لم نعثر على مواد تطابق بحثك.");
        page.One("main").Said().ShouldContain("هل تقصد ميناء، <b>؟");
        page.QuerySelectorAll("main a").First().GetAttribute("href").ShouldBe("/search?q=" + Uri.EscapeDataString("ميناء"));
    }

    [Theory]
    [InlineData("/search", HttpStatusCode.OK)]
    [InlineData("/search?q=%20", HttpStatusCode.OK)]
    [InlineData("/en/search?q=", HttpStatusCode.OK)]
    [InlineData("/search?q=x&cursor=forged", HttpStatusCode.BadRequest)]
    public async Task Before_anything_is_typed_there_is_the_form_alone(string path, HttpStatusCode status)
    {
        await using var site = await Site.Start();
        var page = await site.Page(path, status);
        if (status == HttpStatusCode.OK) page.QuerySelectorAll("main [role=status], .list .card").ShouldBeEmpty();
        if (status == HttpStatusCode.OK) site.Newsroom.Asked.ShouldNotContain(a => a.StartsWith("/api/articles", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_index_is_built_it_says_come_back()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["GET /api/articles"] = Newsroom.Problem(503, "search.building"));
        var answer = await site.Get("/search?q=x");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }
}
