using System.Net.Http.Json;
using Microsoft.Playwright;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Journeys.Tests;

/// <summary>As a reader, in a real browser; things are found by the names a screen reader says.</summary>
public sealed class ReadingJourneys(PlatformFixture platform)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_guest_comments_and_after_approval_everybody_sees_it(bool script)
    {
        var article = await platform.Publish("خبر للتعليق", await platform.NewCategory("آراء"));
        await using var context = await NewContext(script);
        var page = await context.NewPageAsync();
        await Open(page, platform.PageOf(article));

        await page.GetByRole(AriaRole.Textbox, new() { Name = "الاسم" }).FillAsync("Layla");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "البريد الإلكتروني" }).FillAsync($"layla-{script}@example.org".ToLowerInvariant());
        await page.GetByRole(AriaRole.Textbox, new() { Name = "التعليق" }).FillAsync("شكراً على هذا الخبر.");
        await page.GetByRole(AriaRole.Button, new() { Name = "إرسال التعليق" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "المراجعة" }).Or(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "مراجعة" })).First).ToBeVisibleAsync();
        await Approve(article.GetProperty("id").GetString()!);

        await using var other = await NewContext(script: true);
        var fresh = await other.NewPageAsync();
        await Eventually.True(async () =>
        {
            await Open(fresh, platform.PageOf(article));
            // A page that was made while it was being counted has it with the number from before, until the count evicts it.
            return await fresh.GetByText("شكراً على هذا الخبر.").CountAsync() > 0 && (await fresh.GetByRole(AriaRole.Heading, new() { Name = "التعليقات" }).TextContentAsync())!.Contains('1');
        }, "the comment on the page, and counted");
        (await fresh.ContentAsync()).ShouldNotContain("@example.org");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_incomplete_comment_is_refused_by_field_and_keeps_its_text(bool script)
    {
        var article = await platform.Publish("خبر آخر للتعليق", await platform.NewCategory("حوارات"));
        await using var context = await NewContext(script);
        var page = await context.NewPageAsync();
        await Open(page, platform.PageOf(article));
        // As a client without the browser's own checks sends it.
        if (script) await page.EvalOnSelectorAllAsync("form", "forms => forms.forEach(f => f.noValidate = true)");

        await page.GetByRole(AriaRole.Textbox, new() { Name = "الاسم" }).FillAsync("ليلى");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "البريد الإلكتروني" }).FillAsync("layla@example..org");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "التعليق" }).FillAsync("نصّ لا يضيع");
        await page.GetByRole(AriaRole.Button, new() { Name = "إرسال التعليق" }).ClickAsync();

        var email = page.GetByRole(AriaRole.Textbox, new() { Name = "البريد الإلكتروني" });
        await Assertions.Expect(email).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "التعليق" })).ToHaveValueAsync("نصّ لا يضيع");
    }

    [Theory]
    [InlineData(320)]
    [InlineData(1280)]
    public async Task Pages_fit_their_screen_and_ask_nobody_else(int width)
    {
        var article = await platform.Publish("خبر بعنوان طويل بما يكفي ليملأ أكثر من سطر واحد على شاشة هاتف صغير", await platform.NewCategory("تقارير"),
            "<p>نصّ فيه <a href=\"https://example.org/\">رابط</a> و“اقتباس” ورقم 2500.</p><blockquote><p>قال المسؤول: “لن نعلّق”.</p></blockquote><table><tr><td>عمود</td><td>عمود آخر</td></tr></table>");
        await Eventually.True(async () => (await platform.Reader.GetAsync(new Uri($"/api/articles/{article.GetProperty("id").GetString()}/comments", UriKind.Relative))).IsSuccessStatusCode, "the thread to be there, which the page's script asks for");
        await using var context = await NewContext(script: true, width);
        var page = await context.NewPageAsync();
        var (foreign, complaints) = (new List<string>(), new List<string>());
        page.Request += (_, request) => { if (!request.Url.StartsWith(platform.Address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) foreign.Add(request.Url); };
        page.Console += (_, message) => { if (message.Type is "error" or "warning" && !message.Text.Contains("503", StringComparison.Ordinal)) complaints.Add(message.Text); };   // those that Open tries again

        foreach (var address in new[] { platform.PageOf(article), platform.Address, new Uri(platform.Address, "/subscribe"), new Uri(platform.Address, "/en") })
        {
            await Open(page, address);
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBeLessThanOrEqualTo(0, address.ToString());
            (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).CountAsync()).ShouldBe(1, address.ToString());
            (await page.EvaluateAsync<string>("document.documentElement.dir")).ShouldBe(address.AbsolutePath == "/en" ? "ltr" : "rtl");
        }
        foreign.ShouldBeEmpty();
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reader_subscribes_and_confirms_by_the_link_in_the_mail()
    {
        var category = await platform.NewCategory("بيئة ومناخ");
        await using var context = await NewContext(script: false);
        var page = await context.NewPageAsync();
        await Eventually.True(async () =>
        {
            await Open(page, new Uri(platform.Address, "/subscribe"));
            return await page.GetByRole(AriaRole.Checkbox, new() { Name = "بيئة ومناخ" }).CountAsync() > 0;
        }, "the category on the subscribe page");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "البريد الإلكتروني" }).FillAsync("browser@example.org");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "بيئة ومناخ" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "اشترك" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        var mail = await platform.MailTo("browser@example.org", m => m.Text.Contains("/subscriptions/confirm?token="));
        var link = mail.Text.Split().First(w => w.Contains("/subscriptions/confirm?token="));

        await Open(page, new Uri(link));
        await page.GetByRole(AriaRole.Button, new() { Name = "تأكيد الاشتراك" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();

        await platform.Publish("خبر للمشترك الجديد", category);
        await platform.MailTo("browser@example.org", m => m.Subject.Contains("خبر للمشترك الجديد"));
    }

    private Task<IBrowserContext> NewContext(bool script, int width = 1280) =>
        platform.Browser.NewContextAsync(new() { JavaScriptEnabled = script, Locale = "ar", ViewportSize = new() { Width = width, Height = 800 } });

    /// <summary>
    /// Opens a page as a patient reader: a part that is too slow on a busy machine is a 503 that says to come again, or a page that says its comments are away.
    /// </summary>
    private static async Task Open(IPage page, Uri address)
    {
        var answer = await Eventually.Get(
            async () => await page.GotoAsync(address.ToString()) is { Status: not 503 } shown && await page.GetByText("التعليقات غير متاحة الآن").CountAsync() == 0 ? shown : null,
            $"{address} to be whole");
        answer.Status.ShouldBe(200, address.ToString());
    }

    private async Task Approve(string article)
    {
        var held = await Eventually.Get(async () =>
        {
            var queue = await PlatformFixture.Json(await platform.Editor.GetAsync(new Uri($"/api/moderation/queue?status=held&articleId={article}", UriKind.Relative)));
            return queue.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).FirstOrDefault();
        }, "the comment in the queue");
        await PlatformFixture.Json(await platform.Editor.PostAsJsonAsync("/api/moderation/decisions", new { items = new[] { new { id = held } }, decision = "approve" }));
    }
}
