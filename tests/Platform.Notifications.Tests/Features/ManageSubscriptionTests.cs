using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MongoDB.Driver;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

public sealed class ManageSubscriptionTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    private static readonly Uri Mine = new("/api/subscriptions/mine", UriKind.Relative);

    [Fact]
    public async Task What_is_shown_can_be_changed_and_sent_back()
    {
        using var client = await Holder(new JsonObject { ["categories"] = new JsonArray("سياسة"), ["tags"] = new JsonArray("$where"), ["languages"] = new JsonArray("ar", "en") });
        var shown = await client.GetAsync(Mine);
        var body = (await shown.Content.ReadFromJsonAsync<JsonObject>())!;
        body.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .ShouldBe("""{"language":"ar","topics":{"all":false,"categories":["سياسة"],"tags":["$where"],"languages":["ar","en"]},"schedule":{"kind":"instant"}}""");

        body["topics"]!["authors"] = new JsonArray("salma");
        using var change = new HttpRequestMessage(HttpMethod.Put, Mine) { Content = JsonContent.Create(body) };
        change.Headers.TryAddWithoutValidation("If-Match", shown.Headers.ETag!.Tag);
        var changed = await client.SendAsync(change);
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        changed.Headers.ETag!.Tag.ShouldNotBe(shown.Headers.ETag.Tag);
        (await client.GetFromJsonAsync<JsonObject>(Mine))!["topics"]!["authors"]!.AsArray().Count.ShouldBe(1);

        using var stale = new HttpRequestMessage(HttpMethod.Put, Mine) { Content = JsonContent.Create(body) };
        stale.Headers.TryAddWithoutValidation("If-Match", shown.Headers.ETag.Tag);
        (await client.SendAsync(stale)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        using var unconditional = new HttpRequestMessage(HttpMethod.Put, Mine) { Content = JsonContent.Create(body) };
        (await client.SendAsync(unconditional)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_changed_subscription_gets_what_it_matches_now()
    {
        var address = NewAddress();
        using var client = fixture.Client();
        client.DefaultRequestHeaders.Authorization = new("Subscription", await fixture.Subscribe(address, Categories("before")));
        var change = Request(address, Categories("after"));
        change.Remove("channel");
        change.Remove("address");
        (await client.PutAsJsonAsync(Mine, change)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var (before, after) = (Article("before"), Article("after"));
        await fixture.Spy.Publish(before);
        await fixture.Spy.Publish(after);
        (await fixture.Done(before.ArticleId))["matched"]!.GetValue<long>().ShouldBe(0);
        (await fixture.Done(after.ArticleId))["sent"]!.GetValue<long>().ShouldBe(1);
    }

    [Fact]
    public async Task Who_has_ended_it_holds_it_no_more()
    {
        using var client = await Holder(Categories("ended"));
        (await client.DeleteAsync(Mine)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.GetAsync(Mine)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.DeleteAsync(Mine)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Tokens_of_other_kinds_or_of_nobody_are_401()
    {
        var address = NewAddress();
        using var holder = await Holder(Categories("other-kinds"), address);
        var article = Article("other-kinds");
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        var unsubscribe = UnsubscribePath(fixture.Sink.For(address)[1]).ToString().Split('/')[^1];
        foreach (var authorization in new[] { null, "Subscription", "Subscription x", "Subscription " + unsubscribe, "Subscription " + new string('A', 43), "Basic YTpi" })
        {
            using var client = fixture.Client();
            if (authorization is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
            (await client.GetAsync(Mine)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, authorization);
        }
    }

    [Fact]
    public async Task One_click_ends_it_and_again_changes_nothing()
    {
        var address = NewAddress();
        using var holder = await Holder(Categories("one-click"), address);
        var article = Article("one-click");
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        var path = UnsubscribePath(fixture.Sink.For(address)[1]);
        using var mailService = fixture.Client();

        (await mailService.PostAsync(path, new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await mailService.PostAsync(path, null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var noForm = new StringContent("--x", null, "multipart/form-data") { Headers = { ContentType = new("multipart/form-data") { Parameters = { new("boundary", "y") } } } };
        (await mailService.PostAsync(path, noForm)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await mailService.PostAsync(path, new FormUrlEncodedContent(Enumerable.Range(0, 5_000).Select(i => new KeyValuePair<string, string>($"f{i}", ""))))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await holder.GetAsync(Mine)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await mailService.PostAsync(path, OneClick())).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await mailService.PostAsync(path, OneClick())).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var parts = new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } };
        (await mailService.PostAsync(path, parts)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await holder.GetAsync(Mine)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await mailService.PostAsync(new Uri("/unsubscribe/" + new string('A', 43), UriKind.Relative), OneClick())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await mailService.PostAsync(new Uri("/unsubscribe/x", UriKind.Relative), OneClick())).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var next = Article("one-click");
        await fixture.Spy.Publish(next);
        (await fixture.Done(next.ArticleId))["matched"]!.GetValue<long>().ShouldBe(0);
        (await fixture.Subscriptions.Find(s => s.AddressKey == address).SingleAsync()).Keys.ShouldBeEmpty();
    }

    private async Task<HttpClient> Holder(JsonObject topics, string? address = null)
    {
        var client = fixture.Client();
        client.DefaultRequestHeaders.Authorization = new("Subscription", await fixture.Subscribe(address ?? NewAddress(), topics));
        return client;
    }

    private static FormUrlEncodedContent OneClick() => new([new("List-Unsubscribe", "One-Click")]);
}
