using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

public sealed class SubscriptionPagesTests
{
    private static readonly object Mine = new { language = "ar", topics = new { categories = new[] { "economy" }, tags = new[] { "نفط" } }, schedule = new { kind = "daily", at = "07:00", timeZone = "Asia/Baghdad" } };

    [Fact]
    public async Task The_form_offers_every_category_and_three_schedules()
    {
        await using var site = await Site.Start();
        var page = await site.Page("/subscribe");

        page.QuerySelectorAll("input[type=checkbox]").Select(c => c.ParentElement.Said()).ShouldBe(["سياسة", "اقتصاد", "أسواق"]);
        page.QuerySelectorAll("input[type=radio]").Select(c => c.ParentElement.Said()).ShouldBe(["فوري", "يومي", "أسبوعي"]);
        page.Field("فوري").HasAttribute("checked").ShouldBeTrue();
        page.One("main button").Said().ShouldBe("اشترك");
        var english = await site.Page("/en/subscribe");
        english.QuerySelectorAll("main input:not([type=email])").Select(c => c.ParentElement.Said()).ShouldBe(["Politics", "Economy", "Markets", "Instant", "Daily", "Weekly"]);
        english.One("main button").Said().ShouldBe("Subscribe");
    }

    [Theory]
    [InlineData("", """{"channel":"email","address":"a@example.com","language":"ar","topics":{"all":true},"schedule":{"kind":"weekly"}}""")]
    [InlineData("economy", """{"channel":"email","address":"a@example.com","language":"ar","topics":{"categories":["economy"]},"schedule":{"kind":"weekly"}}""")]
    public async Task A_reader_subscribes_and_is_sent_to_the_mailbox(string category, string sent)
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["POST /api/subscriptions"] = Newsroom.Json(new { }, 202));
        Dictionary<string, string> form = new() { ["address"] = " a@example.com ", ["schedule"] = "weekly" };
        if (category.Length > 0) form["categories"] = category;
        using var response = await site.Post("/subscribe", form, ("X-Forwarded-For", "192.0.2.7"));

        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        site.Newsroom.Received.ShouldHaveSingleItem().Body.ShouldBe(sent);
        site.Newsroom.Received.Single().Headers["X-Forwarded-For"].ShouldBe("192.0.2.7");
        var page = await site.Page(response.Headers.Location!.OriginalString.Split('#')[0]);
        page.One("[role=status]").Said().ShouldStartWith("أرسلنا إليك رسالة.");
    }

    [Fact]
    public async Task A_bad_address_is_marked_and_the_choices_stay()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["POST /api/subscriptions"] = Newsroom.Problem(400, "request.invalid", new { address = new[] { "Unknown domain." } }));

        foreach (var address in new[] { "nonsense", "a@unknown.example" })
        {
            using var response = await site.Post("/en/subscribe", [new("address", address), new("categories", "markets"), new("schedule", "daily")]);
            response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
            var page = await Site.Parse(response);
            page.Field("E-mail").Error().ShouldStartWith("This is not an e-mail address.");
            page.Field("E-mail").GetAttribute("value").ShouldBe(address);
            page.Field("Markets").HasAttribute("checked").ShouldBeTrue();
            page.Field("Daily").HasAttribute("checked").ShouldBeTrue();
            page.QuerySelectorAll("[role=alert]").Length.ShouldBe(1);
        }
    }

    [Theory]
    [InlineData(503, "unavailable", "Subscriptions are unavailable")]
    [InlineData(429, "tooMany", "Too many requests.")]
    [InlineData(422, "subscription.scheduleNotOffered", "Daily and weekly e-mails are not available yet.")]
    public async Task A_failure_is_said_and_loses_nothing(int status, string code, string told)
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["POST /api/subscriptions"] = Newsroom.Problem(status, code));
        var page = await Site.Parse(await site.Post("/en/subscribe", [new("address", "a@example.com")]));

        page.One("[role=alert]").Said().ShouldStartWith(told);
        page.Field("E-mail").GetAttribute("value").ShouldBe("a@example.com");
    }

    [Fact]
    public async Task Opening_the_confirmation_link_changes_nothing_and_its_button_confirms()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["POST /api/subscriptions/confirm"] = Newsroom.Json(new { manageToken = "m 1" }));
        var page = await site.Page("/subscriptions/confirm?token=t%261");
        site.Newsroom.Received.ShouldBeEmpty();

        page.One("main button").Said().ShouldBe("تأكيد الاشتراك");
        page.One("input[name=token]").GetAttribute("value").ShouldBe("t&1");
        using var response = await site.Post(page.One("main form").GetAttribute("action")!, [new("token", "t&1")]);
        response.Headers.Location!.OriginalString.ShouldBe("/subscriptions/m%201?confirmed#outcome");
        site.Newsroom.Received.Single().Body.ShouldBe("""{"token":"t\u00261"}""");
    }

    [Fact]
    public async Task A_used_link_says_so()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["POST /api/subscriptions/confirm"] = Newsroom.Problem(410, "confirmation.used"));
        using var response = await site.Post("/en/subscriptions/confirm", [new("token", "t")]);

        response.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await Site.Parse(response)).One("h1").Said().ShouldBe("This link is no longer valid");
    }

    [Fact]
    public async Task A_subscription_is_shown_and_changed_and_keeps_what_the_page_does_not_show()
    {
        await using var site = await Site.Start(newsroom =>
        {
            newsroom.Instead["GET /api/subscriptions/mine"] = http => http.Request.Headers.Authorization == "Subscription m1" ? Newsroom.Json(Mine)(http) : Newsroom.Problem(401, "unauthenticated")(http);
            newsroom.Instead["PUT /api/subscriptions/mine"] = Newsroom.Json(Mine);
        });
        var page = await site.Page("/subscriptions/m1");

        page.Field("اقتصاد").HasAttribute("checked").ShouldBeTrue();
        page.Field("سياسة").HasAttribute("checked").ShouldBeFalse();
        page.Field("يومي").HasAttribute("checked").ShouldBeTrue();
        page.QuerySelectorAll("main button").Select(b => b.Said()).ShouldBe(["حفظ", "إلغاء الاشتراك"]);
        page.One("meta[name=robots]").GetAttribute("content").ShouldBe("noindex");

        using var response = await site.Post("/subscriptions/m1", [new("categories", "politics"), new("schedule", "daily"), new("language", "en")]);
        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var saved = JsonDocument.Parse(site.Newsroom.Received.Single().Body).RootElement;
        saved.GetProperty("language").GetString().ShouldBe("en");
        saved.GetProperty("topics").GetProperty("categories")[0].GetString().ShouldBe("politics");
        saved.GetProperty("topics").GetProperty("tags")[0].GetString().ShouldBe("نفط");
        saved.GetProperty("schedule").GetProperty("at").GetString().ShouldBe("07:00");
        (await site.Page("/subscriptions/m1?saved")).One("[role=status]").Said().ShouldBe("حُفظت تعديلاتك.");
        await site.Page("/subscriptions/other", HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_subscription_speaks_the_language_of_its_mails()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["GET /api/subscriptions/mine"] = Newsroom.Json(new { language = "en", topics = new { all = true }, schedule = new { kind = "instant" } }));
        var page = await site.Page("/subscriptions/m1");

        page.DocumentElement.GetAttribute("lang").ShouldBe("en");
        page.QuerySelectorAll("main button").Select(b => b.Said()).ShouldBe(["Save", "Unsubscribe"]);
    }

    [Fact]
    public async Task Ending_a_subscription_takes_a_button()
    {
        await using var site = await Site.Start(newsroom =>
        {
            newsroom.Instead["DELETE /api/subscriptions/mine"] = http => { http.Response.StatusCode = 204; return Task.CompletedTask; };
            newsroom.Instead["POST /unsubscribe/u1"] = Newsroom.Json(new { });
        });

        (await Site.Parse(await site.Post("/subscriptions/m1/end", []))).One("[role=status]").Said().ShouldStartWith("لن نراسلك بعد الآن.");
        var ask = await site.Page("/unsubscribe/u1");
        site.Newsroom.Received.ShouldNotContain(r => r.Method == "POST");
        ask.One("main button").Said().ShouldBe("إلغاء الاشتراك");
        (await Site.Parse(await site.Post(ask.One("main form").GetAttribute("action")!, [new("token", ask.One("input[name=token]").GetAttribute("value")!)]))).One("h1").Said().ShouldBe("أُلغي اشتراكك");
    }

    [Fact]
    public async Task One_click_works_from_a_mail_service()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["POST /unsubscribe/u1"] = Newsroom.Json(new { }));
        using var response = await site.Post("/unsubscribe/u1", [new("List-Unsubscribe", "One-Click")], ("Origin", "https://mail.example"), ("Sec-Fetch-Site", "cross-site"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        site.Newsroom.Received.Single().Body.ShouldBe("List-Unsubscribe=One-Click");
        (await site.Post("/unsubscribe/unknown", [new("List-Unsubscribe", "One-Click")])).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }
}
