using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MimeKit;
using MongoDB.Driver;
using Platform.Notifications.Bounces;
using Platform.Notifications.Features;
using Platform.Notifications.Webhooks;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

public class SuppressionFixture : NotificationsFixture
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("BOUNCE_SECRET", Secret)];

    /// <summary>Sends a bounce as a mail provider does.</summary>
    public async Task<HttpResponseMessage> Bounce(string body, string contentType = "application/json", string secret = Secret, string? id = null, TimeSpan age = default)
    {
        using var client = Client();
        var bytes = Encoding.UTF8.GetBytes(body);
        var (report, at) = (id ?? "msg_" + Guid.NewGuid().ToString("N"), Time.GetUtcNow() - age);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/bounces") { Content = new ByteArrayContent(bytes) { Headers = { ContentType = new(contentType) } } };
        request.Headers.Add("webhook-id", report);
        request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", StandardWebhooks.Sign(StandardWebhooks.Keys(secret), report, at, bytes));
        return await client.SendAsync(request);
    }

    public async Task<JsonObject?> Suppressed(string address)
    {
        using var admin = Client("admin");
        return (await admin.GetFromJsonAsync<JsonObject>("/api/suppressions?limit=100"))!["items"]!.AsArray().Select(i => i!.AsObject()).SingleOrDefault(i => i["address"]!.GetValue<string>() == address);
    }
}

