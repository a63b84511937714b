using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Reactions;

public sealed class CountCommentsTests(ArticlesFixture articles) : IClassFixture<ArticlesFixture>
{
    [Fact]
    public async Task The_highest_version_of_the_count_holds_whatever_order_they_come_in()
    {
        var article = await articles.Published();
        foreach (var version in new[] { 3, 1, 2, 3 }) await articles.Spy.Publish(new ThreadCounted { ArticleId = article.Id(), Version = version, Count = version * 10 });
        await articles.Spy.Publish(new ThreadCounted { ArticleId = Guid.NewGuid(), Version = 1, Count = 1 });   // of an article that is not there
        var other = await articles.Published();
        await articles.Spy.Publish(new ThreadCounted { ArticleId = other.Id(), Version = 1, Count = 7 });

        await Eventually.True(async () => (long)(await articles.Reader.Get(other.Path())).Json!["commentCount"]! == 7, "the last count");
        await Eventually.True(async () => (long)(await articles.Reader.Get(article.Path())).Json!["commentCount"]! == 30, "the highest count");
        (await articles.Reader.Get(article.Path())).Json!.Version().ShouldBe(article.Version());
    }

    [Fact]
    public async Task An_edit_keeps_the_count()
    {
        var article = await articles.Published();
        await articles.Spy.Publish(new ThreadCounted { ArticleId = article.Id(), Version = 1, Count = 5 });
        await Eventually.True(async () => (long)(await articles.Reader.Get(article.Path())).Json!["commentCount"]! == 5, "the count");
        var edited = (await articles.Editor.Put(article, articles.Input())).Expect(System.Net.HttpStatusCode.OK);
        ((long)edited["commentCount"]!).ShouldBe(5);
        ((long)(await articles.Reader.Get(article.Path())).Json!["commentCount"]!).ShouldBe(5);
    }
}
