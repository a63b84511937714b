using System.Net;
using System.Text;
using Platform.Comments.Moderation;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class PostCommentTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    [Fact]
    public async Task A_comment_is_published_listed_and_told()
    {
        var article = await fixture.Article();

        var answer = await fixture.TryPost(article, new { name = "Ana", email = "Ana@Example.com", body = "مرحبا\r\nبكم", notifyReplies = true });
        var posted = await answer.Json(HttpStatusCode.Created);

        answer.Headers.Location!.AbsoluteUri.ShouldBe($"http://localhost:8080/api/comments/{posted.Id()}");
        answer.Headers.ETag!.Tag.ShouldBe("\"1\"");
        answer.Headers.Contains(CacheTags.Header).ShouldBeFalse();
        answer.Headers.GetValues(CacheTags.ChangedHeader).ShouldBe([$"\"{CacheTags.Article(article)}\""]);
        posted.EnumerateObject().Select(p => p.Name).ShouldBe(
            ["articleId", "body", "createdAt", "editToken", "editedAt", "id", "name", "parentId", "reactions", "replyCount", "staff", "status", "version"], ignoreOrder: true);
        (posted.Text("status"), posted.Text("name"), posted.Text("body"), posted.GetProperty("staff").GetBoolean()).ShouldBe(("published", "Ana", "مرحبا\nبكم", false));
        posted.GetProperty("reactions").GetProperty("like").GetInt64().ShouldBe(0);
        var list = await fixture.List(article);
        list.Ids().ShouldBe([posted.Id()]);
        list.Total().ShouldBe(1);
        (await fixture.Spy.Hears<CommentPublished>(m => m.CommentId == posted.Id())).Body.ShouldBe("مرحبا\nبكم");
        (await fixture.Spy.Hears<ThreadCounted>(m => m.ArticleId == article)).Count.ShouldBe(1);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "{}", "name email body" },
        { """{"name":" ","email":"","body":"\n"}""", "name email body" },
        { """{"name":"\u202e\u200b","email":"a@b.co","body":"x"}""", "name" },
        { """{"name":"a","email":"a@b.co","body":"\u200b\u3164"}""", "body" },
        { """{"name":"a","email":"nobody","body":"x"}""", "email" },
        { """{"name":"a","email":"a@b.co\r\nBcc: c@d.co","body":"x"}""", "email" },
        { $$"""{"name":"{{new string('ن', 81)}}","email":"a@b.co","body":"x"}""", "name" },
        { $$"""{"name":"a","email":"{{new string('a', 300)}}@b.co","body":"x"}""", "email" },
        { $$"""{"name":"a","email":"a@b.co","body":"{{new string('ب', 5001)}}"}""", "body" },
        { """{"name":"a","email":"a@b.co","body":"a\u0000b"}""", "body" },
        { """{"name":"a\ud800","email":"a@b.co","body":"x"}""", "name" },
        { """{"name":1,"email":"a@b.co","body":"x"}""", "name" },
        { """{"name":"a","email":"a@b.co","body":"x","parentId":"7"}""", "parentId" },
        { """{"name":"a","email":"a@b.co","body":"x","status":"published"}""", "status" },
        { """{"name":"a","name":"b","email":"a@b.co","body":"x"}""", "name" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_named_field_by_field(string body, string fields)
    {
        var article = await fixture.Article();

        var answer = await fixture.Guest.PostAsync(new Uri($"/api/articles/{article}/comments", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));

        (await answer.Problem(400)).GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(fields.Split(' '), ignoreOrder: true);
        (await fixture.List(article)).Total().ShouldBe(0);
    }

    [Fact]
    public async Task Lengths_are_counted_in_characters_as_people_count_them()
    {
        var article = await fixture.Article();

        var posted = await fixture.Post(article, name: string.Concat(Enumerable.Repeat("😀", 80)), body: string.Concat(Enumerable.Repeat("😀", 5000)));

        posted.Text("body")!.Length.ShouldBe(10_000);
    }

    [Fact]
    public async Task A_name_reorders_nothing()
    {
        var posted = await fixture.Post(await fixture.Article(), name: "\u202eAna\u2066\nمحمد\u200f");

        posted.Text("name").ShouldBe("Ana محمد");
    }

    [Fact]
    public async Task Where_there_is_no_published_article_is_a_404()
    {
        await (await fixture.TryPost(Guid.CreateVersion7(), new { name = "a", email = "a@b.co", body = "x" })).Problem(404, "article.notFound");

        var withdrawn = await fixture.Article();
        await fixture.Threads.KnowWithdrawn(withdrawn, 2, fixture.Now, default);
        await (await fixture.TryPost(withdrawn, new { name = "a", email = "a@b.co", body = "x" })).Problem(404, "article.notFound");
    }

    [Fact]
    public async Task A_closed_thread_takes_nothing()
    {
        await (await fixture.TryPost(await fixture.Article(commentsOpen: false), new { name = "a", email = "a@b.co", body = "x" })).Problem(409, "thread.closed");
        await (await fixture.TryPost(await fixture.Article(commentsOpen: false), new { body = "x" }, client: fixture.Moderator)).Problem(409, "thread.closed");
    }

    [Fact]
    public async Task The_same_text_by_the_same_author_comes_once_into_a_thread_even_at_the_same_moment()
    {
        var (article, email) = (await fixture.Article(), CommentsFixture.NewEmail());
        string[] spellings = ["شكراً جزيلا", "شكــرا   جزيلا", "شُكرًا جزيلا"];

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => fixture.TryPost(article, new { name = "a", email = i % 2 == 0 ? email : email.ToUpperInvariant(), body = spellings[i % 3] })));

        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created)) await refused.Problem(409, "comment.repeat");
        (await fixture.List(article)).Total().ShouldBe(1);
        await fixture.Post(article, body: spellings[0]);
        await fixture.Post(await fixture.Article(), email: email, body: spellings[0]);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_answer_and_one_comment()
    {
        var (article, email, key) = (await fixture.Article(), CommentsFixture.NewEmail(), Guid.NewGuid().ToString());
        var body = new { name = "a", email, body = "once" };

        // Who waits too long for the first one is told to come again.
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Eventually.Get(async () => await fixture.TryPost(article, body, key) is { StatusCode: not HttpStatusCode.Conflict } answer ? answer : null, "an answer")));

        foreach (var answer in answers) await answer.Json(HttpStatusCode.Created);
        (await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()))).Distinct().ShouldHaveSingleItem();
        (await fixture.List(article)).Total().ShouldBe(1);
        await (await fixture.TryPost(article, new { name = "b", email, body = "once" }, key)).Problem(422, "idempotency.mismatch");
    }

    [Fact]
    public async Task A_run_that_died_after_its_write_is_finished_by_the_next_whatever_the_rules_say_by_then()
    {
        var (article, email, key) = (await fixture.Article(), CommentsFixture.NewEmail(), Guid.NewGuid().ToString());
        var body = new { name = "a", email, body = "survives" };
        await fixture.Set(s => s with { MinSecondsBetween = 3600 });
        try
        {
            var first = await (await fixture.TryPost(article, body, key)).Json(HttpStatusCode.Created);
            await fixture.ForgetAnswers();
            await fixture.Override(article, false);

            using var later = fixture.Later(TimeSpan.FromMinutes(2));   // the claim of the dead run is over
            var again = await (await fixture.TryPost(article, body, key)).Json(HttpStatusCode.Created);

            again.ToString().ShouldBe(first.ToString());
            (await fixture.List(article)).Total().ShouldBe(1);
        }
        finally { await fixture.Set(s => s with { MinSecondsBetween = 0 }); }
    }

    [Fact]
    public async Task A_reply_stands_under_its_parent()
    {
        var article = await fixture.Article();
        var parent = await fixture.Post(article);

        var reply = await fixture.Post(article, parent.Id());
        var deeper = await fixture.Post(article, reply.Id());

        reply.GetProperty("parentId").GetGuid().ShouldBe(parent.Id());
        var top = (await fixture.List(article)).Items().ShouldHaveSingleItem();
        (top.Id(), top.GetProperty("replyCount").GetInt64(), top.GetProperty("moreReplies").ValueKind).ShouldBe((parent.Id(), 1, System.Text.Json.JsonValueKind.Null));
        top.Ids("replies").ShouldBe([reply.Id()]);
        (await fixture.List(article, $"?parent={reply.Id()}")).Ids().ShouldBe([deeper.Id()]);
        (await fixture.List(article)).Total().ShouldBe(3);
        (await fixture.Spy.Hears<CommentPublished>(m => m.CommentId == deeper.Id())).ParentId.ShouldBe(reply.Id());
    }

    [Fact]
    public async Task A_parent_that_readers_do_not_see_here_is_unknown()
    {
        var article = await fixture.Article();
        var rejected = await fixture.Post(article);
        var under = await fixture.Post(article, rejected.Id());
        await fixture.Decide("reject", rejected.Id());
        var elsewhere = await fixture.Post(await fixture.Article());

        foreach (var parent in new[] { rejected.Id(), under.Id(), elsewhere.Id(), Guid.CreateVersion7() })
            await (await fixture.TryPost(article, new { name = "a", email = "a@b.co", body = "x", parentId = parent })).Problem(422, "comment.parentUnknown");
    }

    [Fact]
    public async Task A_thread_goes_as_deep_as_readers_do_and_is_flat_from_a_depth_on()
    {
        var article = await fixture.Article();
        var parent = await fixture.Post(article);
        var over = parent;
        for (var depth = 2; depth <= Comment.MaxDepth + 3; depth++)
        {
            if (depth == Comment.MaxDepth) over = parent;
            var reply = await fixture.Post(article, parent.Id());
            reply.GetProperty("parentId").GetGuid().ShouldBe(parent.Id());
            parent = reply;
        }

        (await fixture.List(article)).Total().ShouldBe(Comment.MaxDepth + 3);
        (await fixture.List(article, $"?parent={over.Id()}")).Items().Length.ShouldBe(4);
        (await (await fixture.Guest.Get($"/api/comments/{over.Id()}")).Json()).GetProperty("replyCount").GetInt64().ShouldBe(4);
        await fixture.Decide("reject", over.Id());
        (await fixture.List(article)).Total().ShouldBe(Comment.MaxDepth - 2);
    }

    [Fact]
    public async Task A_guest_is_held_until_one_of_his_comments_was_approved()
    {
        var (article, email) = (await fixture.Article(), CommentsFixture.NewEmail());
        await fixture.Set(s => s with { Mode = ModerationMode.NewCommenters });
        try
        {
            var first = await fixture.Post(article, email: email);
            first.Text("status").ShouldBe("held");
            (await fixture.Post(article, email: email)).Text("status").ShouldBe("held");
            (await fixture.List(article)).Total().ShouldBe(0);

            await fixture.Decide("approve", first.Id());

            (await fixture.Post(article, email: email.ToUpperInvariant())).Text("status").ShouldBe("published");
            (await fixture.Post(await fixture.Article(), email: email)).Text("status").ShouldBe("published");
            (await fixture.Post(article)).Text("status").ShouldBe("held");
            (await fixture.List(article)).Total().ShouldBe(2);
        }
        finally { await fixture.Set(s => s with { Mode = ModerationMode.Post }); }
    }

    [Fact]
    public async Task The_newsroom_is_never_held_and_needs_no_address()
    {
        await fixture.Set(s => s with { Mode = ModerationMode.Pre });
        try
        {
            var writer = fixture.Client(Roles.Writer);
            var posted = await (await fixture.TryPost(await fixture.Article(), new { body = "نشكركم" }, client: writer)).Json(HttpStatusCode.Created);

            (posted.Text("status"), posted.GetProperty("staff").GetBoolean(), posted.Text("name")).ShouldBe(("published", true, "Tester"));
        }
        finally { await fixture.Set(s => s with { Mode = ModerationMode.Post }); }
    }

    [Fact]
    public async Task Words_refuse_or_hold()
    {
        var article = await fixture.Article();
        await fixture.Set(s => s with { BannedWords = ["قمار"], SuspectWords = ["ربح سريع"], MaxLinks = 1 });
        try
        {
            await (await fixture.TryPost(article, new { name = "a", email = "a@b.co", body = "والقُمـــار" })).Problem(422, "comment.bannedWord");
            (await fixture.Post(article, body: "ربحٌ سريــع")).Text("status").ShouldBe("held");
            (await fixture.Post(article, body: "www.a.example www.b.example")).Text("status").ShouldBe("held");
            (await fixture.Post(article, body: "www.a.example")).Text("status").ShouldBe("published");
        }
        finally { await fixture.Set(s => s with { BannedWords = [], SuspectWords = [], MaxLinks = 2 }); }
    }

    [Fact]
    public async Task One_author_waits_between_two_comments_however_many_he_sends_at_once()
    {
        var (article, email) = (await fixture.Article(), CommentsFixture.NewEmail());
        await fixture.Set(s => s with { MinSecondsBetween = 30 });
        try
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => fixture.TryPost(article, new { name = "a", email, body = $"comment {i}" })));

            answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
            foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
            {
                await refused.Problem(429, "comment.tooSoon");
                refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 30);
            }
            await fixture.Post(article);
            using var later = fixture.Later(TimeSpan.FromSeconds(31));
            await fixture.Post(article, email: email);
        }
        finally { await fixture.Set(s => s with { MinSecondsBetween = 0 }); }
    }
}
