using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Contracts;
using Platform.Notifications.CommentMails;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Notifications.Tests.Reactions;

public sealed class CommentMailsTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    private GuestSeal Seal => fixture.Services.GetRequiredService<GuestSeal>();

    private CommentProofRequested Proof(string address, string language = "ar") => new()
    {
        MailId = Guid.CreateVersion7(),
        Address = Seal.Seal(address),
        Link = Seal.Seal("http://localhost:8080/comments/proof?token=abc"),
        Language = language,
        RequestedAt = fixture.Time.GetUtcNow(),
    };

    private CommentRepliesGathered Replies(string address, int named, long count) => new()
    {
        MailId = Guid.CreateVersion7(),
        Address = Seal.Seal(address),
        Off = Seal.Seal("http://localhost:8080/replies/off/xyz"),
        Language = "ar",
        Names = [.. Enumerable.Range(1, named).Select(i => $"قارئ {i}\r\nBcc: x@example.org")],
        Titles = [.. Enumerable.Range(1, named).Select(_ => "خبر")],
        Urls = [.. Enumerable.Range(1, named).Select(i => $"http://localhost:8080/articles/x?thread={i}")],
        Count = count,
        RequestedAt = fixture.Time.GetUtcNow(),
    };

    [Theory]
    [InlineData("ar", "تأكيد العنوان")]
    [InlineData("en", "Confirm address")]
    public async Task The_link_that_proves_an_address_is_mailed_once(string language, string button)
    {
        var address = NotificationsFixture.NewAddress();
        var message = Proof(address, language);
        for (var i = 0; i < 3; i++) await fixture.Spy.Publish(message);

        var mail = await MimeMessage.LoadAsync(new MemoryStream((await fixture.Sink.MailFor(address)).Raw.ToArray()));

        mail.TextBody!.ShouldContain("http://localhost:8080/comments/proof?token=abc");
        mail.HtmlBody!.ShouldContain(button);
        mail.MessageId.ShouldStartWith(message.MailId.ToString("N"));
        await Settled(message.MailId);
        fixture.Sink.For(address).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Replies_come_in_one_mail_that_one_click_ends()
    {
        var address = NotificationsFixture.NewAddress();
        var message = Replies(address, named: 2, count: 5);
        await fixture.Spy.Publish(message);

        var mail = await MimeMessage.LoadAsync(new MemoryStream((await fixture.Sink.MailFor(address)).Raw.ToArray()));

        mail.Subject.ShouldBe("ردود على تعليقاتك (5)");
        mail.TextBody!.ShouldContain("ردّ عليك قارئ 1 Bcc: x@example.org في «خبر»");
        mail.TextBody!.ShouldContain("وردود أخرى");
        mail.Headers[HeaderId.ListUnsubscribe].ShouldBe("<http://localhost:8080/replies/off/xyz>");
        mail.Headers[HeaderId.ListUnsubscribePost].ShouldBe("List-Unsubscribe=One-Click");
        mail.Headers.Contains(HeaderId.Bcc).ShouldBeFalse();
        var kept = await Settled(message.MailId);
        kept.Contains("address").ShouldBe(kept.Contains("address") && kept["address"].IsBsonNull);
    }

    [Fact]
    public async Task A_suppressed_address_gets_none()
    {
        var address = NotificationsFixture.NewAddress();
        await fixture.Services.GetRequiredService<SuppressionStore>().Add(new(Guid.CreateVersion7(), address, EmailAddress.TryParse(address)!.Key, Suppression.Complaint, fixture.Time.GetUtcNow()), default);
        var message = Proof(address);
        await fixture.Spy.Publish(message);

        await Settled(message.MailId);

        fixture.Sink.For(address).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_being_sent_when_its_process_was_killed_goes_again_only_where_the_guest_waits_for_it()
    {
        var (replied, proving) = (NotificationsFixture.NewAddress(), NotificationsFixture.NewAddress());
        var store = fixture.Services.GetRequiredService<CommentMailStore>();
        var now = fixture.Time.GetUtcNow();
        CommentMail Killed(string address, IReadOnlyList<string>? lines) =>
            new(Guid.CreateVersion7(), Seal.Seal(address), Seal.Seal("http://localhost:8080/x"), lines, 1, "ar", now, 1, now, now.AddDays(1)) { Sending = now.AddMinutes(-10) };
        var (replies, proof) = (Killed(replied, ["ليلى", "خبر", "http://localhost:8080/y"]), Killed(proving, null));

        await store.Add(replies, default);
        await store.Add(proof, default);

        await Settled(replies.Id);
        await Settled(proof.Id);
        fixture.Sink.For(replied).ShouldBeEmpty();
        fixture.Sink.For(proving).Count.ShouldBe(1);
    }

    private Task<BsonDocument> Settled(Guid mail) => Eventually.Get(async () =>
        await fixture.Store.GetCollection<BsonDocument>("commentMails").Find(new BsonDocument("_id", new BsonBinaryData(mail, GuidRepresentation.Standard))).FirstOrDefaultAsync() is { } found
            && (!found.TryGetValue("due", out var due) || due.IsBsonNull) ? found : null, "the mail to be settled");
}
