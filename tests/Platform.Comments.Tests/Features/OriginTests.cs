using System.Net;
using System.Net.Http.Json;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class OriginTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private async Task<string?> Network(Guid article) =>
        (await (await fixture.Moderator.Get($"/api/moderation/queue?status=published&articleId={article}")).Json()).Items().ShouldHaveSingleItem().Text("network");

    private async Task<Guid> PostFrom(Guid article, string from)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/articles/{article}/comments")
        {
            Content = JsonContent.Create(new { name = "قارئ", email = CommentsFixture.NewEmail(), body = "نص " + Guid.NewGuid() }),
            Headers = { { "X-Forwarded-For", from } },
        };
        var answer = await fixture.Guest.SendAsync(request);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("network");
        return (await answer.Json(HttpStatusCode.Created)).Id();
    }

    [Theory]
    [InlineData("203.0.113.77", "203.0.113.0/24")]
    [InlineData("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::/48")]
    [InlineData("::ffff:198.51.100.9", "198.51.100.0/24")]
    public async Task Moderators_see_the_network_and_the_store_has_no_more(string from, string network)
    {
        var article = await fixture.Article();
        await PostFrom(article, from);

        (await Network(article)).ShouldBe(network);
        var stored = await fixture.Documents("comments");
        foreach (var whole in new[] { "203.0.113.77", "aaaa:bbbb", "198.51.100.9" }) stored.ShouldNotContain(whole);
    }

    [Fact]
    public async Task It_is_forgotten_after_thirty_days_and_with_the_comment()
    {
        var article = await fixture.Article();
        var id = await PostFrom(article, "203.0.113.1");
        using (fixture.Later(Origin.Kept)) (await Network(article)).ShouldBeNull();

        await fixture.Comments.ForgetOrigins(fixture.Now + Origin.Kept - TimeSpan.FromMinutes(1), default);
        (await fixture.Comments.Find(id, default))!.Origin.ShouldNotBeNull();
        await fixture.Comments.ForgetOrigins(fixture.Now + Origin.Kept + TimeSpan.FromMinutes(1), default);
        (await fixture.Comments.Find(id, default))!.Origin.ShouldBeNull();
        CommentTests.New().Delete(fixture.Now).Origin.ShouldBeNull();
    }

    [Fact]
    public async Task The_newsroom_is_not_followed()
    {
        var article = await fixture.Article();
        await fixture.Post(article, client: fixture.Client(Roles.Editor));

        (await Network(article)).ShouldBeNull();
    }
}
