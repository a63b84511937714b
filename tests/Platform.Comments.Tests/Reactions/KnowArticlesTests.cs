using CsCheck;
using Platform.Testing;
using Shouldly;
using Xunit;
using static Platform.Comments.Tests.ArticleMessages;

namespace Platform.Comments.Tests.Reactions;

public sealed class KnowArticlesTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private Task<Thread> Knows(Guid id, long version) => Eventually.Get(async () => await fixture.Threads.Find(id, default) is { } t && t.Article.Version == version ? t : null, $"version {version} of the article to be known");

    [Fact]
    public async Task A_published_article_takes_comments_a_withdrawn_one_hides_them()
    {
        var id = Guid.CreateVersion7();
        await fixture.Spy.Publish(Published(id, 3));
        (await Knows(id, 3)).Article.ShouldBe(new KnownArticle(3, "ar", "عنوان", "http://localhost:8080/articles/s", CommentsOpen: true, At, Withdrawn: false));
        await fixture.Post(id);

        // Posting goes by a memory that may be some tenths of a second old.
        await fixture.Spy.Publish(Updated(id, 4, open: false));
        await Answers(409, "thread.closed");

        await fixture.Spy.Publish(Corrected(id, 5, "عنوان آخر"));
        (await Knows(id, 5)).Article.Title.ShouldBe("عنوان آخر");
        await Answers(201, null);

        await fixture.Spy.Publish(Withdrawn(id, 6));
        await Answers(404, "article.notFound");
        await (await fixture.Guest.Get($"/api/articles/{id}/comments")).Problem(404, "article.notFound");

        Task Answers(int status, string? code) => Eventually.Passes(async () =>
        {
            var answer = await (await fixture.TryPost(id, new { name = "a", email = "a@b.co", body = Guid.NewGuid().ToString() })).Json((System.Net.HttpStatusCode)status);
            if (code is not null) answer.Text("code").ShouldBe(code);
        }, $"posting to answer {status}");
    }

    [Fact]
    public async Task Messages_twice_late_and_out_of_order_end_in_the_same_state()
    {
        KnownArticle Version(long v, bool open, string title = "عنوان") => new(v, "ar", title, "http://localhost:8080/articles/s", open, At, Withdrawn: false);

        // Each round: some of an article's messages, shuffled, some of them twice, all at the same moment.
        await Gen.Int[1, 5].List[1, 12].SampleAsync(async order =>
        {
            var id = Guid.CreateVersion7();
            await Task.WhenAll(order.Select(v => v switch
            {
                1 => fixture.Threads.Know(id, Version(1, open: true), default),
                2 => fixture.Threads.Know(id, Version(2, open: false), default),
                3 => fixture.Threads.Know(id, Version(3, open: true, "corrected"), default),
                4 => fixture.Threads.Know(id, Version(4, open: true), default),
                _ => fixture.Threads.KnowWithdrawn(id, 5, At, default),
            }));

            var thread = (await fixture.Threads.Find(id, default))!;
            if (order.Contains(5)) (thread.IsVisible, thread.Article.Version).ShouldBe((false, 5));
            else thread.Article.ShouldBe(order.Max() switch { 1 => Version(1, true), 2 => Version(2, false), 3 => Version(3, true, "corrected"), _ => Version(4, true) });
        }, iter: 60, threads: 1);
    }

    [Fact]
    public async Task Counts_and_the_moderators_word_survive_news_of_the_article()
    {
        var id = await fixture.Article();
        await fixture.Post(id);
        await fixture.Override(id, true);

        await fixture.Spy.Publish(Updated(id, 7, open: false));
        await Knows(id, 7);

        var list = await fixture.List(id);
        (list.Total(), list.GetProperty("open").GetBoolean()).ShouldBe((1, true));
    }
}
