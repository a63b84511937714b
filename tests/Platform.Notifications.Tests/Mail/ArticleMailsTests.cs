using System.Text;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.Configuration;
using MimeKit;
using Platform.Notifications.Mail;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Notifications.Tests.Mail;

/// <summary>What a subscriber reads, and what mail programs and servers need.</summary>
public sealed class ArticleMailsTests
{
    private static readonly KnownArticle Arabic = new(Guid.CreateVersion7(), 3, false, "ar", "تمهيد", "واشنطن تريد الانسحاب", "ملخص <b>قصير</b> للخبر & ما يليه.", "سياسة", "http://localhost:8080/articles/%D8%AE%D8%A8%D8%B1", false);

    [Fact]
    public void An_Arabic_mail_reads_from_right_to_left_in_both_parts()
    {
        var mail = Read(Make(Arabic));
        mail.Subject.ShouldBe("واشنطن تريد الانسحاب");
        mail.From.Mailboxes.Single().Name.ShouldBe("أخبار");
        var alternative = mail.Body.ShouldBeOfType<MultipartAlternative>();
        alternative.Select(p => p.ContentType.MimeType).ShouldBe(["text/plain", "text/html"]);
        mail.TextBody!.ShouldContain("ملخص <b>قصير</b> للخبر & ما يليه.");
        mail.TextBody!.ShouldContain("اقرأ الخبر كاملاً:");
        mail.TextBody!.Split('\n').ShouldAllBe(line => !line.Contains('\u0001'));
        var page = new HtmlParser().ParseDocument(mail.HtmlBody!);
        page.DocumentElement.GetAttribute("dir").ShouldBe("rtl");
        page.DocumentElement.GetAttribute("lang").ShouldBe("ar");
        page.QuerySelector("h1")!.TextContent.ShouldBe("واشنطن تريد الانسحاب");
        page.Body!.TextContent.ShouldContain("ملخص <b>قصير</b> للخبر & ما يليه.");
        page.QuerySelectorAll("a").Select(a => a.TextContent).ShouldBe(["اقرأ الخبر كاملاً", "إدارة الاشتراك", "إلغاء الاشتراك"]);
        page.QuerySelectorAll("img, link, script, style, iframe").ShouldBeEmpty("nothing is loaded");
    }

    [Fact]
    public void An_article_keeps_its_own_direction_in_a_mail_of_another_language()
    {
        var page = new HtmlParser().ParseDocument(Read(Make(Arabic, language: "en")).HtmlBody!);
        page.DocumentElement.GetAttribute("dir").ShouldBe("ltr");
        page.QuerySelector("h1")!.ParentElement!.GetAttribute("dir").ShouldBe("rtl");
        page.QuerySelectorAll("a").Select(a => a.TextContent).ShouldBe(["Read the full story", "Manage subscription", "Unsubscribe"]);
    }

    [Fact]
    public void It_can_be_unsubscribed_with_one_click_and_nobody_answers_it_by_machine()
    {
        var (subscription, tokens) = (Subscription(), new Tokens(Platform()));
        var mail = Read(Make(Arabic, subscription: subscription));
        mail.Headers[HeaderId.ListUnsubscribe].ShouldBe($"<http://localhost:8080/unsubscribe/{tokens.Unsubscribe(subscription.Id)}>");
        mail.Headers[HeaderId.ListUnsubscribePost].ShouldBe("List-Unsubscribe=One-Click");
        mail.Headers[HeaderId.ListId].ShouldBe("<articles.localhost>");
        mail.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        mail.Headers[HeaderId.Precedence].ShouldBe("bulk");
        mail.TextBody!.ShouldContain($"http://localhost:8080/subscriptions/{tokens.Manage(subscription.Id)}");
        mail.HtmlBody!.ShouldContain($"http://localhost:8080/unsubscribe/{tokens.Unsubscribe(subscription.Id)}");
    }

