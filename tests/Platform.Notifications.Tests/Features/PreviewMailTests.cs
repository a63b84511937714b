using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Platform.Contracts;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

public sealed class PreviewMailTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    [Fact]
    public async Task An_editor_sees_the_mail_in_each_language_as_readers_get_it()
    {
        var address = NewAddress();
        await fixture.Subscribe(address, Categories("previewed"));
        var article = Article("previewed", "عنوان <b>{{title}}</b> & \"قول\"");
        await fixture.Spy.Publish(article);
        var dispatch = (await fixture.Done(article.ArticleId))["id"]!.GetValue<Guid>();
        using var editor = fixture.Client("editor");

        var arabic = (await editor.GetFromJsonAsync<JsonObject>($"/api/dispatches/{dispatch}/preview"))!;
        var sent = Parse(fixture.Sink.For(address)[^1]);
        (arabic["language"]!.GetValue<string>(), arabic["subject"]!.GetValue<string>()).ShouldBe(("ar", sent.Subject));
        arabic["html"]!.GetValue<string>().ShouldContain("عنوان &lt;b&gt;{{title}}&lt;/b&gt; &amp; ", customMessage: "what looks like markup or a template is text");
        WithoutTokens(arabic["text"]!.GetValue<string>()).ShouldBe(WithoutTokens(sent.TextBody!));
        var english = (await editor.GetFromJsonAsync<JsonObject>($"/api/dispatches/{dispatch}/preview?language=en"))!;
        english["text"]!.GetValue<string>().ShouldContain("Unsubscribe: http://localhost:8080/en/unsubscribe/");
        fixture.Sink.For("reader@example.org").ShouldBeEmpty("it goes to nobody");
    }

    [Fact]
    public async Task What_can_not_be_shown_says_why()
    {
        var article = Article("unpreviewed");
        await fixture.Spy.Publish(article);
        var dispatch = (await fixture.Done(article.ArticleId))["id"]!.GetValue<Guid>();
        using var editor = fixture.Client("editor");
        (await editor.GetAsync(new Uri($"/api/dispatches/{dispatch}/preview?language=xx", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await editor.GetAsync(new Uri($"/api/dispatches/{Guid.CreateVersion7()}/preview", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var writer = fixture.Client("writer");
        (await writer.GetAsync(new Uri($"/api/dispatches/{dispatch}/preview", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        await fixture.Spy.Publish(new ArticleWithdrawn { ArticleId = article.ArticleId, Version = 9, Slug = "x", Categories = [], WithdrawnAt = DateTimeOffset.UtcNow });
        await Testing.Eventually.True(async () => (await editor.GetAsync(new Uri($"/api/dispatches/{dispatch}/preview", UriKind.Relative))).StatusCode == HttpStatusCode.NotFound, "the withdrawn article to be gone");
    }

    private static string WithoutTokens(string text) => System.Text.RegularExpressions.Regex.Replace(text.ReplaceLineEndings("\n"), @"(?<page>/(subscriptions|unsubscribe)/)[\w.-]+", "${page}", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
