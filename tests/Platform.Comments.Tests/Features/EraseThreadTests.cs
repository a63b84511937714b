using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class EraseThreadTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private Task<HttpResponseMessage> Erase(HttpClient who, Guid article) => who.DeleteAsync(new Uri($"/api/articles/{article}/comments", UriKind.Relative));

    [Fact]
    public async Task Everything_that_was_written_is_gone_also_where_a_backup_brings_it_back_and_what_comes_later_stays()
    {
        var (article, other) = (await fixture.Article(), await fixture.Article());
        var top = await fixture.Post(article, body: "to be erased 1");
        await fixture.Post(article, top.Id(), "to be erased 2");
        await fixture.Decide("reject", (await fixture.Post(article, body: "to be erased 3")).Id());
        var kept = await fixture.Post(other, body: "stays");
        var comments = fixture.Database.Database.GetCollection<BsonDocument>(CommentStore.Comments);
        var backup = await comments.Find("{}").ToListAsync();

        (await Erase(fixture.Moderator, article)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await Gone();
        await Eventually.True(async () => (await fixture.List(article)).Total() == 0, "the count to be 0");
        var later = await fixture.Post(article, body: "later");
        (await fixture.List(article)).Ids().ShouldBe([later.Id()]);
        (await fixture.List(other)).Ids().ShouldBe([kept.Id()]);
        (await (await fixture.Moderator.Get($"/api/moderation/log?subject={article}")).Json()).Items().Select(l => l.Text("action")).ShouldBe(["threadErased"]);

        foreach (var document in backup) await comments.ReplaceOneAsync(new BsonDocument("_id", document["_id"]), document);
        await fixture.Restart();
        await Gone();
        (await fixture.List(article)).Ids().ShouldBe([later.Id()]);

        Task Gone() => Eventually.True(async () => !(await fixture.Documents(CommentStore.Comments)).Contains("to be erased", StringComparison.Ordinal), "the texts to be gone", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Only_moderators_do_it_and_only_of_what_there_is()
    {
        (await Erase(fixture.Guest, await fixture.Article())).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await (await Erase(fixture.Moderator, Guid.CreateVersion7())).Problem(404, "article.notFound");
    }
}
