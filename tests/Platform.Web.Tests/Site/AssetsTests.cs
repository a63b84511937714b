using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Look;

public sealed partial class AssetsTests
{
    [Fact]
    public async Task The_stylesheet_knows_no_left_and_no_right()
    {
        await using var site = await Site.Start();
        var css = await Stylesheet(site);

        Physical().Matches(css).Select(m => m.Value).ShouldBeEmpty();
        css.ShouldContain("prefers-color-scheme: dark");
        css.ShouldContain("prefers-reduced-motion");
        css.ShouldContain("@media print");
        css.ShouldContain(":focus-visible");
    }

    [Fact]
    public async Task Everything_that_a_page_asks_for_is_ours_and_kept_for_a_year()
    {
        await using var site = await Site.Start();
        var page = await site.Page("/");
        var css = await Stylesheet(site);
        var asked = page.QuerySelectorAll("link[rel=stylesheet], link[rel=preload], link[rel=icon], script").Select(e => e.GetAttribute("href") ?? e.GetAttribute("src")!)
            .Concat(Url().Matches(css).Select(m => m.Groups[1].Value)).Distinct().ToArray();

        asked.Length.ShouldBeGreaterThan(8);
        foreach (var path in asked)
        {
            path.ShouldMatch(@"^/assets/[a-z0-9/-]+\.[0-9a-f]{10}\.(css|js|svg|woff2)$");
            using var response = await site.Get(path);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            response.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        }
        css.ShouldNotContain("//");
        css.ShouldNotContain("@import");
        (await site.Get("/assets/site.css")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Text_is_compressed_for_who_can_read_it()
    {
        await using var site = await Site.Start();
        var path = (await site.Page("/")).One("link[rel=stylesheet]").GetAttribute("href")!;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using var response = await site.Http.SendAsync(request);

        response.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        response.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        (await site.Get(path)).Content.Headers.ContentEncoding.ShouldBeEmpty();
    }

    private static async Task<string> Stylesheet(Site site) =>
        await site.Http.GetStringAsync(new Uri((await site.Page("/")).One("link[rel=stylesheet]").GetAttribute("href")!, UriKind.Relative));

    [GeneratedRegex(@"(?<![a-z-])(left|right|top|bottom|width|height)\s*:|(margin|padding|border|inset|scroll-margin)-(left|right|top|bottom)|(float|clear|text-align|transform-origin)\s*:\s*(left|right)", RegexOptions.None, 1000)]
    private static partial Regex Physical();

    [GeneratedRegex(@"url\(([^)]+)\)", RegexOptions.None, 1000)]
    private static partial Regex Url();
}
