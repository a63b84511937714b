using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MongoDB.Driver;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

public sealed class SubscribeTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    [Fact]
    public async Task A_reader_subscribes_confirms_and_gets_the_next_article_that_matches()
    {
        var address = NewAddress();
        await fixture.Subscribe(address, Categories("economy"));
        var article = Article("economy");
        await fixture.Spy.Publish(article);

        await fixture.Done(article.ArticleId);
        var mails = fixture.Sink.For(address);
        mails.Count.ShouldBe(2);   // the confirmation, and the article
        Parse(mails[1]).Subject.ShouldBe(article.Title);
    }

    [Fact]
    public async Task The_answer_is_the_same_for_a_new_a_waiting_and_a_confirmed_address()
    {
        using var client = fixture.Client();
        var (waiting, confirmed) = (NewAddress(), NewAddress());
        await fixture.Subscribe(confirmed, Categories("a"));
        await Post(client, Request(waiting, Categories("a")));

        foreach (var address in new[] { NewAddress(), waiting, confirmed, waiting.ToUpperInvariant() })
        {
            var answer = await Post(client, Request(address, Categories("a")));
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            (await answer.Content.ReadAsStringAsync()).ShouldBe("{}");
            answer.Headers.Location.ShouldBeNull();
        }
    }

    [Fact]
    public async Task An_address_gets_one_confirmation_mail_in_24_hours_however_it_is_written()
    {
        using var client = fixture.Client();
        var address = NewAddress();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Post(client, Request(i % 2 == 0 ? address : address.ToUpperInvariant(), Categories("a")))));
        var first = await fixture.Sink.MailFor(address);
        await Post(client, Request(address, Categories("b")));
        // Another address afterwards: its mail comes after whatever the first one would have got.
        await fixture.Subscribe(NewAddress(), Categories("a"));
        fixture.Sink.For(address).Count.ShouldBe(1);
        (await fixture.Subscriptions.CountDocumentsAsync(s => s.AddressKey == address)).ShouldBe(1);

        fixture.Time.Advance(TimeSpan.FromHours(24.1));
        await Post(client, Request(address, Categories("b")));
        await Eventually.True(() => fixture.Sink.For(address).Count == 2, "a second confirmation mail");
        ConfirmToken(fixture.Sink.For(address)[1]).ShouldNotBe(ConfirmToken(first));
    }

    [Fact]
    public async Task Asking_again_changes_nothing_that_holds_until_the_new_mail_is_confirmed()
    {
        using var client = fixture.Client();
        var address = NewAddress();
        var manage = await fixture.Subscribe(address, Categories("first"));
        await Post(client, Request(address, Categories("second")));
        (await Mine(client, manage))["topics"]!["categories"]!.AsArray().Single()!.GetValue<string>().ShouldBe("first");

        fixture.Time.Advance(TimeSpan.FromHours(24.1));
        await Post(client, Request(address, Categories("third"), "en"));
        await Eventually.True(() => fixture.Sink.For(address).Count == 2, "a second confirmation mail");
        var answer = await client.PostAsJsonAsync("/api/subscriptions/confirm", new { token = ConfirmToken(fixture.Sink.For(address)[1]) });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var mine = await Mine(client, manage);
        mine["topics"]!["categories"]!.AsArray().Single()!.GetValue<string>().ShouldBe("third");
        mine["language"]!.GetValue<string>().ShouldBe("en");
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("a@b")]
    [InlineData("a@b@example.org")]
    [InlineData("a@example.org\r\nBcc: b@example.org")]
    [InlineData("A Name <a@example.org>")]
    [InlineData("")]
    public async Task A_bad_address_is_400(string address)
    {
        using var client = fixture.Client();
        var answer = await Post(client, Request(address, Categories("a")));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!["address"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"channel":"push","endpoint":"https://push.example.org/1","keys":{"p256dh":"x","auth":"y"},"language":"ar","topics":{"all":true},"schedule":{"kind":"instant"}}""", 422, "subscription.pushKeys")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"keywords":["!"]},"schedule":{"kind":"instant"}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"keywords":["a b c d e f g h i"]},"schedule":{"kind":"instant"}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"hourly"}}""", 400, "request.malformed")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"daily","at":"7:00"}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"daily","at":"24:00"}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"weekly","day":"Monday"}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"weekly","day":"someday"}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"daily","timeZone":"Arab Standard Time"}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"daily","timeZone":"../../etc/passwd"}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"daily","timeZone":"Mars/Olympus"}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"instant","quiet":{"from":"22:00"}}}""", 400, "request.malformed")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"instant","quiet":{"from":"22:00","to":"22:00"}}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"instant","quiet":{"from":"22:00","to":"6"}}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"xx","topics":{"all":true},"schedule":{"kind":"instant"}}""", 422, "subscription.language")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true,"languages":["ar","xx"]},"schedule":{"kind":"instant"}}""", 422, "subscription.language")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{},"schedule":{"kind":"instant"}}""", 422, "subscription.noTopics")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"categories":[null]},"schedule":{"kind":"instant"}}""", 400, "request.invalid")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true}}""", 400, "request.malformed")]
    [InlineData("""{"channel":"fax","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"instant"}}""", 400, "request.malformed")]
    [InlineData("""{"channel":"email","address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"instant"},"more":1}""", 400, "request.malformed")]
    public async Task What_is_not_offered_is_422_and_what_is_malformed_is_400(string body, int status, string code)
    {
        using var client = fixture.Client();
        var answer = await client.PostAsync(new Uri("/api/subscriptions", UriKind.Relative), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<string>().ShouldBe(code);
    }

    [Fact]
    public async Task A_confirmation_mail_that_was_refused_for_now_is_sent_again()
    {
        using var client = fixture.Client();
        var address = NewAddress();
        fixture.Sink.OnRecipient = e => e.To[^1] == address ? SinkAnswer.Reply("451 4.7.1 try later") : SinkAnswer.Accept;
        await Post(client, Request(address, Categories("a")));
        await Eventually.True(async () => (await fixture.Subscriptions.Find(s => s.AddressKey == address).SingleAsync()).Confirmation is { Attempts: 1, Due: { } due } && due < fixture.Time.GetUtcNow().AddMinutes(1), "the first try to be refused");
        fixture.Sink.OnRecipient = null;
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await fixture.Sink.MailFor(address);
        await Eventually.True(async () => (await fixture.Subscriptions.Find(s => s.AddressKey == address).SingleAsync()).Confirmation!.Due is null, "the mail to be settled");
    }

    private static Task<HttpResponseMessage> Post(HttpClient client, JsonObject request) => client.PostAsJsonAsync("/api/subscriptions", request);

    private static async Task<JsonObject> Mine(HttpClient client, string manageToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/subscriptions/mine") { Headers = { Authorization = new("Subscription", manageToken) } };
        return (await (await client.SendAsync(request)).Content.ReadFromJsonAsync<JsonObject>())!;
    }
}
