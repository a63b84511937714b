using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Journeys.Tests;

/// <summary>What script does for a reader among the comments, in a real browser: likes, and what comes and goes while the page is open.</summary>
public sealed class CommentingJourneys(PlatformFixture platform)
{
    [Fact]
    public async Task A_like_is_counted_and_taken_back_and_remembered()
    {
        var article = await platform.Publish("خبر للإعجاب", await platform.NewCategory("ثقافة"));
        var comment = await Comment(article, "تعليق يعجب القرّاء");
        await using var context = await NewContext();
        var page = await Open(context, article, "تعليق يعجب القرّاء");
        var like = Like(page, comment);

        await Assertions.Expect(like).ToHaveAttributeAsync("aria-pressed", "false");
        await like.ClickAsync();
        await Assertions.Expect(like).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(like.Locator(".likes")).ToHaveTextAsync("1");

        await using var other = await NewContext();
        var second = await Open(other, article, "تعليق يعجب القرّاء");
        await Like(second, comment).ClickAsync();
        await Assertions.Expect(Like(second, comment).Locator(".likes")).ToHaveTextAsync("2");

        await page.ReloadAsync();
        await Assertions.Expect(like).ToHaveAttributeAsync("aria-pressed", "true");
        await like.ClickAsync();
        await Assertions.Expect(like).ToHaveAttributeAsync("aria-pressed", "false");
        await Assertions.Expect(like.Locator(".likes")).ToHaveTextAsync("1");
    }

    [Fact]
    public async Task New_comments_are_announced_and_shown_when_asked_and_a_removed_one_goes_with_its_replies()
    {
        var article = await platform.Publish("خبر حيّ", await platform.NewCategory("مباشر"));
        var first = await Comment(article, "التعليق الأول");
        var reply = await Comment(article, "ردّ على الأول", first);
        await using var context = await NewContext();
        var page = await Open(context, article, "ردّ على الأول");
        await page.Locator("#comments-title").ScrollIntoViewIfNeededAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "التعليق" }).FillAsync("ما كتبتُه لا يضيع");
        var announced = page.GetByRole(AriaRole.Button, new() { Name = "تعليقات جديدة" });

        // Who has only just begun to follow hears of the next one.
        var texts = new List<string>();
        await Eventually.True(async () =>
        {
            texts.Add($"تعليق جديد {texts.Count}");
            await Comment(article, texts[^1]);
            return await announced.CountAsync() > 0;
        }, "a new comment to be announced", TimeSpan.FromSeconds(60));
        await Eventually.True(async () =>
        {
            // It may go in this moment, with what it announced already on the page.
            if (await announced.CountAsync() > 0) await announced.ClickAsync(new() { Timeout = 2_000 });
            return await page.GetByText(texts[^1], new() { Exact = true }).CountAsync() > 0;
        }, "the new comment on the page");
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "التعليق" })).ToHaveValueAsync("ما كتبتُه لا يضيع");

        await PlatformFixture.Json(await platform.Editor.PostAsJsonAsync("/api/moderation/decisions", new { items = new[] { new { id = first } }, decision = "reject" }));
        await Assertions.Expect(page.Locator($"#comment-{first}")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator($"#comment-{reply}")).ToHaveCountAsync(0);
    }

    private Task<IBrowserContext> NewContext() => platform.Browser.NewContextAsync(new() { Locale = "ar", ViewportSize = new() { Width = 1280, Height = 800 } });

    private static ILocator Like(IPage page, string comment) => page.Locator($"[data-like='{comment}']");

    /// <summary>The page, once it shows this comment: it is kept for a moment by whoever is between.</summary>
    private async Task<IPage> Open(IBrowserContext context, JsonElement article, string shown)
    {
        var page = await context.NewPageAsync();
        await Eventually.True(async () =>
        {
            await page.GotoAsync(platform.PageOf(article).ToString());
            return await page.GetByText(shown, new() { Exact = true }).CountAsync() > 0;
        }, "the comment on the page");
        return page;
    }

    /// <summary>The newsroom's comments wait for nobody.</summary>
    private async Task<string> Comment(JsonElement article, string body, string? parentId = null)
    {
        var posted = await Eventually.Get(async () => await platform.Editor.PostAsJsonAsync($"/api/articles/{article.GetProperty("id").GetString()}/comments", new { body, parentId }) is { IsSuccessStatusCode: true } answer ? answer : null, "the thread to be open");
        return (await PlatformFixture.Json(posted)).GetProperty("id").GetString().ShouldNotBeNull();
    }
}
