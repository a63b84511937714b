using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class ClaimCommentsTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private readonly Guid _one = Guid.CreateVersion7(), _other = Guid.CreateVersion7();

    private HttpClient As(Guid moderator) => fixture.Client(moderator, Roles.Moderator);

    private async Task<Guid[]> Held(Guid article, int number)
    {
        await fixture.Set(s => s with { Mode = ModerationMode.Pre });
        try
        {
            var ids = new Guid[number];
            for (var i = 0; i < number; i++) ids[i] = (await fixture.Post(article)).Id();
            return ids;
        }
        finally { await fixture.Set(s => s with { Mode = ModerationMode.Post }); }
    }

    private static async Task<Guid[]> Take(HttpClient moderator, Guid article, int limit) =>
        (await (await moderator.PostAsJsonAsync("/api/moderation/claims", new { articleId = article, limit })).Json()).Ids();

    private static Task<HttpResponseMessage> Claim(HttpClient moderator, Guid comment) => moderator.PutAsync(new Uri($"/api/moderation/claims/{comment}", UriKind.Relative), null);

    private static async Task<JsonElement> Approve(HttpClient moderator, Guid comment) =>
        (await (await moderator.PostAsJsonAsync("/api/moderation/decisions", new { items = new[] { new { id = comment } }, decision = "approve" })).Json()).Items("results")[0];

    [Fact]
    public async Task Many_moderators_at_once_never_take_the_same_comment()
    {
        var article = await fixture.Article();
        var held = await Held(article, 12);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Take(As(Guid.CreateVersion7()), article, 2)));

        var all = taken.SelectMany(t => t).ToArray();
        all.ShouldBeUnique();
        all.Except(held).ShouldBeEmpty();
        (all.Length + (await Take(As(_one), article, 50)).Length).ShouldBe(12);
        (await Take(As(_other), article, 50)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_one_has_another_neither_takes_nor_decides_until_it_is_given_back()
    {
        var article = await fixture.Article();
        var comment = (await Held(article, 1))[0];
        (await (await Claim(As(_one), comment)).Json()).GetProperty("by").Id().ShouldBe(_one);

        var refused = await (await Claim(As(_other), comment)).Problem(409, "claim.taken");
        refused.GetProperty("claim").GetProperty("by").Text("name").ShouldBe("Tester");
        var conflict = await Approve(As(_other), comment);
        (conflict.Text("status"), conflict.GetProperty("conflict").GetBoolean()).ShouldBe(("held", true));
        var queued = (await (await As(_other).Get($"/api/moderation/queue?articleId={article}")).Json()).Items().ShouldHaveSingleItem();
        queued.GetProperty("claim").GetProperty("by").Id().ShouldBe(_one);

        (await As(_other).DeleteAsync(new Uri($"/api/moderation/claims/{comment}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await (await Claim(As(_other), comment)).Problem(409, "claim.taken");
        (await As(_one).DeleteAsync(new Uri($"/api/moderation/claims/{comment}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Approve(As(_other), comment)).Text("status").ShouldBe("published");
    }

    [Fact]
    public async Task A_claim_ends_by_itself_and_with_the_decision()
    {
        var article = await fixture.Article();
        var held = await Held(article, 2);
        await Claim(As(_one), held[0]);
        await Claim(As(_one), held[1]);

        (await Approve(As(_one), held[0])).Text("status").ShouldBe("published");
        (await Claim(As(_other), held[0])).StatusCode.ShouldBe(HttpStatusCode.OK);
        using (fixture.Later(TimeSpan.FromMinutes(10))) (await Claim(As(_other), held[1])).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"limit":0}""")]
    [InlineData("""{"limit":51}""")]
    [InlineData("""{"status":"published"}""")]
    [InlineData("""{"who":"me"}""")]
    public async Task A_bad_question_is_a_400(string body) =>
        await (await As(_one).PostAsync(new Uri("/api/moderation/claims", UriKind.Relative), new StringContent(body, null, "application/json"))).Problem(400);

    [Fact]
    public async Task Only_what_is_there_is_claimed() => await (await Claim(As(_one), Guid.CreateVersion7())).Problem(404, "comment.notFound");
}
