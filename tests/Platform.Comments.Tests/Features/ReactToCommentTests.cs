using System.Text.Json;
using CsCheck;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class ReactToCommentTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private Reader NewReader() => new(fixture.Guest);

    private async Task<JsonElement> Read(Guid comment) => await (await fixture.Guest.Get($"/api/comments/{comment}")).Json();

    private Task<List<BsonDocument>> Rows(Guid comment) => fixture.Database.Database.GetCollection<BsonDocument>("likes").Find(new BsonDocument("commentId", new BsonBinaryData(comment, GuidRepresentation.Standard))).ToListAsync();

    private static long Likes(JsonElement comment) => comment.GetProperty("reactions").GetProperty("like").GetInt64();

    [Fact]
    public async Task Each_reader_counts_once_and_may_take_it_back()
    {
        var comment = (await fixture.Post(await fixture.Article())).Id();
        var (one, other) = (NewReader(), NewReader());

        (await one.Like(comment)).ShouldBe(1);
        (await one.Like(comment)).ShouldBe(1);
        (await other.Like(comment)).ShouldBe(2);
        Likes(await Read(comment)).ShouldBe(2);
        (await one.Unlike(comment)).ShouldBe(1);
        (await one.Unlike(comment)).ShouldBe(1);
        (await NewReader().Unlike(comment)).ShouldBe(1);
        (await one.Like(comment)).ShouldBe(2);
        await fixture.Spy.Hears<CommentReactionsCounted>(m => m.CommentId == comment && m.Like == 2);
    }

    [Fact]
    public async Task A_like_is_no_change_of_the_comment()
    {
        var comment = (await fixture.Post(await fixture.Article())).Id();

        await NewReader().Like(comment);

        (await Read(comment)).GetProperty("version").GetInt64().ShouldBe(1);
        (await fixture.Guest.Get($"/api/comments/{comment}")).Headers.ETag!.Tag.ShouldBe("\"1\"");
    }

    [Fact]
    public async Task The_cookie_is_signed_and_out_of_scripts_reach()
    {
        var comment = (await fixture.Post(await fixture.Article())).Id();

        var cookie = (await NewReader().TryLike(comment)).Headers.GetValues("Set-Cookie").ShouldHaveSingleItem();
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        var value = cookie.Split(';')[0].Split('=', 2)[1];

        // Who makes one up is given another one, and is another reader.
        var forged = (value[0] == 'A' ? 'B' : 'A') + value[1..];
        var request = new HttpRequestMessage(HttpMethod.Put, $"/api/comments/{comment}/reactions/like") { Headers = { { "Cookie", "reader=" + forged } } };
        var answer = await fixture.Guest.SendAsync(request);
        answer.Headers.Contains("Set-Cookie").ShouldBeTrue();
        (await answer.Json()).GetProperty("like").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task What_readers_do_not_see_cannot_be_liked()
    {
        var article = await fixture.Article();
        var comment = (await fixture.Post(article)).Id();
        await fixture.Decide("reject", comment);

        foreach (var id in new[] { comment, Guid.CreateVersion7() })
        {
            await (await NewReader().TryLike(id)).Problem(404, "comment.notFound");
            await (await NewReader().Send(HttpMethod.Delete, $"/api/comments/{id}/reactions/like")).Problem(404, "comment.notFound");
        }
    }

    [Fact]
    public async Task Counts_are_exact_after_any_interleaving()
    {
        await Gen.Select(Gen.Int[0, 4], Gen.Bool).List[1, 30].SampleAsync(async steps =>
        {
            var comment = (await fixture.Post(await fixture.Article())).Id();
            var readers = Enumerable.Range(0, 5).Select(_ => NewReader()).ToArray();
            foreach (var reader in readers) await reader.Like(comment);   // everybody has a cookie
            foreach (var wave in steps.Chunk(6)) await Task.WhenAll(wave.Select(s => s.Item2 ? readers[s.Item1].Like(comment) : readers[s.Item1].Unlike(comment)));

            var rows = await Rows(comment);
            rows.ShouldAllBe(r => !r.Contains("due") && r["liked"] == true);
            Likes(await Read(comment)).ShouldBe(rows.Count);
        }, iter: 10, threads: 1);
    }

    [Fact]
    public async Task Of_two_changes_in_the_same_millisecond_each_is_counted_for_itself()
    {
        var (comment, reader, now) = ((await fixture.Post(await fixture.Article())).Id(), new byte[16], fixture.Now);
        var likes = new LikeStore(fixture.Database.Database);
        var (liked, unliked) = (await likes.Set(comment, reader, liked: true, now, default), await likes.Set(comment, reader, liked: false, now, default));

        await likes.Settle(liked!, default);
        await likes.Settle(unliked!, default);

        (await Rows(comment)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_crash_left_uncounted_is_counted()
    {
        var comment = (await fixture.Post(await fixture.Article())).Id();
        var likes = new LikeStore(fixture.Database.Database);
        await likes.Set(comment, new byte[16], liked: true, fixture.Now.AddSeconds(-4), default);

        await Eventually.True(async () => Likes(await Read(comment)) == 1, "the like to be counted");
        await Eventually.True(async () => (await Rows(comment)).TrueForAll(r => !r.Contains("due")), "the mark to go");
    }

    [Fact]
    public async Task The_most_liked_come_first_and_pages_follow_one_another()
    {
        var article = await fixture.Article();
        var posted = new List<Guid>();
        for (var i = 0; i < 9; i++) posted.Add((await fixture.Post(article)).Id());
        foreach (var (likes, at) in new[] { (3, 2), (1, 5), (2, 0), (1, 7) })
            for (var i = 0; i < likes; i++) await NewReader().Like(posted[at]);

        var walked = new List<Guid>();
        string? next = null;
        do
        {
            var page = await fixture.List(article, $"?sort=top&limit=2{(next is null ? "" : "&cursor=" + next)}");
            walked.AddRange(page.Ids());
            next = page.Text("next");
        }
        while (next is not null);

        walked.ShouldBe([posted[2], posted[0], posted[7], posted[5], posted[8], posted[6], posted[4], posted[3], posted[1]]);
    }
}
