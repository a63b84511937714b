using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Platform.Comments.Live;
using Platform.Comments.Moderation;
using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Live;

public sealed class FollowThreadTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private Task<Follower> Follow(Guid article, string? lastId = null) => Follower.Of(fixture.Guest, article, lastId);

    private async Task Edit(JsonElement posted, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/comments/{posted.Id()}") { Content = JsonContent.Create(new { body }), Headers = { { "X-Edit-Token", posted.Text("editToken") } } };
        await (await fixture.Guest.SendAsync(request)).Json();
    }

    [Fact]
    public async Task A_follower_hears_what_is_published_edited_and_removed()
    {
        var article = await fixture.Article();
        await using var follower = await Follow(article);

        var one = await fixture.Post(article, body: "أول");
        var published = await follower.Hears("published", one.Id());
        await Edit(one, "ثان");
        var edited = await follower.Hears("edited", one.Id());
        await fixture.Decide("reject", one.Id());
        var removed = await follower.Hears("removed", one.Id());

        published.Comment.EnumerateObject().Select(p => p.Name).ShouldBe(["id", "version", "articleId", "parentId", "name", "body", "status", "createdAt", "editedAt", "replyCount", "reactions", "staff"]);
        (published.Comment.Text("body"), published.Comment.Text("status"), published.Comment.GetProperty("articleId").GetGuid()).ShouldBe(("أول", "published", article));
        edited.Comment.Text("body").ShouldBe("ثان");
        (removed.Comment.Text("body"), removed.Comment.Text("name")).ShouldBe(("", ""));
        follower.All.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Only_what_is_published_is_ever_told()
    {
        var article = await fixture.Article();
        await fixture.Set(s => s with { Mode = ModerationMode.Pre });
        try
        {
            await using var follower = await Follow(article);
            var (secret, shown) = (await fixture.Post(article, body: "secret"), await fixture.Post(article, body: "shown"));
            await fixture.Decide("spam", secret.Id());
            // Messages that never should have been, or are of another time.
            foreach (var comment in new[] { secret, shown })
            {
                await fixture.Spy.Publish(new CommentPublished { CommentId = comment.Id(), Version = 9, ArticleId = article, Name = "x", Body = "x", Staff = false, CreatedAt = fixture.Now });
                await fixture.Spy.Publish(new CommentRemoved { CommentId = comment.Id(), Version = 9, ArticleId = article, RemovedAt = fixture.Now });
            }
            await fixture.Decide("approve", shown.Id());

            await follower.Hears("published", shown.Id());
            follower.Told.ShouldBe(["published shown"]);
            await using var again = await Follow(article, "0-0000000000000000");
            await again.Hears("published", shown.Id());
            again.Told.ShouldBe(["published shown"]);
        }
        finally { await fixture.Set(s => s with { Mode = ModerationMode.Post }); }
    }

    [Fact]
    public async Task What_was_missed_is_told_first_and_once()
    {
        var article = await fixture.Article();
        var before = await fixture.Post(article, body: "before");
        string? last;
        await using (var follower = await Follow(article))
        {
            var one = await fixture.Post(article, body: "1");
            last = (await follower.Hears("published", one.Id())).Id;
        }
        var two = await fixture.Post(article, body: "2");
        await Edit(two, "2 changed");
        await fixture.Decide("reject", before.Id());
        await fixture.Post(article, body: "3");

        await using var back = await Follow(article, last);
        var four = await fixture.Post(article, body: "4");
        await back.Hears("published", four.Id());

        // What has changed since is told as it is now; whatever else was told in those seconds may come again.
        back.Told.Where(t => t != "published 1").ShouldBe(["published 2 changed", "removed ", "published 3", "published 4"]);
    }

    [Fact]
    public async Task Who_comes_back_and_has_missed_nothing_is_told_nothing_twice()
    {
        var article = await fixture.Article();
        for (var i = 0; i < 3; i++) await fixture.Post(article, body: $"before {i}");
        string? last;
        await using (var follower = await Follow(article))
        {
            for (var i = 0; i < 3; i++) last = (await follower.Hears("published", (await fixture.Post(article, body: $"now {i}")).Id())).Id;
            last = follower.LastId;
        }

        await using var back = await Follow(article, last);
        await back.Hears("published", (await fixture.Post(article, body: "later")).Id());

        back.Told.ShouldBe(["published later"]);
    }

    [Fact]
    public async Task A_stream_that_heard_nothing_resumes_where_it_began()
    {
        var article = await fixture.Article();
        await fixture.Post(article, body: "before");
        string? last;
        await using (var follower = await Follow(article)) last = follower.LastId;
        var missed = await fixture.Post(article, body: "missed");

        await using var back = await Follow(article, last);

        await back.Hears("published", missed.Id());
        back.Told.ShouldBe(["published missed"]);
    }

    [Fact]
    public async Task What_came_late_into_the_store_is_told_to_who_comes_back()
    {
        var article = await fixture.Article();
        string? last;
        await using (var follower = await Follow(article)) last = (await follower.Hears("published", (await fixture.Post(article, body: "on time")).Id())).Id;
        // Made before, written after: its replica was slow.
        var at = fixture.Now.AddSeconds(-2);
        var late = CommentTests.New(body: "late") with { Id = Guid.CreateVersion7(), ArticleId = article, Under = article, CreatedAt = at, ChangedAt = at, RepeatKey = Guid.NewGuid().ToByteArray() };
        await fixture.Comments.Insert(late, default);

        await using var back = await Follow(article, last);

        await back.Hears("published", late.Id);
    }

    [Fact]
    public async Task A_message_that_comes_twice_or_late_is_told_once()
    {
        var article = await fixture.Article();
        await using var follower = await Follow(article);
        var one = await fixture.Post(article, body: "1");
        await follower.Hears("published", one.Id());

        var heard = await fixture.Spy.Hears<CommentPublished>(m => m.CommentId == one.Id());
        for (var i = 0; i < 3; i++) await fixture.Spy.Publish(heard);
        await fixture.Spy.Publish(new CommentRemoved { CommentId = one.Id(), Version = 1, ArticleId = article, RemovedAt = fixture.Now });
        await follower.Hears("published", (await fixture.Post(article, body: "2")).Id());

        follower.Told.ShouldBe(["published 1", "published 2"]);
    }

    [Fact]
    public async Task Replies_go_with_what_they_stand_under_and_come_back_with_it()
    {
        var article = await fixture.Article();
        var top = await fixture.Post(article, body: "1");
        var reply = await fixture.Post(article, top.Id(), "1.1");
        var deep = await fixture.Post(article, reply.Id(), "1.1.1");
        await fixture.Post(article, body: "2");
        string? last;
        await using (var follower = await Follow(article))
        {
            last = follower.LastId;
            await fixture.Decide("reject", top.Id());
            await follower.Hears("removed", deep.Id());
            follower.All.Select(h => (h.Kind, h.Comment.Id())).ShouldBe([("removed", top.Id()), ("removed", reply.Id()), ("removed", deep.Id())]);
            follower.Told.ShouldAllBe(t => t == "removed ");
            // Who loses the stream before the last of them is told all of them again.
            follower.All.Select(h => h.Id == last).ShouldBe([true, true, false]);

            await fixture.Decide("reject", reply.Id());
            // It and what is under it, once more each; told later, they would stand among what comes back.
            await Eventually.True(() => follower.All.Count == 5, "the reply to go by itself");
            await fixture.Decide("approve", top.Id());
            await follower.Hears("published", top.Id());
            await fixture.Decide("approve", reply.Id());
            await follower.Hears("published", deep.Id());
            // What another hidden one is over stays away until that comes back.
            follower.Told.SkipWhile(t => t == "removed ").ShouldBe(["published 1", "published 1.1", "published 1.1.1"]);
        }

        await using var back = await Follow(article, last);
        await back.Hears("published", deep.Id());
        await fixture.Decide("reject", top.Id());
        await back.Hears("removed", deep.Id());
    }

    [Fact]
    public async Task Every_replica_hears_everything()
    {
        await using var replica = await fixture.StartReplica();
        var article = await fixture.Article();
        using var other = new HttpClient { BaseAddress = ((Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program>)replica).ClientOptions.BaseAddress };
        await using var here = await Follow(article);
        await using var there = await Follower.Of(other, article);

        var posted = await fixture.Post(article);

        await here.Hears("published", posted.Id());
        await there.Hears("published", posted.Id());
    }

    [Fact]
    public async Task What_passed_while_the_broker_was_away_is_told_when_it_is_back()
    {
        var article = await fixture.Article();
        await using var follower = await Follow(article);
        await follower.Hears("published", (await fixture.Post(article, body: "1")).Id());

        await fixture.VirtualHost.CutConnections();
        var missed = await fixture.Post(article, body: "2");

        await follower.Hears("published", missed.Id());
        follower.Told.ShouldBe(["published 1", "published 2"]);
        await fixture.Spy.Returns();   // for the tests after this one
    }

    [Fact]
    public async Task A_slow_reader_is_dropped_and_holds_nobody_up()
    {
        var article = await fixture.Article();
        await using var quick = await Follow(article);
        // Asks, and never reads.
        using var slow = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        await slow.ConnectAsync("127.0.0.1", fixture.Guest.BaseAddress!.Port);
        await slow.SendAsync(Encoding.ASCII.GetBytes($"GET /api/articles/{article}/comments/live HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        var hub = fixture.Services.GetRequiredService<LiveHub>();
        await Eventually.True(() => hub.Find(article)!.Readers == 2, "both to follow");

        var body = new string('س', 5000);
        Guid last = default;
        for (var i = 0; hub.Find(article)!.Readers == 2; i++)
        {
            i.ShouldBeLessThan(20_000);
            var comment = CommentTests.New(body: body) with { Id = Guid.CreateVersion7(), ArticleId = article, Under = article, CreatedAt = fixture.Now, ChangedAt = fixture.Now, RepeatKey = Guid.NewGuid().ToByteArray() };
            await fixture.Comments.Insert(comment, default);
            last = comment.Id;
            if (i % 20 == 0) await quick.Hears("published", last);   // who reads is never far behind, however quick the store is
        }

        await quick.Hears("published", last);
        quick.Ended.ShouldBeFalse();
    }

    [Fact]
    public async Task A_withdrawn_article_ends_its_streams_at_once()
    {
        var article = Guid.CreateVersion7();
        await fixture.Spy.Publish(ArticleMessages.Published(article, 1));
        await Eventually.True(async () => (await fixture.Guest.Get($"/api/articles/{article}/comments")).IsSuccessStatusCode, "the article to be known");
        await using var follower = await Follow(article);

        await fixture.Spy.Publish(ArticleMessages.Withdrawn(article, 2));

        await Eventually.True(() => follower.Ended, "the stream to end");
        await Eventually.True(async () => (await fixture.Guest.Get($"/api/articles/{article}/comments/live")).StatusCode == System.Net.HttpStatusCode.NotFound, "the stream to be gone");
    }

    [Fact]
    public async Task A_withdrawal_that_passed_by_unheard_ends_the_streams_too()
    {
        var article = await fixture.Article();
        await using var follower = await Follow(article);

        await fixture.Services.GetRequiredService<ThreadStore>().KnowWithdrawn(article, 1_000, fixture.Now, default);

        await Eventually.True(() => follower.Ended, "the stream to end");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1")]
    [InlineData("1-2")]
    [InlineData("-1-0000000000000000")]
    [InlineData("9999999999999999-0000000000000000")]
    [InlineData("999999999999999-0000000000000000")]
    [InlineData("253402300800000-0000000000000000")]
    public async Task A_made_up_id_is_a_400(string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/articles/{await fixture.Article()}/comments/live") { Headers = { { "Last-Event-ID", id } } };
        await (await fixture.Guest.SendAsync(request)).Problem(400);
    }

    [Fact]
    public async Task No_article_no_stream() => await (await fixture.Guest.Get($"/api/articles/{Guid.CreateVersion7()}/comments/live")).Problem(404, "article.notFound");

    [Fact]
    public void A_windows_print_is_the_same_exactly_where_the_same_was_told() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 4000]).List[1, 60].Sample(steps =>
        {
            var (ids, now) = (Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToArray(), 1_000_000L);
            var window = new LiveWindow(DateTimeOffset.FromUnixTimeMilliseconds(now));
            var state = new Dictionary<Guid, (long At, long Version)>();
            foreach (var (which, later) in steps)
            {
                now += later;
                var version = state.GetValueOrDefault(ids[which]).Version + 1;
                state[ids[which]] = (now, version);
                if (!window.Add(ids[which], now, version) || window.Add(ids[which], now, version)) return false;
            }
            // As somebody who comes back finds it in the store.
            var fresh = new LiveWindow(DateTimeOffset.FromUnixTimeMilliseconds(now).AddSeconds(-5));
            foreach (var (id, (at, version)) in state.Where(s => s.Value.At > now - 5000).OrderBy(s => s.Value.At)) fresh.Add(id, at, version);
            return fresh.Position == window.Position && LivePosition.Parse(window.Position.ToString()) == window.Position;
        });
}
