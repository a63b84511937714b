using System.Net;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

/// <summary>The offer of push on the page where readers subscribe; what a browser does with it is seen in a browser.</summary>
public sealed class PushTests
{
    [Theory]
    [InlineData("/subscribe", "تلقّي الإشعارات في هذا المتصفح", "إيقاف الإشعارات في هذا المتصفح")]
    [InlineData("/en/subscribe", "Notify me in this browser", "Stop notifications in this browser")]
    public async Task The_page_has_the_words_of_the_offer_and_shows_it_to_nobody_without_script(string path, string start, string stop)
    {
        await using var site = await Site.Start();
        var page = await site.Page(path);
        var offer = page.One("[data-push]");

        offer.HasAttribute("hidden").ShouldBeTrue();
        offer.GetAttribute("data-start").ShouldBe(start);
        offer.GetAttribute("data-stop").ShouldBe(stop);
        foreach (var name in new[] { "data-on", "data-off", "data-refused", "data-away" }) offer.GetAttribute(name).ShouldNotBeNullOrWhiteSpace();
        page.QuerySelectorAll("script:not([src])").ShouldBeEmpty("the policy lets nothing inline run");
        var script = page.QuerySelectorAll("script").Select(s => s.GetAttribute("src")!).Single(s => s.StartsWith("/assets/push.", StringComparison.Ordinal));
        (await site.Http.GetStringAsync(new Uri(script, UriKind.Relative))).ShouldContain("register(\"/push-worker.js\")");
    }

    [Fact]
    public async Task The_page_by_which_a_subscription_is_managed_offers_none()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["GET /api/subscriptions/mine"] = Newsroom.Json(new { language = "ar", topics = new { all = true }, schedule = new { kind = "instant" } }));
        (await site.Page("/subscriptions/token")).QuerySelectorAll("[data-push]").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_worker_lies_at_the_root_and_is_asked_for_each_time()
    {
        await using var site = await Site.Start();
        using var response = await site.Get("/push-worker.js");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.ToString().ShouldBe("no-cache");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        var worker = await response.Content.ReadAsStringAsync();
        worker.ShouldContain("showNotification");
        Regex.IsMatch(worker, "importScripts|eval|https?:", RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBeFalse("it loads nothing");
    }
}
