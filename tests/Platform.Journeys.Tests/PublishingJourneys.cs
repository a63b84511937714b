using System.Net;
using System.Net.Http.Json;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Journeys.Tests;

public sealed class PublishingJourneys(PlatformFixture platform)
{
    [Fact]
    public async Task What_an_editor_publishes_reaches_each_matching_subscriber_once()
    {
        var (category, other) = (await platform.NewCategory("تحليلات"), await platform.NewCategory("رياضة"));
        await platform.Subscribe("all@example.org", new { all = true });
        await platform.Subscribe("twice@example.org", new { all = true, categories = new[] { category } });
        await platform.Subscribe("sport@example.org", new { categories = new[] { other } });

        var article = await platform.Publish("واشنطن وبغداد: جولة جديدة", category);

        foreach (var address in new[] { "all@example.org", "twice@example.org" })
        {
            var mail = await platform.MailTo(address, m => m.Subject.Contains("جولة جديدة"));
            mail.Headers["List-Unsubscribe-Post"].ShouldBe("List-Unsubscribe=One-Click");
            mail.Html.ShouldContain("dir=\"rtl\"");
            mail.Text.ShouldContain(article.GetProperty("url").GetString()!);
            mail.To.ShouldBe([address]);
        }
        var dispatch = await platform.DispatchOf(article);
        dispatch.GetProperty("uncertain").GetInt64().ShouldBe(0);
        dispatch.GetProperty("sent").GetInt64().ShouldBe(dispatch.GetProperty("matched").GetInt64());
        platform.MailsTo("all@example.org").Count(m => m.Subject.Contains("جولة جديدة")).ShouldBe(1);
        platform.MailsTo("twice@example.org").Count(m => m.Subject.Contains("جولة جديدة")).ShouldBe(1);
        platform.MailsTo("sport@example.org").ShouldNotContain(m => m.Subject.Contains("جولة جديدة"));
    }

    [Fact]
    public async Task One_click_ends_a_subscription()
    {
        var category = await platform.NewCategory("ثقافة");
        await platform.Subscribe("leaver@example.org", new { categories = new[] { category } });
        await platform.Subscribe("stayer@example.org", new { categories = new[] { category } });
        await platform.Publish("الخبر الأول", category);
        var mail = await platform.MailTo("leaver@example.org", m => m.Subject.Contains("الخبر الأول"));
        var link = new Uri(mail.Headers["List-Unsubscribe"]!.Split('<', '>').First(l => l.StartsWith("http", StringComparison.Ordinal)));

        (await platform.Reader.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);   // a scanner that follows every link
        (await platform.Reader.PostAsync(link, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await platform.Reader.PostAsync(link, new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]))).StatusCode.ShouldBe(HttpStatusCode.OK);

        await platform.Publish("الخبر الثاني", category);
        await platform.MailTo("stayer@example.org", m => m.Subject.Contains("الخبر الثاني"));
        platform.MailsTo("leaver@example.org").ShouldNotContain(m => m.Subject.Contains("الخبر الثاني"));
    }

    [Fact]
    public async Task A_draft_shows_nowhere_until_it_is_published_and_then_everywhere()
    {
        var category = await platform.NewCategory("اقتصاد");
        var draft = await PlatformFixture.Json(await platform.Editor.PostAsJsonAsync("/api/articles", new { language = "ar", title = "سرّ لم يُنشر", body = "<p>نصّ</p>", categories = new[] { category } }));
        string[] places = ["/", $"/categories/{category}", "/feed.xml", $"/api/articles?category={category}"];
        var (id, slug) = (draft.GetProperty("id").GetString(), draft.GetProperty("slug").GetString()!);
        string[] own = [$"/articles/{Uri.EscapeDataString(slug)}", $"/api/articles/{id}", $"/api/articles/by-slug/{Uri.EscapeDataString(slug)}", $"/api/articles/{id}/related"];
        foreach (var place in places) (await Text(place)).ShouldNotContain("سرّ لم يُنشر");
        foreach (var place in own) (await Eventually.Get(async () => await platform.Reader.GetAsync(new Uri(place, UriKind.Relative)) is { StatusCode: not HttpStatusCode.ServiceUnavailable } answer ? answer : null, $"an answer at {place}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, place);

        await platform.Change(draft, "publish", new { });

        foreach (var place in places) await Eventually.True(async () => (await Text(place)).Contains("سرّ لم يُنشر"), $"the article on {place}");
        foreach (var place in own) await Eventually.True(async () => (await platform.Reader.GetAsync(new Uri(place, UriKind.Relative))).IsSuccessStatusCode, $"the article at {place}");
    }

    [Fact]
    public async Task A_renamed_article_is_found_by_its_old_address()
    {
        var article = await platform.Publish("عنوان قديم للخبر", await platform.NewCategory("عالم"));
        var old = platform.PageOf(article);
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/articles/{article.GetProperty("id").GetString()}")
        {
            Content = JsonContent.Create(new { language = "ar", title = "عنوان جديد للخبر", slug = "عنوان-جديد-" + Guid.NewGuid().ToString("N")[..6], body = "<p>نصّ</p>", categories = article.GetProperty("categories").EnumerateArray().Select(c => c.GetProperty("slug").GetString()) }),
        };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{article.GetProperty("version").GetInt64()}\"");
        var renamed = await PlatformFixture.Json(await platform.Editor.SendAsync(request));

        await Eventually.True(async () =>
        {
            var answer = await platform.Reader.GetAsync(old);
            return answer.StatusCode == HttpStatusCode.MovedPermanently && new Uri(platform.Address, answer.Headers.Location!) == platform.PageOf(renamed);
        }, "the old page to redirect to the new one");
    }

    [Fact]
    public async Task What_is_withdrawn_is_gone()
    {
        var category = await platform.NewCategory("محليات");
        var article = await platform.Publish("خبر سيُسحب", category);
        await Eventually.True(async () => (await Text($"/categories/{category}")).Contains("خبر سيُسحب"), "the article on its category's page");

        await platform.Change(article, "withdraw", new { reason = "خطأ في المصدر" });

        await Eventually.True(async () => (await platform.Reader.GetAsync(platform.PageOf(article))).StatusCode == HttpStatusCode.Gone, "the page to be gone");
        await Eventually.True(async () => !(await Text($"/categories/{category}")).Contains("خبر سيُسحب"), "the article to leave its category's page");
        await Eventually.True(async () => !(await Text("/feed.xml")).Contains("خبر سيُسحب"), "the article to leave the feed");
    }

    private async Task<string> Text(string path) => await (await platform.Reader.GetAsync(new Uri(path, UriKind.Relative))).Content.ReadAsStringAsync();
}
