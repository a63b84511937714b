using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

public sealed class GuestPagesTests
{
    private static object Own(int count, string? next) => new { items = Enumerable.Range(0, count).Select(i => new { id = Guid.CreateVersion7(), body = $"تعليق {i}" }), next };

    [Fact]
    public async Task Opening_the_link_in_the_mail_asks_and_its_button_proves()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["POST /api/guests/proof"] = Newsroom.Json(new { guestToken = "held" }));
        var asked = await site.Page("/comments/proof?token=abc");
        var form = asked.One("main form");

        asked.One("h1").Said().ShouldBe("هل هذا عنوانك؟");
        (form.GetAttribute("method"), form.GetAttribute("action"), form.One("input[name=token]").GetAttribute("value"), form.One("button").Said()).ShouldBe(("post", "/comments/proof", "abc", "تأكيد العنوان"));
        site.Newsroom.Received.ShouldBeEmpty();

        using var response = await site.Post("/comments/proof", [new("token", "abc")], ("X-Forwarded-For", "192.0.2.7"));

        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var proved = await Site.Parse(response);
        proved.One("[role=status]").Said().ShouldStartWith("شكراً لك.");
        proved.QuerySelectorAll("main form").Select(f => (f.GetAttribute("action"), f.One("input[name=token]").GetAttribute("value"), f.One("button").Said()))
            .ShouldBe([("/comments/own", "held", "تنزيل كل ما كتبت"), ("/comments/erase", "held", "حذف كل ما كتبت")]);
        var sent = site.Newsroom.Received.ShouldHaveSingleItem();
        (sent.Body, sent.Headers["X-Forwarded-For"]).ShouldBe(("""{"token":"abc"}""", "192.0.2.7"));
    }

    [Fact]
    public async Task An_old_link_says_so()
    {
        await using var site = await Site.Start(newsroom =>
        {
            newsroom.Instead["POST /api/guests/proof"] = Newsroom.Problem(410, "proof.over");
            newsroom.Instead["GET /api/guests/me/comments"] = Newsroom.Problem(401, "guest.token");
            newsroom.Instead["DELETE /api/guests/me"] = Newsroom.Problem(401, "guest.token");
            newsroom.Instead["POST /replies/off/*"] = Newsroom.Problem(404, "link.notFound");
        });

        foreach (var path in new[] { "/comments/proof", "/comments/own", "/comments/erase", "/replies/end" })
        {
            using var response = await site.Post(path, [new("token", "old")]);
            response.StatusCode.ShouldBe(HttpStatusCode.Gone, path);
            (await Site.Parse(response)).One("[role=alert]").Said().ShouldNotBeEmpty();
        }
        foreach (var path in new[] { "/en/comments/proof", "/en/replies/end" })
        {
            using var response = await site.Post(path, [new("token", "old")]);
            response.StatusCode.ShouldBe(HttpStatusCode.Gone, path);
            (await Site.Parse(response)).DocumentElement.GetAttribute("lang").ShouldBe("en");
        }
    }

    [Fact]
    public async Task All_that_a_guest_wrote_is_one_file_however_many_pages_it_has()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["GET /api/guests/me/comments"] = http =>
            Newsroom.Json(http.Request.Query["cursor"] == "2" ? Own(3, null) : Own(100, "2"))(http));
        using var response = await site.Post("/comments/own", [new("token", "held")]);

        response.Content.Headers.ContentDisposition!.FileName.ShouldBe("comments.json");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var file = await response.Content.ReadAsStringAsync();
        JsonSerializer.Deserialize<JsonElement>(file).GetArrayLength().ShouldBe(103);
        file.ShouldContain("تعليق 99");   // as it was written
    }

    [Fact]
    public async Task Erasing_begins_with_the_button_and_says_so()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["DELETE /api/guests/me"] = Newsroom.Json(new { }, 202));
        using var response = await site.Post("/comments/erase", [new("token", "held")]);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Site.Parse(response)).One("[role=status]").Said().ShouldNotBeEmpty();
        site.Newsroom.Received.ShouldHaveSingleItem().Headers["X-Guest-Token"].ShouldBe("held");
    }

    [Fact]
    public async Task Opening_the_link_that_ends_mails_about_replies_changes_nothing_and_its_button_does()
    {
        await using var site = await Site.Start(newsroom => newsroom.Instead["POST /replies/off/xyz"] = Newsroom.Json(new { }));
        var form = (await site.Page("/replies/off/xyz")).One("main form");

        (form.GetAttribute("method"), form.GetAttribute("action"), form.One("input[name=token]").GetAttribute("value")).ShouldBe(("post", "/replies/end", "xyz"));
        site.Newsroom.Received.ShouldBeEmpty();
        for (var i = 0; i < 2; i++)
        {
            using var response = await site.Post("/replies/end", [new("token", "xyz")]);
            (await Site.Parse(response)).One("h1").Said().ShouldBe("أوقفنا رسائل الردود");
        }
        site.Newsroom.Received.Select(r => $"{r.Method} {r.Path}").ShouldBe(["POST /replies/off/xyz", "POST /replies/off/xyz"]);
    }

    [Theory]
    [InlineData("/comments/proof")]
    [InlineData("/comments/own")]
    [InlineData("/comments/erase")]
    [InlineData("/replies/end")]
    public async Task A_form_from_another_site_is_refused(string path)
    {
        await using var site = await Site.Start();
        using var response = await site.Post(path, [new("token", "held")], ("Sec-Fetch-Site", "cross-site"));

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        site.Newsroom.Received.ShouldBeEmpty();
    }
}
