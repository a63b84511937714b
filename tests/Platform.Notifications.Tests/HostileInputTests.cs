using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MimeKit;
using MongoDB.Driver;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests;

/// <summary>What strangers try.</summary>
public sealed partial class HostileInputTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    [GeneratedRegex("href=\"[^\"]*\"", RegexOptions.None, 1000)]
    private static partial Regex Links();

    [Theory]
    [InlineData("عنوان\r\nBcc: victim@example.org")]
    [InlineData("عنوان\nX-Evil: 1\r\n\r\nجسم آخر")]
    [InlineData("عنوان\u2028Bcc: victim@example.org")]
    [InlineData("=?utf-8?q?x=0D=0ABcc:_victim@example.org?=")]
    [InlineData("{{title}} ${7*7} <%= 1 %> @Model #{1} {0}")]
    [InlineData("<script>alert(1)</script>\" onmouseover=\"x")]
    [InlineData("\u202eمقلوب\u202c \0\u0007")]
    public async Task A_title_is_one_header_and_text_whatever_it_holds(string title)
    {
        var (address, category) = (NewAddress(), "hostile-" + Guid.NewGuid().ToString("N"));
        await fixture.Subscribe(address, Categories(category));
        var article = Article(category, title) with { Summary = title, Kicker = title, Section = title };
        await fixture.Spy.Publish(article);
        (await fixture.Done(article.ArticleId))["sent"]!.GetValue<int>().ShouldBe(1);
        var sent = fixture.Sink.For(address)[1];
        sent.To.ShouldBe([address]);
        var mail = Parse(sent);
        mail.To.Mailboxes.Single().Address.ShouldBe(address);
        mail.Bcc.ShouldBeEmpty();
        mail.Cc.ShouldBeEmpty();
        mail.Headers.Count(h => h.Id == HeaderId.Subject).ShouldBe(1);
        mail.Headers.Contains("X-Evil").ShouldBeFalse();
        mail.HtmlBody!.ShouldNotContain("<script");
        mail.HtmlBody!.ShouldNotContain("\" onmouseover");
        Links().Replace(mail.HtmlBody!, "").ShouldNotContain("49");   // their tokens may well have it
        fixture.Sink.For("victim@example.org").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"a\\\" b\"@example.org")]
    [InlineData("\"a@evil.example,victim\"@example.org")]
    [InlineData("a@example.org, victim@example.org")]
    [InlineData("a@example.org;victim@example.org")]
    [InlineData("<a@example.org>")]
    [InlineData("a@example.org\0")]
    [InlineData("a@example.org\nBcc: victim@example.org")]
    [InlineData("a%0d%0aBcc:victim@example.org@example.org")]
    [InlineData("a@exam\u00adple.org\u202e")]
    [InlineData("(comment)a@example.org")]
    [InlineData("a@[192.0.2.1]")]
    [InlineData("@evil.example:a@example.org")]
    public async Task A_trick_is_no_address(string address)
    {
        using var client = fixture.Client();
        (await client.PostAsJsonAsync("/api/subscriptions", Request(address, Categories("a")))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Tokens_that_are_forged_used_or_of_another_kind_open_nothing()
    {
        var address = NewAddress();
        using var client = fixture.Client();
        await client.PostAsJsonAsync("/api/subscriptions", Request(address, Categories("a")));
        var confirm = ConfirmToken(await fixture.Sink.MailFor(address));
        foreach (var token in new[] { "", "x", confirm[..^1], confirm + "A", confirm.ToUpperInvariant() == confirm ? confirm.ToLowerInvariant() : confirm.ToUpperInvariant(), new string('A', 100_000), "a\0b", "$ne" })
            (await client.PostAsJsonAsync("/api/subscriptions/confirm", new { token })).StatusCode.ShouldBe(HttpStatusCode.Gone, token[..Math.Min(20, token.Length)]);
        (await client.PostAsync(new Uri("/api/subscriptions/confirm", UriKind.Relative), JsonContent.Create(new JsonObject { ["token"] = new JsonObject { ["$ne"] = "" } }))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var manage = (await (await client.PostAsJsonAsync("/api/subscriptions/confirm", new { token = confirm })).Content.ReadFromJsonAsync<JsonObject>())!["manageToken"]!.GetValue<string>();
        (await client.PostAsJsonAsync("/api/subscriptions/confirm", new { token = confirm })).StatusCode.ShouldBe(HttpStatusCode.Gone, "it works once");

        foreach (var token in new[] { confirm, manage[..^1] + (manage[^1] == 'A' ? 'B' : 'A'), "x", new string('A', 8_000) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/subscriptions/mine");
            request.Headers.TryAddWithoutValidation("Authorization", "Subscription " + token);
            (await client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        using var oneClick = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        (await client.PostAsync(new Uri($"/unsubscribe/{manage}", UriKind.Relative), oneClick)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "a manage token is no unsubscribe token");
    }

    [Fact]
    public async Task A_scanner_that_opens_every_link_of_a_mail_changes_nothing()
    {
        var address = NewAddress();
        using var client = fixture.Client();
        await client.PostAsJsonAsync("/api/subscriptions", Request(address, Categories("scanned")));
        var confirm = await fixture.Sink.MailFor(address);
        await Scan(Parse(confirm));
        (await fixture.Subscriptions.Find(s => s.AddressKey == address).SingleAsync()).Status.ShouldBe(SubscriptionStatus.Pending);
        await client.PostAsJsonAsync("/api/subscriptions/confirm", new { token = ConfirmToken(confirm) });

        var article = Article("scanned");
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        await Scan(Parse(fixture.Sink.For(address)[1]));
        (await fixture.Subscriptions.Find(s => s.AddressKey == address).SingleAsync()).Status.ShouldBe(SubscriptionStatus.Confirmed);

        async Task Scan(MimeMessage mail)
        {
            var links = mail.TextBody!.Split().Concat(mail.HtmlBody!.Split('"')).Append(mail.Headers[HeaderId.ListUnsubscribe]?.Trim('<', '>') ?? "").Where(w => w.StartsWith("http://localhost:8080/", StringComparison.Ordinal)).Distinct().ToList();
            links.ShouldNotBeEmpty();
            foreach (var link in links)
                foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Options })
                {
                    using var request = new HttpRequestMessage(method, new Uri(new Uri(link).PathAndQuery, UriKind.Relative));
                    ((int)(await client.SendAsync(request)).StatusCode).ShouldBeGreaterThanOrEqualTo(400);   // pages are Web's; the service itself has no GET there
                }
        }
    }

    [Fact]
    public async Task A_flood_against_one_reader_is_one_mail_and_from_one_source_one_for_each_address()
    {
        using var client = fixture.Client();
        var (victim, others) = (NewAddress(), Enumerable.Range(0, 20).Select(_ => NewAddress()).ToList());
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => client.PostAsJsonAsync("/api/subscriptions", Request(i % 3 == 0 ? victim.ToUpperInvariant() : victim, Categories($"flood-{i}")))));
        await Task.WhenAll(others.Concat(others).Select(o => client.PostAsJsonAsync("/api/subscriptions", Request(o, Categories("flood")))));
        foreach (var other in others) await fixture.Sink.MailFor(other);
        await Eventually.True(async () => await fixture.Subscriptions.CountDocumentsAsync(s => s.Confirmation!.Due != null) == 0, "all confirmations to be settled");
        fixture.Sink.For(victim).Count.ShouldBe(1);
        others.ShouldAllBe(o => fixture.Sink.For(o).Count == 1);
    }

    [Theory]
    [InlineData("""{"channel":"email","address":{"$gt":""},"language":"ar","topics":{"all":true},"schedule":{"kind":"instant"}}""")]
    [InlineData("""{"channel":"email","address":["a@example.org"],"language":"ar","topics":{"all":true},"schedule":{"kind":"instant"}}""")]
    [InlineData("""{"channel":"email","address":"a@example.org","address":"b@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"instant"}}""")]
    [InlineData("""{"channel":"email","address":null,"language":"ar","topics":{"all":true},"schedule":{"kind":"instant"}}""")]
    [InlineData("""{"channel":1,"address":"a@example.org","language":"ar","topics":{"all":true},"schedule":{"kind":"instant"}}""")]
    [InlineData("""[]""")]
    [InlineData("")]
    public async Task A_body_of_another_shape_is_400(string body)
    {
        using var client = fixture.Client();
        (await client.PostAsync(new Uri("/api/subscriptions", UriKind.Relative), new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_English_reader_gets_English_pages_behind_the_links_of_a_mail()
    {
        var (english, arabic) = (NewAddress(), NewAddress());
        await fixture.Subscribe(english, new JsonObject { ["categories"] = new JsonArray("languages"), ["languages"] = new JsonArray("ar") }, "en");
        await fixture.Subscribe(arabic, Categories("languages"));
        Parse(fixture.Sink.For(english)[0]).TextBody!.ShouldContain("http://localhost:8080/en/subscriptions/confirm?token=");
        Parse(fixture.Sink.For(arabic)[0]).TextBody!.ShouldContain("http://localhost:8080/subscriptions/confirm?token=");
        var article = Article("languages");
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        var mail = Parse(fixture.Sink.For(english)[^1]);
        mail.TextBody!.ShouldContain("http://localhost:8080/en/unsubscribe/");
        mail.TextBody!.ShouldContain("http://localhost:8080/en/subscriptions/");
        mail.Headers[HeaderId.ListUnsubscribe]!.ShouldStartWith("<http://localhost:8080/unsubscribe/");
        mail.Headers["Feedback-ID"]!.Split(':').Length.ShouldBe(4);
    }
}
