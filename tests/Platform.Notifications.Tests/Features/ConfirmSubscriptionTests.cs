using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MongoDB.Driver;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

public sealed class ConfirmSubscriptionTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    [Fact]
    public async Task A_link_works_once_even_when_it_is_used_many_times_at_once()
    {
        var token = await Asked();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Confirm(token)));
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.Gone).ShouldBe(7);
        (await Confirm(token)).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task An_old_link_is_gone()
    {
        var token = await Asked();
        fixture.Time.Advance(Confirmation.Lifetime + TimeSpan.FromSeconds(1));
        var answer = await Confirm(token);
        answer.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<string>().ShouldBe("confirmation.gone");
    }

    [Theory]
    [InlineData("")]
    [InlineData("$ne")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_token_that_was_never_given_out_is_gone_too(string token) => (await Confirm(token)).StatusCode.ShouldBe(HttpStatusCode.Gone);

    [Fact]
    public async Task Without_a_token_it_is_400()
    {
        using var client = fixture.Client();
        (await client.PostAsJsonAsync("/api/subscriptions/confirm", new { })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsJsonAsync("/api/subscriptions/confirm", new { token = (string?)null })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task No_token_is_stored()
    {
        var address = NewAddress();
        using var client = fixture.Client();
        await client.PostAsJsonAsync("/api/subscriptions", Request(address, Categories("a")));
        var token = ConfirmToken(await fixture.Sink.MailFor(address));
        var manage = (await (await Confirm(token)).Content.ReadFromJsonAsync<JsonObject>())!["manageToken"]!.GetValue<string>();
        var stored = (await fixture.Store.GetCollection<MongoDB.Bson.BsonDocument>("subscriptions").Find(new MongoDB.Bson.BsonDocument("addressKey", address)).SingleAsync()).ToString();
        stored.ShouldNotContain(token);
        stored.ShouldNotContain(manage);
    }

    [Fact]
    public async Task Who_unsubscribed_can_subscribe_again()
    {
        var address = NewAddress();
        var manage = await fixture.Subscribe(address, Categories("a"));
        using var client = fixture.Client();
        client.DefaultRequestHeaders.Authorization = new("Subscription", manage);
        (await client.DeleteAsync(new Uri("/api/subscriptions/mine", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        fixture.Time.Advance(TimeSpan.FromHours(24.1));
        await client.PostAsJsonAsync("/api/subscriptions", Request(address, Categories("b")));
        await Testing.Eventually.True(() => fixture.Sink.For(address).Count == 2, "another confirmation mail");
        (await Confirm(ConfirmToken(fixture.Sink.For(address)[1]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync(new Uri("/api/subscriptions/mine", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<string> Asked()
    {
        var address = NewAddress();
        using var client = fixture.Client();
        await client.PostAsJsonAsync("/api/subscriptions", Request(address, Categories("a")));
        return ConfirmToken(await fixture.Sink.MailFor(address));
    }

    private async Task<HttpResponseMessage> Confirm(string token)
    {
        using var client = fixture.Client();
        return await client.PostAsJsonAsync("/api/subscriptions/confirm", new { token });
    }
}