    [Theory]
    [InlineData("One\r\nBcc: victim@example.org\r\n\r\nBody")]
    [InlineData("One\nBcc: victim@example.org")]
    [InlineData("One\u2028Bcc: victim@example.org\u0000\u0085")]
    public void A_title_with_line_ends_adds_no_header_and_no_recipient(string title)
    {
        var raw = Bytes(Make(Arabic with { Title = title, Section = title, Kicker = title, Summary = title }));
        var mail = Read(raw);
        mail.Headers[HeaderId.Bcc].ShouldBeNull();
        mail.To.Mailboxes.Single().Address.ShouldBe("reader@example.org");
        mail.Bcc.ShouldBeEmpty();
        Encoding.ASCII.GetString(raw).ShouldNotContain("\r\nBcc:");
        mail.Subject!.ShouldStartWith("One Bcc: victim@example.org");
        mail.HtmlBody.ShouldNotBeNull();
    }

    [Fact]
    public void The_same_delivery_is_the_same_mail_byte_for_byte()
    {
        var (dispatch, subscription) = (Dispatch(), Subscription());
        var row = Delivery.Plan(dispatch.Id, subscription.Id, 0, DateTimeOffset.UtcNow);
        var (first, again) = (Bytes(Mails().Make(dispatch, Arabic, row, subscription)), Bytes(Mails().Make(dispatch, Arabic, row with { Attempts = 3 }, subscription)));
        again.ShouldBe(first);
        Read(first).MessageId.ShouldBe($"{row.Id:N}@localhost");
    }

    [Fact]
    public void Every_line_is_short_and_ASCII_so_that_any_server_can_carry_it()
    {
        foreach (var article in new[] { Arabic, Arabic with { Language = "en", Title = "Title", Kicker = null, Section = "World", Summary = string.Concat(Enumerable.Repeat("A long summary of one paragraph. ", 30)) } })
        {
            var lines = Encoding.Latin1.GetString(Bytes(Make(article, language: article.Language))).Split("\r\n");
            lines.ShouldAllBe(line => line.Length <= 998 && line.All(char.IsAscii));
        }
    }

    [Fact]
    public void A_breaking_story_and_a_correction_say_so()
    {
        Read(Make(Arabic with { Breaking = true })).Subject.ShouldBe("عاجل: واشنطن تريد الانسحاب");
        var correction = Read(Make(Arabic with { Breaking = true }, dispatch: Dispatch() with { Note = "ورد رقم خاطئ." }));
        correction.Subject.ShouldBe("تصحيح: واشنطن تريد الانسحاب");
        correction.TextBody!.ShouldContain("ورد رقم خاطئ.");
        correction.HtmlBody!.ShouldContain("ورد رقم خاطئ.");
    }

    [Fact]
    public void An_address_beyond_ASCII_goes_on_the_wire_with_an_ASCII_domain() =>
        Make(Arabic, subscription: Subscription() with { Address = "سلمى@مثال.السعودية" }).To.GetAddress(idnEncode: true).ShouldBe("سلمى@xn--mgbh0fb.xn--mgberp4a5d4ar");

    private static OutgoingMail Make(KnownArticle article, string language = "ar", Subscription? subscription = null, Dispatch? dispatch = null)
    {
        subscription ??= Subscription();
        dispatch ??= Dispatch();
        subscription = subscription with { Preferences = subscription.Preferences! with { Language = language } };
        return Mails().Make(dispatch, article, Delivery.Plan(dispatch.Id, subscription.Id, 0, DateTimeOffset.UtcNow), subscription);
    }

    private static Dispatch Dispatch() => Notifications.Dispatch.Of(NotificationsFixture.Article("a"), Guid.NewGuid(), DateTimeOffset.UtcNow);

    private static Subscription Subscription() => NotificationsFixture.NewSubscription("reader@example.org", "a");

    private static IConfiguration Configuration() =>
        new ConfigurationBuilder().AddInMemoryCollection([.. TestSettings.Default, new("SMTP_URI", "smtp://127.0.0.1"), new("MAIL_FROM", "أخبار <news@example.org>")]).Build();

    private static PlatformSettings Platform() => new(Configuration());

    private static ArticleMails Mails() => new(Platform(), MailSettings.Read(Configuration(), Platform()), new Tokens(Platform()));

    private static byte[] Bytes(OutgoingMail mail)
    {
        using var stream = new MemoryStream();
        mail.Message.WriteTo(new FormatOptions { NewLineFormat = NewLineFormat.Dos }, stream);
        return stream.ToArray();
    }

    private static MimeMessage Read(OutgoingMail mail) => Read(Bytes(mail));

    private static MimeMessage Read(byte[] raw) => MimeMessage.Load(new MemoryStream(raw));
}
