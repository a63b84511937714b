using System.Text;
using Platform.Comments.Privacy;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests;

public sealed class PrivacyTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    [Fact]
    public async Task An_address_is_in_no_answer_but_the_moderators_in_no_message_and_not_readable_in_the_store()
    {
        var article = await fixture.Article();
        var answer = await fixture.TryPost(article, new { name = "a", email = "Very.Private@Example.com", body = "x" }, Guid.NewGuid().ToString());
        var posted = await answer.Content.ReadAsStringAsync();
        var id = (await answer.Json(System.Net.HttpStatusCode.Created)).Id();
        await fixture.Spy.Hears<CommentPublished>(m => m.CommentId == id);
        var stored = string.Concat(await fixture.Documents("comments"), await fixture.Documents("threads"), await fixture.Documents("idempotency"), await fixture.Documents("turns"));

        var shown = string.Concat(posted, await fixture.List(article), await (await fixture.Guest.Get($"/api/comments/{id}")).Content.ReadAsStringAsync(), string.Join('\n', fixture.Spy.Heard<CommentPublished>()));

        foreach (var text in new[] { shown, stored })
        {
            text.ShouldNotContain("private", Case.Insensitive);
            text.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("Very.Private@Example.com")));
        }
        (await (await fixture.Moderator.Get($"/api/moderation/queue?status=published&articleId={article}")).Json()).Items()[0].Text("email").ShouldBe("Very.Private@Example.com");
    }

    [Fact]
    public void The_same_address_is_sealed_differently_each_time_and_hashed_the_same_in_every_spelling()
    {
        var guests = Guests("one secret for tests, 32 characters and more");
        var others = Guests("another secret for tests, 32 characters and more");

        guests.Seal("a@b.co").ShouldNotBe(guests.Seal("a@b.co"));
        guests.Reveal(Holding(guests.Seal("A@b.co"))).ShouldBe("A@b.co");
        guests.Author("A@B.co").ShouldBe(guests.Author("a@b.co "));
        guests.Author("a@b.co").ShouldNotBe(others.Author("a@b.co"));
        others.Reveal(Holding(guests.Seal("a@b.co"))).ShouldBeNull();
        guests.IsEditToken(Guid.Empty, guests.EditToken(Guid.Empty)).ShouldBeTrue();
        guests.IsEditToken(Guid.CreateVersion7(), guests.EditToken(Guid.Empty)).ShouldBeFalse();
        guests.IsEditToken(Guid.Empty, others.EditToken(Guid.Empty)).ShouldBeFalse();
        guests.IsEditToken(Guid.Empty, null).ShouldBeFalse();

        static Comment Holding(byte[] box) => CommentTests.New() with { Email = box };

        static Guests Guests(string secret)
        {
            var settings = new Microsoft.Extensions.Configuration.ConfigurationManager { ["SERVICE_SECRET"] = secret };
            return new(new PlatformSettings(settings), new AddressKeys(settings));
        }
    }
}
