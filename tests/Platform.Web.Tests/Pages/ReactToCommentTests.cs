using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Pages;

public sealed class ReactToCommentTests
{
    private static readonly Guid Id = Guid.Parse("0190a000-0000-7000-8000-000000000077");

    private static Task<Site> Open(Action<Newsroom>? more = null) => Site.WithArticle(newsroom =>
    {
        newsroom.Comments.Add(Sample.Comment(id: Id));
        newsroom.Instead[$"GET /api/comments/{Id}"] = Newsroom.Json(Sample.Comment(name: "أبو علي", id: Id));
        more?.Invoke(newsroom);
    });

    [Fact]
    public async Task A_reader_without_script_likes_a_comment_and_is_known_by_Comments_own_cookie()
    {
        await using var site = await Open(newsroom => newsroom.Instead[$"PUT /api/comments/{Id}/reactions/like"] = http =>
        {
            http.Response.Headers.Append("Set-Cookie", "reader=abc; path=/; httponly");
            return Newsroom.Json(new { like = 1 })(http);
        });
        var action = (await site.Page(Site.ArticlePath)).One($"[data-like='{Id}']").ParentElement!.GetAttribute("action")!;

        using var response = await site.Post(action, [], ("Cookie", "reader=old; other=x"), ("X-Forwarded-For", "192.0.2.7"));

        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        response.Headers.Location!.OriginalString.ShouldEndWith($"?thread={Id}#comment-{Id}");
        response.Headers.GetValues("Set-Cookie").ShouldBe(["reader=abc; path=/; httponly"]);
        var sent = site.Newsroom.Received.ShouldHaveSingleItem();
        (sent.Method, sent.Headers["Cookie"], sent.Headers["X-Forwarded-For"]).ShouldBe(("PUT", "reader=old", "192.0.2.7"));
    }

    [Fact]
    public async Task A_reader_without_script_reports_a_comment()
    {
        await using var site = await Open(newsroom => newsroom.Instead[$"POST /api/comments/{Id}/reports"] = http => { http.Response.StatusCode = 202; return Task.CompletedTask; });
        var form = (await site.Page($"{Site.ArticlePath}?report={Id}")).One("#report-form");
        form.QuerySelector("bdi")!.TextContent.ShouldBe("أبو علي");

        using var response = await site.Post(form.GetAttribute("action")!, [new("reason", "illegal"), new("note", " ملاحظة ")]);

        response.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        JsonDocument.Parse(site.Newsroom.Received.ShouldHaveSingleItem().Body).RootElement.GetProperty("reason").GetString().ShouldBe("illegal");
        var page = await site.Page(response.Headers.Location!.OriginalString.Split('#')[0]);
        page.One("[role=status]").Said().ShouldBe("شكراً لك. وصل بلاغك إلى المشرفين وسينظرون فيه.");
    }

    [Fact]
    public async Task Where_Comments_is_away_the_reader_is_told_that_the_report_was_not_sent()
    {
        await using var site = await Open(newsroom => newsroom.Instead[$"POST /api/comments/{Id}/reports"] = Newsroom.Problem(503, "unavailable"));

        using var response = await site.Post($"{Site.ArticlePath}/comments/{Id}/report", [new("reason", "spam")]);

        (await site.Page(response.Headers.Location!.OriginalString.Split('#')[0])).One("[role=alert]").Said().ShouldBe("تعذّر إرسال البلاغ الآن، يُرجى المحاولة بعد قليل.");
    }

    [Theory]
    [InlineData("like")]
    [InlineData("report")]
    public async Task A_comment_that_is_not_there_is_a_404(string what)
    {
        await using var site = await Site.WithArticle();

        using var response = await site.Post($"{Site.ArticlePath}/comments/{Guid.CreateVersion7()}/{what}", [new("reason", "spam")]);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_page_says_where_to_follow_the_thread_and_what_to_call_new_comments()
    {
        await using var site = await Open();
        var page = await site.Page(Site.ArticlePath);

        page.One("#comments").GetAttribute("data-live").ShouldBe($"/api/articles/{Sample.ArticleId}/comments/live");
        page.One(".fresh").GetAttribute("data-label").ShouldBe("تعليقات جديدة");
        page.One(".fresh").TextContent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reply_that_is_shown_by_itself_says_what_it_answers()
    {
        var (parent, reply) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var site = await Site.WithArticle(newsroom =>
        {
            newsroom.Instead[$"GET /api/comments/{reply}"] = Newsroom.Json(Sample.Comment(id: reply, parentId: parent));
            newsroom.Instead[$"GET /api/comments/{parent}"] = Newsroom.Json(Sample.Comment(name: "ليلى", id: parent));
        });

        var link = (await site.Page($"{Site.ArticlePath}?thread={reply}")).One($"#comment-{reply} > .replying a");

        link.Said().ShouldBe("ردّاً على ليلى");
        link.GetAttribute("href")!.ShouldContain($"?thread={parent}");
    }
}
