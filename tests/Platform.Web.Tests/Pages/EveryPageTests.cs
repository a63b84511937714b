using System.Net;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

/// <summary>What holds on every page, whatever it shows.</summary>
public sealed class EveryPageTests(EveryPageTests.OneSite one) : IClassFixture<EveryPageTests.OneSite>
{
    /// <summary>One site for all the pages that only look.</summary>
    public sealed class OneSite : IAsyncLifetime
    {
        public Site Site { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Site = await Site.WithArticle(newsroom => newsroom.Withdrawn.Add("gone"));

        public ValueTask DisposeAsync() => Site.DisposeAsync();
    }

    public static TheoryData<string, int> All => new()
    {
        { "/", 200 }, { "/?cursor=x", 200 }, { "/en", 200 }, { "/en/", 200 }, { "/categories/economy", 200 }, { "/en/categories/economy", 200 }, { "/tags/الموازنة", 200 }, { "/authors/sara", 200 },
        { Site.ArticlePath, 200 }, { Site.ArticlePath + "?posted=held", 200 }, { Site.ArticlePath + "?cursor=forged", 400 }, { "/subscribe", 200 }, { "/en/subscribe", 200 }, { "/subscribe?sent", 200 },
        { "/subscriptions/confirm?token=x", 200 }, { "/subscriptions/unknown", 410 }, { "/unsubscribe/x", 200 }, { "/nowhere", 404 }, { "/en/nowhere", 404 }, { "/articles/nowhere", 404 }, { "/articles/gone", 410 },
    };

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_page_is_well_formed_accessible_and_asks_nothing_of_others(string path, int status)
    {
        using var response = await one.Site.Get(path);
        response.StatusCode.ShouldBe((HttpStatusCode)status);
        var page = await Site.Parse(response);

        var english = path.StartsWith("/en", StringComparison.Ordinal);
        page.DocumentElement.GetAttribute("lang").ShouldBe(english ? "en" : "ar");
        page.DocumentElement.GetAttribute("dir").ShouldBe(english ? "ltr" : "rtl");
        page.QuerySelectorAll("h1").Length.ShouldBe(1);
        page.QuerySelectorAll("body > header").Length.ShouldBe(1);
        page.QuerySelectorAll("body > main").Length.ShouldBe(1);
        page.QuerySelectorAll("body > footer").Length.ShouldBe(1);

        var first = page.QuerySelector("a, button, input, select, textarea, [tabindex]").ShouldNotBeNull();
        first.Said().ShouldBe(english ? "Skip to content" : "تخطَّ إلى المحتوى");
        page.QuerySelector(first.GetAttribute("href")!).ShouldBe(page.QuerySelector("main"));

        page.QuerySelectorAll("style, [style], script:not([src]), iframe, object, embed, base").ShouldBeEmpty();
        page.All.SelectMany(e => e.Attributes).Where(a => a.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        page.QuerySelectorAll("link[rel=stylesheet], link[rel=preload], link[rel=icon], script, img").Select(e => e.GetAttribute("href") ?? e.GetAttribute("src")).ShouldAllBe(a => a!.StartsWith('/') && !a.StartsWith("//"));
        page.QuerySelectorAll("[id]").Select(e => e.Id).ShouldBeUnique();
        page.QuerySelectorAll("label[for], [aria-labelledby], [aria-describedby]").Select(e => e.GetAttribute("for") ?? e.GetAttribute("aria-labelledby") ?? e.GetAttribute("aria-describedby")).ShouldAllBe(id => page.GetElementById(id!) != null);
        page.QuerySelectorAll("form[method=post]").ShouldAllBe(f => f.GetAttribute("action")!.StartsWith('/'));

        response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldBe("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        response.Headers.GetValues("X-Content-Type-Options").ShouldHaveSingleItem().ShouldBe("nosniff");
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
        response.Headers.Contains("Cache-Tag").ShouldBe(response.Headers.CacheControl!.ToString().Contains("s-maxage", StringComparison.Ordinal));
        if (status != 200) response.Headers.CacheControl.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Another_language_than_the_first_can_be_the_sites_own()
    {
        await using var site = await Site.Start(newsroom => newsroom.Articles.Add(Sample.Article(language: "en", slug: "budget")), "PLATFORM_LANGUAGES=en,ar,fr");

        (await site.Page("/articles/budget")).DocumentElement.GetAttribute("dir").ShouldBe("ltr");
        (await site.Page("/ar/subscribe")).DocumentElement.GetAttribute("dir").ShouldBe("rtl");
        (await site.Page("/fr/subscribe")).DocumentElement.GetAttribute("lang").ShouldBe("fr");
        (await site.Page("/en/subscribe", HttpStatusCode.NotFound)).One("h1").Said().ShouldBe("Page not found");
    }

    [Fact]
    public async Task A_reader_can_ask_for_the_head_alone()
    {
        await using var site = await Site.WithArticle();
        using var response = await site.Http.SendAsync(new(HttpMethod.Head, Site.ArticlePath));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Queries_that_a_page_does_not_know_change_nothing()
    {
        await using var site = await Site.WithArticle();

        (await site.Page(Site.ArticlePath + "?utm_source=x&reply=nonsense&thread=nonsense&posted=nonsense")).QuerySelectorAll(".outcome").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_method_is_told_so_by_a_page()
    {
        await using var site = await Site.WithArticle();
        using var response = await site.Http.SendAsync(new(HttpMethod.Delete, "/subscribe"));

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await Site.Parse(response)).QuerySelectorAll("h1").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Health_speaks_to_machines()
    {
        await using var site = await Site.Start();

        (await site.Get("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await site.Get("/robots.txt")).Content.ReadAsStringAsync()).ShouldContain("Disallow: /newsroom");
        (await (await site.Get("/robots.txt")).Content.ReadAsStringAsync()).ShouldContain("Sitemap: http://localhost:8080/sitemap.xml");
    }
}
