using System.Net.Http.Json;
using System.Text.Json;
using Platform.Comments.Moderation;
using Platform.Contracts;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

/// <summary>A held comment shows by no route, count or error to who may not know of it.</summary>
public sealed class HeldCommentsTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    [Fact]
    public async Task No_route_shows_it()
    {
        var article = await fixture.Article();
        var seen = await fixture.Post(article);
        await fixture.Set(s => s with { Mode = ModerationMode.Pre });
        try
        {
            var held = await fixture.Post(article);
            var heldReply = await fixture.Post(article, seen.Id());
            var unknown = Guid.CreateVersion7();

            var list = await fixture.List(article);
            list.Ids().ShouldBe([seen.Id()]);
            (list.Total(), list.Items()[0].GetProperty("replyCount").GetInt64(), list.Items()[0].Items("replies").Length).ShouldBe((1, 0, 0));
            (await fixture.List(article, $"?parent={seen.Id()}")).Items().ShouldBeEmpty();
            (await (await fixture.Guest.Get($"/api/comment-counts?ids={article}")).Json()).GetProperty("counts").GetProperty(article.ToString()).GetInt64().ShouldBe(1);
            foreach (var hidden in new[] { held.Id(), heldReply.Id() })
            {
                await Same(hidden, unknown, id => fixture.Guest.Get($"/api/comments/{id}"));
                await Same(hidden, unknown, id => fixture.Guest.Get($"/api/articles/{article}/comments?parent={id}"));
                await Same(hidden, unknown, id => fixture.Guest.PatchAsJsonAsync($"/api/comments/{id}", new { body = "x" }));
                await Same(hidden, unknown, id => Send(HttpMethod.Patch, id, "guessed"));
                await Same(hidden, unknown, id => Send(HttpMethod.Delete, id, "guessed"));
                await Same(hidden, unknown, id => Send(HttpMethod.Delete, id, null));
                await Same(hidden, unknown, id => fixture.TryPost(article, new { name = "a", email = "a@b.co", body = "x", parentId = id }));
            }
            fixture.Spy.Heard<CommentPublished>().ShouldNotContain(m => m.CommentId == held.Id() || m.CommentId == heldReply.Id());
        }
        finally { await fixture.Set(s => s with { Mode = ModerationMode.Post }); }
    }

    private Task<HttpResponseMessage> Send(HttpMethod method, Guid id, string? token)
    {
        var request = new HttpRequestMessage(method, $"/api/comments/{id}");
        if (method == HttpMethod.Patch) request.Content = JsonContent.Create(new { body = "x" });
        if (token is not null) request.Headers.Add("X-Edit-Token", token);
        return fixture.Guest.SendAsync(request);
    }

    /// <summary>The answer for the hidden comment is the one for a comment that never was.</summary>
    private static async Task Same(Guid hidden, Guid unknown, Func<Guid, Task<HttpResponseMessage>> ask)
    {
        var (one, other) = (await ask(hidden), await ask(unknown));
        one.StatusCode.ShouldBe(other.StatusCode);
        ((int)one.StatusCode).ShouldBeOneOf(404, 422);
        (await Told(one)).ShouldBe(await Told(other));

        static async Task<string> Told(HttpResponseMessage answer) =>
            string.Join(',', JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).EnumerateObject().Where(p => p.Name != "traceId").Select(p => p.ToString()));
    }
}
