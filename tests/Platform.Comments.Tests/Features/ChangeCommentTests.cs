using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Comments.Moderation;
using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class ChangeCommentTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private Task<HttpResponseMessage> Edit(JsonElement posted, string body, string? token = null, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/comments/{posted.Id()}") { Content = JsonContent.Create(new { body }), Headers = { { "X-Edit-Token", token ?? posted.Text("editToken") } } };
        if (ifMatch is not null) request.Headers.Add("If-Match", ifMatch);
        return fixture.Guest.SendAsync(request);
    }

    private Task<HttpResponseMessage> Delete(JsonElement posted, string? token = null) =>
        fixture.Guest.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/api/comments/{posted.Id()}") { Headers = { { "X-Edit-Token", token ?? posted.Text("editToken") } } });

    [Fact]
    public async Task Its_author_changes_a_comment()
    {
        var posted = await fixture.Post(await fixture.Article());

        var edited = await (await Edit(posted, " نصّ\r\nآخر ")).Json();

        (edited.Text("body"), edited.GetProperty("version").GetInt64(), edited.GetProperty("editedAt").ValueKind).ShouldBe(("نصّ\nآخر", 2, JsonValueKind.String));
        edited.TryGetProperty("editToken", out _).ShouldBeFalse();
        (await (await fixture.Guest.Get($"/api/comments/{posted.Id()}")).Json()).Text("body").ShouldBe("نصّ\nآخر");
        (await fixture.Spy.Hears<CommentEdited>(m => m.CommentId == posted.Id())).Version.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_text_again_changes_nothing()
    {
        var posted = await fixture.Post(await fixture.Article(), body: "same");

        (await (await Edit(posted, "same")).Json()).GetProperty("version").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Without_the_token_nobody_changes_it()
    {
        var (posted, other) = (await fixture.Post(await fixture.Article()), await fixture.Post(await fixture.Article()));

        foreach (var token in new[] { other.Text("editToken")!, "x", new string('A', 43) })
        {
            await (await Edit(posted, "x", token)).Problem(403, "comment.editToken");
            await (await Delete(posted, token)).Problem(403, "comment.editToken");
        }
        await (await fixture.Guest.DeleteAsync(new Uri($"/api/comments/{posted.Id()}", UriKind.Relative))).Problem(403, "comment.editToken");
    }

    [Fact]
    public async Task After_the_window_nothing_changes()
    {
        var posted = await fixture.Post(await fixture.Article());
        using (fixture.Later(TimeSpan.FromMinutes(14))) (await Edit(posted, "in time")).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var later = fixture.Later(TimeSpan.FromMinutes(15.1));
        await (await Edit(posted, "too late")).Problem(403, "comment.editWindowOver");
        await (await Delete(posted)).Problem(403, "comment.editWindowOver");
    }

    [Fact]
    public async Task No_window_no_change()
    {
        await fixture.Set(s => s with { EditWindowMinutes = 0 });
        try { await (await Edit(await fixture.Post(await fixture.Article()), "x")).Problem(403, "comment.editWindowOver"); }
        finally { await fixture.Set(s => s with { EditWindowMinutes = 15 }); }
    }

    [Fact]
    public async Task If_Match_is_honoured()
    {
        var posted = await fixture.Post(await fixture.Article());

        (await Edit(posted, "second", ifMatch: "\"1\"")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await Edit(posted, "third", ifMatch: "\"1\"")).Problem(412, "comment.versionConflict");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u200b")]
    public async Task A_text_must_be_there(string body) => (await (await Edit(await fixture.Post(await fixture.Article()), body)).Problem(400)).GetProperty("errors").TryGetProperty("body", out _).ShouldBeTrue();

    [Fact]
    public async Task The_rules_judge_the_new_text()
    {
        var article = await fixture.Article();
        var (one, two, three) = (await fixture.Post(article), await fixture.Post(article), await fixture.Post(article, body: "مكرر", email: "r@example.com"));
        var four = await fixture.Post(article, email: "r@example.com");
        await fixture.Set(s => s with { BannedWords = ["قمار"], SuspectWords = ["ربح"] });
        try
        {
            await (await Edit(one, "قمار")).Problem(422, "comment.bannedWord");
            (await (await Edit(two, "ربح")).Json()).Text("status").ShouldBe("held");
            await (await Edit(four, "مكـــرر")).Problem(409, "comment.repeat");
        }
        finally { await fixture.Set(s => s with { BannedWords = [], SuspectWords = [] }); }

        (await fixture.List(article)).Ids().ShouldBe([four.Id(), three.Id(), one.Id()]);
        (await fixture.List(article)).Total().ShouldBe(3);
        await fixture.Spy.Hears<CommentRemoved>(m => m.CommentId == two.Id());
        (await (await Edit(two, "harmless now")).Json()).Text("status").ShouldBe("held");
    }

    [Fact]
    public async Task A_first_comment_that_was_approved_is_read_again_when_it_changes()
    {
        await fixture.Set(s => s with { Mode = ModerationMode.NewCommenters });
        try
        {
            var (article, email) = (await fixture.Article(), CommentsFixture.NewEmail());
            var first = await fixture.Post(article, email: email);
            await fixture.Decide("approve", first.Id());
            var second = await fixture.Post(article, email: email);

            (await (await Edit(second, "by one who is known")).Json()).Text("status").ShouldBe("published");
            (await Delete(second)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            (await (await Edit(first, "something else")).Json()).Text("status").ShouldBe("held");
        }
        finally { await fixture.Set(s => s with { Mode = ModerationMode.Post }); }
    }

    [Fact]
    public async Task Deleting_erases_it()
    {
        var article = await fixture.Article();
        var (posted, email) = (await fixture.Post(article, body: "to be erased", email: "erased@example.com", name: "Erased"), "erased@example.com");

        (await Delete(posted)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await (await fixture.Guest.Get($"/api/comments/{posted.Id()}")).Problem(404, "comment.notFound");
        await (await Delete(posted)).Problem(404, "comment.notFound");
        (await fixture.List(article)).Total().ShouldBe(0);
        await fixture.Spy.Hears<CommentRemoved>(m => m.CommentId == posted.Id());
        // Once the events are out, nothing of it is left in the store.
        await Eventually.True(async () => await fixture.Documents("comments") is var stored && !stored.Contains("to be erased", StringComparison.Ordinal) && !stored.Contains("Erased", StringComparison.Ordinal), "the text to be gone");
        await fixture.Post(article, body: "to be erased", email: email);
        foreach (var status in new[] { "held", "rejected", "spam" })
            (await (await fixture.Moderator.Get($"/api/moderation/queue?articleId={article}&status={status}")).Json()).Items().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_held_comment_is_its_authors_to_change_too()
    {
        await fixture.Set(s => s with { Mode = ModerationMode.Pre });
        try
        {
            var held = await fixture.Post(await fixture.Article());

            (await (await Edit(held, "better")).Json()).Text("status").ShouldBe("held");
            (await Delete(held)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
        finally { await fixture.Set(s => s with { Mode = ModerationMode.Post }); }
    }

    [Fact]
    public async Task Changes_at_the_same_moment_follow_one_another()
    {
        var posted = await fixture.Post(await fixture.Article());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Edit(posted, "text " + i)));

        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK);
        (await (await fixture.Guest.Get($"/api/comments/{posted.Id()}")).Json()).GetProperty("version").GetInt64().ShouldBe(9);
    }
}