/// <summary>Who is not written to any more, and how that comes about.</summary>
public sealed class SuppressionTests(SuppressionFixture fixture) : IClassFixture<SuppressionFixture>
{
    [Fact]
    public async Task A_suppressed_address_gets_nothing_and_counts_as_suppressed_until_it_is_taken_back()
    {
        var address = NewAddress();
        await fixture.Subscribe(address, Categories("muted"));
        using var admin = fixture.Client("admin");
        var answer = await admin.PostAsJsonAsync("/api/suppressions", new { address = address.ToUpperInvariant(), reason = "طلب بالهاتف" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var id = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>();
        (await admin.PostAsJsonAsync("/api/suppressions", new { address, reason = "again" })).StatusCode.ShouldBe(HttpStatusCode.Created);

        var article = Article("muted");
        await fixture.Spy.Publish(article);
        var done = await fixture.Done(article.ArticleId);
        (done["matched"]!.GetValue<int>(), done["suppressed"]!.GetValue<int>(), done["sent"]!.GetValue<int>()).ShouldBe((1, 1, 0));

        (await admin.DeleteAsync(new Uri($"/api/suppressions/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.DeleteAsync(new Uri($"/api/suppressions/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        article = Article("muted");
        await fixture.Spy.Publish(article);
        (await fixture.Done(article.ArticleId))["sent"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_suppressed_address_is_not_even_asked_for_confirmation_and_whoever_asks_sees_no_difference()
    {
        var (address, other) = (NewAddress(), NewAddress());
        using var admin = fixture.Client("admin");
        (await admin.PostAsJsonAsync("/api/suppressions", new { address, reason = "x" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        using var client = fixture.Client();
        var answer = await client.PostAsJsonAsync("/api/subscriptions", Request(address, Categories("a")));
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("{}");
        await fixture.Subscribe(other, Categories("a"));
        await Eventually.True(async () => (await fixture.Subscriptions.Find(s => s.AddressKey == address).SingleAsync()).Confirmation is { Due: null }, "the confirmation to be given up");
        fixture.Sink.For(address).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("hard")]
    [InlineData("complaint")]
    public async Task A_hard_bounce_or_a_complaint_suppresses_at_once(string type)
    {
        var address = NewAddress();
        (await fixture.Bounce($$"""{"type":"{{type}}","address":"{{address}}"}""")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await fixture.Suppressed(address))!["reason"]!.GetValue<string>().ShouldBe(type);
    }

    [Fact]
    public async Task A_bounce_finds_its_reader_by_the_Message_ID_of_an_article_and_of_a_confirmation()
    {
        var (confirmed, asked) = (NewAddress(), NewAddress());
        await fixture.Subscribe(confirmed, Categories("bounced"));
        var article = Article("bounced");
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        using var client = fixture.Client();
        await client.PostAsJsonAsync("/api/subscriptions", Request(asked, Categories("a")));
        await fixture.Sink.MailFor(asked);
        foreach (var (address, mail) in new[] { (confirmed, fixture.Sink.For(confirmed)[1]), (asked, fixture.Sink.For(asked)[0]) })
        {
            (await fixture.Bounce(new JsonObject { ["type"] = "hard", ["messageId"] = $"<{Parse(mail).MessageId}>" }.ToJsonString())).StatusCode.ShouldBe(HttpStatusCode.Accepted);
            (await fixture.Suppressed(address)).ShouldNotBeNull();
        }
        (await fixture.Bounce("""{"type":"hard","messageId":"<unknown@example.org>"}""")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Soft_bounces_suppress_when_there_are_five_in_30_days_and_a_repeat_counts_once()
    {
        var address = NewAddress();
        var body = $$"""{"type":"soft","address":"{{address}}"}""";
        for (var i = 0; i < 6; i++) await fixture.Bounce(body, id: "msg_same");
        for (var i = 0; i < 3; i++) await fixture.Bounce(body);
        (await fixture.Suppressed(address)).ShouldBeNull();
        await fixture.Bounce(body);
        (await fixture.Suppressed(address))!["reason"]!.GetValue<string>().ShouldBe("soft");
    }

    [Fact]
    public async Task Forged_and_old_bounces_are_401_and_change_nothing()
    {
        var address = NewAddress();
        var body = $$"""{"type":"hard","address":"{{address}}"}""";
        (await fixture.Bounce(body, secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await fixture.Bounce(body, age: TimeSpan.FromMinutes(6))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var client = fixture.Client();
        (await client.PostAsJsonAsync("/api/bounces", new { type = "hard", address })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var admin = fixture.Client("admin");
        (await admin.PostAsJsonAsync("/api/bounces", new { type = "hard", address })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await fixture.Suppressed(address)).ShouldBeNull();
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("""{"type":"odd","address":"a@example.org"}""", 400)]
    [InlineData("""{"type":"hard"}""", 400)]
    [InlineData("""{"type":"hard","address":"no address"}""", 400)]
    [InlineData("""{"type":"hard","address":"a@example.org\r\nb"}""", 400)]
    public async Task A_signed_bounce_that_is_malformed_is_400(string body, int status) => ((int)(await fixture.Bounce(body)).StatusCode).ShouldBe(status);

    [Fact]
    public async Task Mails_that_came_back_are_read_and_believed_only_in_their_Message_ID()
    {
        var (address, victim) = (NewAddress(), NewAddress());
        await fixture.Subscribe(address, Categories("returned"));
        var mail = fixture.Sink.For(address)[0];
        (await fixture.Bounce(Dsn(victim, "failed", "5.1.1", Parse(mail).MessageId), "message/rfc822")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await fixture.Suppressed(address))!["reason"]!.GetValue<string>().ShouldBe("hard");
        (await fixture.Bounce(Dsn(victim, "failed", "5.1.1", "forged@example.org"), "message/rfc822")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await fixture.Bounce("From: a@example.org\r\n\r\nhello", "message/rfc822")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await fixture.Suppressed(victim)).ShouldBeNull();
        (await fixture.Bounce("x", "text/plain")).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("failed", "5.1.1", BounceType.Hard)]
    [InlineData("Failed", "5.1.1 (bad mailbox)", BounceType.Hard)]
    [InlineData("failed", "5.2.1", BounceType.Hard)]
    [InlineData("failed", "5.0.0", BounceType.Hard)]
    [InlineData("failed", "5.2.2", BounceType.Soft)]
    [InlineData("failed", "5.7.1", BounceType.Soft)]
    [InlineData("failed", "4.4.7", BounceType.Soft)]
    [InlineData("failed", null, BounceType.Soft)]
    [InlineData("delayed", "4.4.1", null)]
    [InlineData("delivered", "2.0.0", null)]
    [InlineData("relayed", "2.0.0", null)]
    [InlineData(null, null, null)]
    public void Status_codes_tell_what_will_not_change_from_what_may(string? action, string? status, BounceType? type) => BounceReport.TypeOf(action, status).ShouldBe(type);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_report_is_read_with_the_whole_mail_or_its_headers_alone(bool whole)
    {
        var report = BounceReport.Read(MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(Dsn("a@example.org", "failed", "5.1.1", "0123@example.org", whole)))))!;
        report.Type.ShouldBe(BounceType.Hard);
        report.MessageId!.Trim('<', '>').ShouldBe("0123@example.org");
    }

    [Fact]
    public void A_complaint_is_read()
    {
        var arf = "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nspam\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n"
            + "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <77@example.org>\r\nSubject: x\r\n\r\nbody\r\n--b--\r\n";
        BounceReport.Read(MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(arf)))).ShouldBe(new BounceReport(BounceType.Complaint, "77@example.org"));
    }

    [Fact]
    public async Task Only_admins_see_suppressions()
    {
        using var editor = fixture.Client("editor");
        (await editor.GetAsync(new Uri("/api/suppressions", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var anyone = fixture.Client();
        (await anyone.PostAsJsonAsync("/api/suppressions", new { address = "a@example.org", reason = "x" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var admin = fixture.Client("admin");
        (await admin.PostAsJsonAsync("/api/suppressions", new { address = "none", reason = "" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_table_of_subscriptions_holds_every_one_and_no_formula()
    {
        var address = NewAddress();
        await fixture.Subscribe(address, Categories("=cmd|' /C calc'!A0", "أخبار, \"محلية\""));
        using var admin = fixture.Client("admin");
        var answer = await admin.GetAsync(new Uri("/api/subscriptions/export", UriKind.Relative));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var line = (await answer.Content.ReadAsStringAsync()).Split("\r\n").Single(l => l.Contains(address, StringComparison.Ordinal));
        line.ShouldContain(",email," + address + ",confirmed,ar,instant,false,");
        line.ShouldContain("\"'=cmd|' /C calc'!A0;أخبار, \"\"محلية\"\"\"");
        using var editor = fixture.Client("editor");
        (await editor.GetAsync(new Uri("/api/subscriptions/export", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+a@example.org", "\"'+a@example.org\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("a,\"b\"", "\"a,\"\"b\"\"\"")]
    [InlineData("a\r\n=b", "\"a\r\n=b\"")]
    public void A_cell_is_quoted_and_no_formula(string text, string cell) => ExportSubscriptions.Cell(text).ShouldBe(cell);

    [Fact]
    public async Task Readers_see_all_that_is_known_of_them_and_have_it_erased()
    {
        var address = NewAddress();
        var token = await fixture.Subscribe(address, Categories("mine"));
        using var client = fixture.Client();
        client.DefaultRequestHeaders.Authorization = new("Subscription", token);
        (await client.DeleteAsync(new Uri("/api/subscriptions/mine", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var data = (await client.GetFromJsonAsync<JsonObject>("/api/subscriptions/mine/data"))!;
        data["address"]!.GetValue<string>().ShouldBe(address);
        data["status"]!.GetValue<string>().ShouldBe("ended");
        data["subscription"]!["topics"]!["categories"]![0]!.GetValue<string>().ShouldBe("mine");

        (await client.DeleteAsync(new Uri("/api/subscriptions/mine/data", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await fixture.Subscriptions.CountDocumentsAsync(s => s.AddressKey == address)).ShouldBe(0);
        (await client.GetAsync(new Uri("/api/subscriptions/mine/data", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    internal static string Dsn(string recipient, string action, string status, string? messageId, bool whole = true) =>
        "From: MAILER-DAEMON@example.net\r\nTo: news@example.org\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        + "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        + $"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        + $"--b\r\nContent-Type: {(whole ? "message/rfc822" : "text/rfc822-headers")}\r\n\r\nMessage-ID: <{messageId}>\r\nSubject: x\r\n\r\n{(whole ? "body\r\n" : "")}--b--\r\n";
}
