using System.Net;
using System.Text.Json;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class ListCommentsTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    [Fact]
    public async Task A_known_article_without_comments_is_an_empty_list()
    {
        var list = await fixture.List(await fixture.Article());

        (list.Items().Length, list.GetProperty("next").ValueKind, list.Total(), list.GetProperty("open").GetBoolean()).ShouldBe((0, JsonValueKind.Null, 0, true));
    }

    [Fact]
    public async Task An_article_that_is_not_public_is_a_404()
    {
        await (await fixture.Guest.Get($"/api/articles/{Guid.CreateVersion7()}/comments")).Problem(404, "article.notFound");

        var withdrawn = await fixture.Article();
        var comment = await fixture.Post(withdrawn);
        await fixture.Threads.KnowWithdrawn(withdrawn, 2, fixture.Now, default);
        await (await fixture.Guest.Get($"/api/articles/{withdrawn}/comments")).Problem(404, "article.notFound");
        await (await fixture.Guest.Get($"/api/comments/{comment.Id()}")).Problem(404, "comment.notFound");
    }

    [Theory]
    [InlineData("?sort=newest", true)]
    [InlineData("?sort=top", true)]
    [InlineData("?sort=oldest", false)]
    public async Task Pages_are_exact_while_others_comment(string query, bool newestFirst)
    {
        var article = await fixture.Article();
        var posted = new List<Guid>();
        for (var i = 0; i < 25; i++) posted.Add((await fixture.Post(article)).Id());

        var walked = new List<Guid>();
        string? next = null;
        do
        {
            var page = await fixture.List(article, $"{query}&limit=4{(next is null ? "" : "&cursor=" + next)}");
            page.Items().Length.ShouldBeLessThanOrEqualTo(4);
            walked.AddRange(page.Ids());
            next = page.Text("next");
            if (posted.Count < 29) posted.Add((await fixture.Post(article)).Id());
        }
        while (next is not null);

        walked.ShouldBe(newestFirst ? posted.Take(25).Reverse() : posted);
    }

    [Fact]
    public async Task A_page_that_ends_the_list_has_no_next()
    {
        var article = await fixture.Article();
        for (var i = 0; i < 4; i++) await fixture.Post(article);

        (await fixture.List(article, "?limit=4")).GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        (await fixture.List(article, "?limit=3")).Text("next").ShouldNotBeNull();
    }

    [Fact]
    public async Task The_first_three_replies_come_along_and_the_cursor_goes_on_behind_them()
    {
        var article = await fixture.Article();
        var (one, two) = ((await fixture.Post(article)).Id(), (await fixture.Post(article)).Id());
        var replies = new List<Guid>();
        for (var i = 0; i < 8; i++) replies.Add((await fixture.Post(article, one)).Id());

        var list = (await fixture.List(article, "?sort=oldest")).Items();

        list.Select(c => c.Id()).ShouldBe([one, two]);
        list[0].Ids("replies").ShouldBe(replies.Take(3));
        list[0].GetProperty("replyCount").GetInt64().ShouldBe(8);
        list[0].Items("replies")[0].TryGetProperty("replies", out _).ShouldBeFalse();
        (list[1].Ids("replies"), list[1].GetProperty("moreReplies").ValueKind).ShouldBe(([], JsonValueKind.Null));
        var more = await fixture.List(article, $"?parent={one}&limit=3&cursor={list[0].Text("moreReplies")}");
        more.Ids().ShouldBe(replies.Skip(3).Take(3));
        (await fixture.List(article, $"?parent={one}&limit=3&cursor={more.Text("next")}")).Ids().ShouldBe(replies.Skip(6));
        (await fixture.List(article, $"?parent={one}&sort=newest&limit=2")).Ids().ShouldBe(Enumerable.Reverse(replies).Take(2));
        (await fixture.List(article)).Total().ShouldBe(10);
    }

    [Fact]
    public async Task Replies_of_a_hidden_comment_are_hidden_with_it_and_come_back_with_it()
    {
        var article = await fixture.Article();
        var parent = await fixture.Post(article);
        var reply = await fixture.Post(article, parent.Id());
        var deeper = await fixture.Post(article, reply.Id());
        var other = await fixture.Post(article);

        await fixture.Decide("reject", parent.Id());

        var list = await fixture.List(article);
        list.Ids().ShouldBe([other.Id()]);
        list.Total().ShouldBe(1);
        foreach (var id in new[] { parent.Id(), reply.Id(), deeper.Id() }) await (await fixture.Guest.Get($"/api/comments/{id}")).Problem(404, "comment.notFound");
        await (await fixture.Guest.Get($"/api/articles/{article}/comments?parent={parent.Id()}")).Problem(404, "comment.notFound");
        await (await fixture.Guest.Get($"/api/articles/{article}/comments?parent={reply.Id()}")).Problem(404, "comment.notFound");

        await fixture.Decide("approve", parent.Id());

        (await fixture.List(article)).Total().ShouldBe(4);
        (await fixture.Guest.Get($"/api/comments/{deeper.Id()}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_lists_cursor_is_a_400()
    {
        var (article, other) = (await fixture.Article(), await fixture.Article());
        var parent = await fixture.Post(article);
        for (var i = 0; i < 3; i++) await fixture.Post(article);
        var next = (await fixture.List(article, "?limit=2")).Text("next");

        await (await fixture.Guest.Get($"/api/articles/{other}/comments?cursor={next}")).Problem(400);
        await (await fixture.Guest.Get($"/api/articles/{article}/comments?parent={parent.Id()}&cursor={next}")).Problem(400);
        await (await fixture.Moderator.Get($"/api/moderation/queue?cursor={next}")).Problem(400);
    }

    [Theory]
    [InlineData("?sort=best")]
    [InlineData("?sort=")]
    [InlineData("?parent=7")]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?cursor=forged")]
    [InlineData("?page=2")]
    public async Task A_bad_question_is_a_400(string query) => await (await fixture.Guest.Get($"/api/articles/{await fixture.Article()}/comments{query}")).Problem(400);

    [Fact]
    public async Task Answers_to_readers_may_be_cached_until_something_of_the_article_changes()
    {
        var article = await fixture.Article();
        var comment = await fixture.Post(article);

        foreach (var path in new[] { $"/api/articles/{article}/comments", $"/api/comments/{comment.Id()}", $"/api/comment-counts?ids={article}" })
        {
            var answer = await fixture.Guest.Get(path);
            answer.Headers.GetValues(CacheTags.Header).ShouldBe([$"article:{article}"], path);
        }
        (await fixture.Moderator.Get("/api/moderation/queue")).Headers.Contains(CacheTags.Header).ShouldBeFalse();
    }

    [Fact]
    public async Task A_single_comment_has_its_version_for_ETag()
    {
        var comment = await fixture.Post(await fixture.Article());
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/comments/{comment.Id()}") { Headers = { { "If-None-Match", "\"1\"" } } };

        (await fixture.Guest.Get($"/api/comments/{comment.Id()}")).Headers.ETag!.Tag.ShouldBe("\"1\"");
        (await fixture.Guest.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }
}
