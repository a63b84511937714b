using System.Net;
using Platform.Contracts;
using Platform.Notifications.Live;
using Platform.ServiceDefaults;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

public sealed class LiveTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    [Fact]
    public async Task A_reader_hears_each_new_article_that_matches_once()
    {
        await using var all = await EventReader.Articles(fixture.Client(), null);
        await using var some = await EventReader.Articles(fixture.Client(), "category:live-a,tag:" + Uri.EscapeDataString("وسم"));
        var (first, other, tagged) = (Article("live-a"), Article("live-b"), Article("live-b") with { Tags = ["وَسْم"] });
        await fixture.Spy.Publish(Article("live-a") with { Imported = true });
        await fixture.Spy.Publish(first);
        await all.Next();
        await fixture.Spy.Publish(first);   // again
        await fixture.Spy.Publish(other);
        await all.Next();
        await fixture.Spy.Publish(tagged);
        var last = await all.Next();
        last.Data["id"]!.GetValue<Guid>().ShouldBe(tagged.ArticleId);
        last.Data["title"]!.GetValue<string>().ShouldBe(tagged.Title);
        last.Data["url"]!.GetValue<string>().ShouldBe(tagged.Url);

        (await some.Next()).Data["id"]!.GetValue<Guid>().ShouldBe(first.ArticleId);
        (await some.Next()).Data["id"]!.GetValue<Guid>().ShouldBe(tagged.ArticleId);
    }

    [Fact]
    public async Task A_stream_is_resumed_where_it_broke_off_and_shows_nothing_that_was_withdrawn()
    {
        string seen;
        var articles = Enumerable.Range(0, 4).Select(_ => Article("resumed")).ToList();
        await using (var stream = await EventReader.Articles(fixture.Client(), "category:resumed"))
        {
            await fixture.Spy.Publish(articles[0]);
            seen = (await stream.Next()).Id;
        }
        await using var others = await EventReader.Articles(fixture.Client(), null);
        foreach (var article in articles.Skip(1))
        {
            await fixture.Spy.Publish(article);
            await others.Next();
        }
        await fixture.Spy.Publish(new ArticleWithdrawn { ArticleId = articles[2].ArticleId, Version = 9, Slug = "x", Categories = [], WithdrawnAt = DateTimeOffset.UtcNow });
        await Eventually.True(async () => await Replayed() == 2, "the withdrawn one to be gone from the log");
        await using var resumed = await EventReader.Articles(fixture.Client(), "category:resumed", seen);
        (await resumed.Next()).Data["id"]!.GetValue<Guid>().ShouldBe(articles[1].ArticleId);
        (await resumed.Next()).Data["id"]!.GetValue<Guid>().ShouldBe(articles[3].ArticleId);
        var next = Article("resumed");
        await fixture.Spy.Publish(next);
        (await resumed.Next()).Data["id"]!.GetValue<Guid>().ShouldBe(next.ArticleId);

        async Task<int> Replayed()
        {
            var mark = Article("mark");
            await using var stream = await EventReader.Articles(fixture.Client(), "category:resumed,category:mark", seen);
            await fixture.Spy.Publish(mark);
            for (var count = 0; ;)
            {
                var id = (await stream.Next()).Data["id"]!.GetValue<Guid>();
                if (id == mark.ArticleId) return count;
                if (articles.Any(a => a.ArticleId == id)) count++;   // marks of earlier tries come again too
            }
        }
    }

    [Fact]
    public async Task An_article_withdrawn_before_it_is_heard_of_is_shown_to_nobody()
    {
        await using var stream = await EventReader.Articles(fixture.Client(), "category:heard-late");
        var (article, next) = (Article("heard-late"), Article("heard-late"));
        await fixture.Spy.Publish(new ArticleWithdrawn { ArticleId = article.ArticleId, Version = 9, Slug = "x", Categories = [], WithdrawnAt = DateTimeOffset.UtcNow });
        await fixture.Spy.Publish(next);
        (await stream.Next()).Data["id"]!.GetValue<Guid>().ShouldBe(next.ArticleId);
        await fixture.Spy.Publish(article);
        var last = Article("heard-late");
        await fixture.Spy.Publish(last);
        (await stream.Next()).Data["id"]!.GetValue<Guid>().ShouldBe(last.ArticleId);
    }

    [Theory]
    [InlineData("category")]
    [InlineData("category:")]
    [InlineData("colour:red")]
    [InlineData(",")]
    [InlineData("language:xx")]
    public async Task Topics_that_are_none_are_400(string topics)
    {
        using var client = fixture.Client();
        (await client.GetAsync(new Uri("/api/live?topics=" + Uri.EscapeDataString(topics), UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public void Topics_name_what_articles_match_by()
    {
        LiveTopics.Parse(null, ["ar", "en"]).ShouldBeNull();
        LiveTopics.Parse("language:en", ["ar", "en"]).ShouldBe(["en|all"]);
        LiveTopics.Parse("category:iraq", ["ar", "en"]).ShouldBe(["ar|category|iraq", "en|category|iraq"], ignoreOrder: true);
        LiveTopics.Parse("category:iraq, author:salma,language:ar", ["ar", "en"]).ShouldBe(["ar|category|iraq", "ar|author|salma"], ignoreOrder: true);
        Should.Throw<Problem>(() => LiveTopics.Parse(string.Join(',', Enumerable.Range(0, 51).Select(i => $"tag:{i}")), ["ar"])).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Replicas_hear_everything_each()
    {
        await using var replica = await fixture.StartReplica();
        using var http = ((Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program>)replica).CreateClient();
        await using var here = await EventReader.Articles(fixture.Client(), "category:replicas");
        await using var there = await EventReader.Articles(http, "category:replicas");
        for (var i = 0; i < 5; i++)
        {
            var article = Article("replicas");
            await fixture.Spy.Publish(article);
            (await here.Next()).Data["id"]!.GetValue<Guid>().ShouldBe(article.ArticleId);
            (await there.Next()).Data["id"]!.GetValue<Guid>().ShouldBe(article.ArticleId);
        }
    }
}
