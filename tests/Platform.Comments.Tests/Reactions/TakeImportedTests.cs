using CsCheck;
using Platform.Comments.Reactions;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Reactions;

public sealed class TakeImportedTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private static readonly DateTimeOffset At = new(2019, 3, 1, 10, 0, 0, TimeSpan.Zero);
    private readonly ImportSeal _seal = new(new Microsoft.Extensions.Configuration.ConfigurationManager { ["IMPORT_SECRET"] = TestSettings.Default["IMPORT_SECRET"] });

    private ImportedComment Comment(int id, bool approved = true, params string[] ancestors) => new()
    {
        ExternalId = id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Ancestors = ancestors,
        Name = "قارئ " + id,
        Email = _seal.Seal($"reader{id}@mail.example"),
        Body = "تعليق قديم",
        At = At.AddMinutes(id),
        Approved = approved,
    };

    private static CommentsImported Message(Guid article, params ImportedComment[] comments) => new() { ImportId = Guid.NewGuid(), ArticleId = article, Comments = comments };

    [Fact]
    public async Task Imported_comments_keep_their_threads_dates_and_state_and_are_announced_to_nobody()
    {
        var article = await fixture.Article();
        await fixture.Spy.Publish(Message(article, Comment(1), Comment(2, true, "1"), Comment(3, true, "1", "2"), Comment(4, approved: false), Comment(5)));
        await fixture.Spy.Hears<ThreadCounted>(m => m.ArticleId == article && m.Count == 4);

        var list = await fixture.List(article, "?sort=oldest");
        list.Total().ShouldBe(4);
        list.Items().Select(c => (c.Text("name"), c.Text("createdAt"))).ShouldBe([("قارئ 1", "2019-03-01T10:01:00.000Z"), ("قارئ 5", "2019-03-01T10:05:00.000Z")]);
        list.Items()[0].Items("replies").ShouldHaveSingleItem().Text("name").ShouldBe("قارئ 2");
        fixture.Spy.Heard<CommentPublished>().ShouldNotContain(m => m.ArticleId == article);
        var queue = await (await fixture.Moderator.Get($"/api/moderation/queue?articleId={article}")).Json();
        queue.Items().ShouldHaveSingleItem().Text("email").ShouldBe("reader4@mail.example");
        (await fixture.Documents("comments")).ShouldNotContain("mail.example");
    }

    [Fact]
    public async Task In_any_order_twice_and_before_the_article_is_known_the_end_is_the_same()
    {
        var (published, article) = (ArticleMessages.Published(Guid.CreateVersion7(), 1), Guid.Empty);
        article = published.ArticleId;
        object[] messages = [Message(article, Comment(1), Comment(2, true, "1")), Message(article, Comment(3, true, "1", "2")), Message(article, Comment(4, true, "1"), Comment(5)), published with { Imported = true }];
        object[] all = [.. messages, .. messages];
        var random = new Random(Gen.Int.Single());
        random.Shuffle(all);
        foreach (var message in all) await (message is CommentsImported comments ? fixture.Spy.Publish(comments) : fixture.Spy.Publish((ArticlePublished)message));

        await Eventually.Passes(async () =>
        {
            var list = await fixture.List(article, "?sort=oldest");
            list.Total().ShouldBe(5);
            list.Items().Select(c => (c.Text("name"), c.GetProperty("replyCount").GetInt64())).ShouldBe([("قارئ 1", 2), ("قارئ 5", 0)]);
            (await fixture.Threads.Find(article, default))!.Count.ShouldBe(5);
        }, "all comments to be there and counted");
    }

    [Fact]
    public async Task What_a_moderator_decided_stays_when_the_import_comes_again()
    {
        var article = await fixture.Article();
        await fixture.Spy.Publish(Message(article, Comment(1), Comment(2)));
        await fixture.Spy.Hears<ThreadCounted>(m => m.ArticleId == article && m.Count == 2);
        await fixture.Decide("reject", TakeImported.IdOf(article, "1"));
        await fixture.Spy.Publish(Message(article, Comment(1), Comment(2), Comment(3)));

        await Eventually.True(async () => (await fixture.List(article)).Total() == 2, "the third to be there");
        (await fixture.Comments.Find(TakeImported.IdOf(article, "1"), default))!.Status.ShouldBe(CommentStatus.Rejected);
    }

    [Fact]
    public async Task An_address_sealed_under_another_key_is_dropped_and_the_comment_stays()
    {
        var article = await fixture.Article();
        await fixture.Spy.Publish(Message(article, Comment(1) with { Email = Convert.ToBase64String(new byte[60]) }));
        await fixture.Spy.Hears<ThreadCounted>(m => m.ArticleId == article && m.Count == 1);

        (await fixture.Comments.Find(TakeImported.IdOf(article, "1"), default))!.Email.ShouldBeNull();
    }
}
