using CsCheck;
using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Reactions;

public sealed class KnowArticlesTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private static readonly DateTimeOffset At = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static ArticlePublished Published(Guid id, long version) => new()
    {
        ArticleId = id, Version = version, Edition = 1, Language = "ar", Title = "عنوان", Summary = "", Slug = "s", Url = "http://localhost:8080/articles/s",
        Categories = [], CategoryTree = [], Tags = [], Authors = [], Breaking = false, CommentsOpen = true, PublishedAt = At,
    };

    private static ArticleUpdated Updated(Guid id, long version, bool open) => new()
    {
        ArticleId = id, Version = version, Edition = 1, Language = "ar", Title = "عنوان", Summary = "", Slug = "s", Url = "http://localhost:8080/articles/s",
        Categories = [], CategoryTree = [], CategoriesLeft = [], Tags = [], Authors = [], Breaking = false, CommentsOpen = open, PublishedAt = At, UpdatedAt = At,
    };

    private static ArticleCorrected Corrected(Guid id, long version, string title) => new()
    {
        ArticleId = id, Version = version, Edition = 2, Language = "ar", Title = title, Summary = "", Slug = "s", Url = "http://localhost:8080/articles/s",
        Categories = [], CategoryTree = [], CategoriesLeft = [], Tags = [], Authors = [], Breaking = false, CommentsOpen = true, PublishedAt = At, CorrectedAt = At, Note = "n", Notify = true, Changed = ["title"],
    };

    private static ArticleWithdrawn Withdrawn(Guid id, long version) => new() { ArticleId = id, Version = version, Slug = "s", Categories = [], WithdrawnAt = At };

    private Task<Thread> Knows(Guid id, long version) => Eventually.Get(async () => await fixture.Threads.Find(id, default) is { } t && t.Article.Version == version ? t : null, $"version {version} of the article to be known");

    [Fact]
    public async Task A_published_article_takes_comments_a_withdrawn_one_hides_them()
    {
        var id = Guid.CreateVersion7();
        await fixture.Spy.Publish(Published(id, 3));
        (await Knows(id, 3)).Article.ShouldBe(new KnownArticle(3, "ar", "عنوان", "http://localhost:8080/articles/s", CommentsOpen: true, At, Withdrawn: false));
        await fixture.Post(id);

        await fixture.Spy.Publish(Updated(id, 4, open: false));
        await Knows(id, 4);
        await (await fixture.TryPost(id, new { name = "a", email = "a@b.co", body = "x" })).Problem(409, "thread.closed");

        await fixture.Spy.Publish(Corrected(id, 5, "عنوان آخر"));
        (await Knows(id, 5)).Article.Title.ShouldBe("عنوان آخر");
        await fixture.Post(id);
        (await fixture.List(id)).Total().ShouldBe(2);

        await fixture.Spy.Publish(Withdrawn(id, 6));
        await Knows(id, 6);
        await (await fixture.Guest.Get($"/api/articles/{id}/comments")).Problem(404, "article.notFound");
        await (await fixture.TryPost(id, new { name = "a", email = "a@b.co", body = "x" })).Problem(404, "article.notFound");
    }

    [Fact]
    public async Task Messages_twice_late_and_out_of_order_end_in_the_same_state()
    {
        // Each round: some of an article's messages, shuffled, some of them twice, all at the same moment.
        await Gen.Int[0, 4].List[1, 9].SampleAsync(async order =>
        {
            var id = Guid.CreateVersion7();
            await Task.WhenAll(order.Select(i => i switch
            {
                0 => fixture.Spy.Publish(Published(id, 1)),
                1 => fixture.Spy.Publish(Updated(id, 2, open: false)),
                2 => fixture.Spy.Publish(Corrected(id, 3, "corrected")),
                3 => fixture.Spy.Publish(Updated(id, 4, open: true)),
                _ => fixture.Spy.Publish(Withdrawn(id, 5)),
            }));
            // The last message of the queue: when it is known, those before it have been handled or are being so.
            var newest = order.Max() + 1;
            var thread = await Knows(id, newest);
            await Eventually.True(async () => await Waiting() == 0, "the queue to be empty");
            thread = await Knows(id, newest);
            thread.IsVisible.ShouldBe(newest != 5);
            thread.Article.CommentsOpen.ShouldBe(newest switch { 2 => false, 5 => thread.Article.CommentsOpen, _ => true });
            if (newest == 3) thread.Article.Title.ShouldBe("corrected");
        }, iter: 25, threads: 1);

        async Task<int> Waiting() => System.Text.Json.JsonDocument.Parse(await fixture.VirtualHost.Management.GetStringAsync(new Uri($"api/queues/{fixture.VirtualHost.Name}/comments-know-articles", UriKind.Relative)))
            .RootElement.TryGetProperty("messages", out var n) ? n.GetInt32() : 0;
    }

    [Fact]
    public async Task Counts_and_the_moderators_word_survive_news_of_the_article()
    {
        var id = await fixture.Article();
        await fixture.Post(id);
        await fixture.Threads.SetOverride(id, true, default);

        await fixture.Spy.Publish(Updated(id, 7, open: false));
        await Knows(id, 7);

        var list = await fixture.List(id);
        (list.Total(), list.GetProperty("open").GetBoolean()).ShouldBe((1, true));
    }
}
