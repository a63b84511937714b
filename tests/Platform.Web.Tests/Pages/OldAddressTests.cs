using System.Net;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

public sealed class OldAddressTests
{
    private const string Slug = "البرلمان-يقر-الموازنة";

    [Theory]
    [InlineData("/2024/01/slug/", "/2024/01/slug/")]
    [InlineData("/slug", "/slug")]
    [InlineData("/2024/01/31/%d8%ae%d8%a8%d8%b1/", "/2024/01/31/خبر/")]
    [InlineData("/?p=123", "/?p=123")]
    [InlineData("/?p=123&utm_source=x", "/?p=123")]
    public async Task An_address_of_the_old_site_leads_to_the_article(string path, string asked)
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Instead["GET /api/articles/by-permalink"] = Moved);

        using var answer = await site.Get(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.MovedPermanently);
        Uri.UnescapeDataString(answer.Headers.Location!.ToString()).ShouldBe("http://localhost:8080/articles/" + Slug);
        site.Newsroom.Asked.Select(Uri.UnescapeDataString).ShouldContain("/api/articles/by-permalink?path=" + asked);
    }

    [Fact]
    public async Task What_no_article_ever_had_is_not_found_in_the_readers_language()
    {
        await using var site = await Site.WithArticle();

        (await site.Page("/2024/01/nothing/", HttpStatusCode.NotFound)).DocumentElement.GetAttribute("lang").ShouldBe("ar");
        (await site.Page("/en/nothing", HttpStatusCode.NotFound)).DocumentElement.GetAttribute("lang").ShouldBe("en");
        await site.Page("/?p=123");
        await site.Page("/?p=x");
        site.Newsroom.Asked.ShouldNotContain(a => a.Contains("p%3Dx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_withdrawn_is_gone_by_its_old_address_too()
    {
        await using var site = await Site.WithArticle(newsroom => newsroom.Instead["GET /api/articles/by-permalink"] = Newsroom.Problem(410, "article.withdrawn"));

        await site.Page("/2024/01/slug/", HttpStatusCode.Gone);
        await site.Page("/?p=123", HttpStatusCode.Gone);
    }

    private static Task Moved(Microsoft.AspNetCore.Http.HttpContext http)
    {
        http.Response.Headers.Location = "http://localhost:8080/api/articles/by-slug/" + Uri.EscapeDataString(Slug);
        http.Response.StatusCode = 301;
        return Task.CompletedTask;
    }
}
