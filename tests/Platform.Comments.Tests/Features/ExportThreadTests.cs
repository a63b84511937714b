using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class ExportThreadTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private static readonly DateTimeOffset At = new(2024, 2, 1, 8, 0, 0, TimeSpan.Zero);

    private static string Path(Guid article) => $"/api/articles/{article}/comments/export";

    private async Task<JsonElement[]> Export(Guid article)
    {
        using var answer = await fixture.Moderator.Get(Path(article));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        if (text.Length == 0) return [];
        text.ShouldEndWith("}\n");
        return [.. text.TrimEnd('\n').Split('\n').Select(l => JsonSerializer.Deserialize<JsonElement>(l))];
    }

    /// <summary>As it lies in the store.</summary>
    private static Comment Stored(Guid article, int minute, CommentStatus status = CommentStatus.Published, Comment? parent = null, string body = "نص")
    {
        var id = Guid.CreateVersion7();
        var (under, ancestors) = parent?.PlaceOfReply() ?? (article, []);
        var comment = new Comment
        {
            Id = id,
            Version = 1,
            ArticleId = article,
            ParentId = parent?.Id,
            Under = under,
            Ancestors = ancestors,
            Name = "قارئ",
            Body = body,
            Status = status,
            CreatedAt = At.AddMinutes(minute),
            ChangedAt = At.AddMinutes(minute),
            Staff = false,
            RepeatKey = id.ToByteArray(),
        };
        return status == CommentStatus.Deleted ? comment.Delete(At) : comment;
    }

    private async Task<Comment[]> Stored(params Comment[] comments)
    {
        await fixture.Comments.InsertImported(comments, default);
        return comments;
    }

    private async Task Delete(params Comment[] comments)
    {
        foreach (var comment in comments) (await fixture.Comments.Save(comment, comment.Delete(fixture.Now), default)).ShouldBeTrue();
    }

    private async Task<JsonElement[]> Logged(Guid article) => (await (await fixture.Moderator.Get($"/api/moderation/log?subject={article}")).Json()).Items();

    [Fact]
    public async Task Everything_that_moderators_see_is_in_it_whatever_its_status_oldest_first()
    {
        var (article, email) = (await fixture.Article(), CommentsFixture.NewEmail());
        var edited = await fixture.Post(article, email: email, body: "أولا");
        var edit = new HttpRequestMessage(HttpMethod.Patch, $"/api/comments/{edited.Id()}") { Content = JsonContent.Create(new { body = "أولا، مصححا" }), Headers = { { "X-Edit-Token", edited.Text("editToken") } } };
        (await fixture.Guest.SendAsync(edit)).EnsureSuccessStatusCode();
        var reply = await fixture.Post(article, edited.Id());
        await new Reader(fixture.Guest).Report(reply.Id(), "abuse", "يشتم");
        var (rejected, spam) = ((await fixture.Post(article)).Id(), (await fixture.Post(article)).Id());
        await fixture.Decide("reject", rejected);
        await fixture.Decide("spam", spam);
        await fixture.Set(s => s with { Mode = ModerationMode.Pre });
        var held = (await fixture.Post(article)).Id();
        await fixture.Set(s => s with { Mode = ModerationMode.Post });
        await fixture.Post(await fixture.Article());

        var lines = await Export(article);

        lines.Select(l => (l.Id(), l.Text("status"))).ShouldBe([(edited.Id(), "published"), (reply.Id(), "published"), (rejected, "rejected"), (spam, "spam"), (held, "held")]);
        (lines[0].Text("email"), lines[0].Text("body"), lines[0].Items("former").Single().Text("body"), lines[0].Text("network")).ShouldBe((email, "أولا، مصححا", "أولا", "127.0.0.0/24"));
        (lines[1].GetProperty("parentId").GetGuid(), lines[1].Items("reports").Single().Text("note")).ShouldBe((edited.Id(), "يشتم"));
        lines[4].Items("findings").Single().Text("rule").ShouldBe("premoderation");
        var queued = (await (await fixture.Moderator.Get($"/api/moderation/queue?articleId={article}")).Json()).Items().Single();
        lines[4].ToString().ShouldBe(queued.ToString(), "a line is what the queue shows");
    }

    [Fact]
    public async Task It_is_a_file_that_nobody_keeps_and_on_record_with_who_took_it()
    {
        var article = await fixture.Article();
        await fixture.Post(article);
        var who = Guid.CreateVersion7();

        using var answer = await fixture.Client(who, Roles.Moderator).Get(Path(article));

        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/x-ndjson; charset=utf-8");
        answer.Content.Headers.ContentDisposition!.ToString().ShouldBe($"attachment; filename=\"comments-{article}.ndjson\"");
        answer.Headers.CacheControl!.ToString().ShouldBe("no-store, private");
        answer.Headers.Contains("Cache-Tag").ShouldBeFalse();
        var line = (await Logged(article)).ShouldHaveSingleItem();
        (line.Text("action"), line.GetProperty("by").Id(), line.GetProperty("articleId").GetGuid()).ShouldBe(("threadExported", who, article));
    }

    [Fact]
    public async Task Only_moderators_have_it_and_only_of_what_there_is()
    {
        var article = await fixture.Article();

        await (await fixture.Guest.Get(Path(article))).Problem(401);
        await (await fixture.Client(Roles.Editor).Get(Path(article))).Problem(403);
        await (await fixture.Moderator.Get(Path(Guid.CreateVersion7()))).Problem(404, "article.notFound");
        await (await fixture.Moderator.Get(Path(article) + "?format=csv")).Problem(400);
        (await fixture.Moderator.Get("/api/articles/1/comments/export")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await Logged(article)).ShouldBeEmpty();
        (await Export(article)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_withdrawn_articles_can_be_had_too()
    {
        var article = await fixture.Article();
        var comment = await fixture.Post(article);
        await fixture.Threads.KnowWithdrawn(article, 9, fixture.Now, default);

        (await Export(article)).Select(l => l.Id()).ShouldBe([comment.Id()]);
    }

    [Fact]
    public async Task Pages_meet_without_a_gap_or_a_line_twice()
    {
        var article = await fixture.Article();
        // Some at the same time, as in imports; each status for itself at other places.
        var stored = await Stored([.. Enumerable.Range(0, 450).Select(i => Stored(article, i % 7 == 0 ? i / 3 : i / 150, (CommentStatus)(i % 4)))]);

        var lines = await Export(article);

        lines.Select(l => l.Id()).ShouldBe(stored.OrderBy(c => c.CreatedAt).ThenBy(c => c.Id.ToString(), StringComparer.Ordinal).Select(c => c.Id));
    }

    [Fact]
    public async Task What_changes_from_one_status_to_another_meanwhile_is_not_missed()
    {
        var article = await fixture.Article();
        var stored = await Stored([.. Enumerable.Range(0, 120).Select(i => Stored(article, i / 4, (CommentStatus)(i % 4)))]);
        var (comments, random) = (fixture.Database.Database.GetCollection<BsonDocument>(CommentStore.Comments), new Random(Gen.Int.Single()));
        using var stop = new CancellationTokenSource();
        var changes = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await comments.UpdateOneAsync(new BsonDocument("_id", new BsonBinaryData(stored[random.Next(stored.Length)].Id, GuidRepresentation.Standard)), new BsonDocument("$set", new BsonDocument("status", ((CommentStatus)random.Next(4)).ToString())));
        });

        for (var round = 0; round < 10; round++)
        {
            var walked = new List<Guid>();
            for (var after = Position.BeforeOldest; await fixture.Comments.OfArticleAfter(article, after, 7, default) is { Count: > 0 } page; after = new(page[^1].CreatedAt, page[^1].Id)) walked.AddRange(page.Select(c => c.Id));
            walked.Count.ShouldBe(stored.Length);
            walked.ShouldBe(stored.Select(c => c.Id), ignoreOrder: true);
        }

        await stop.CancelAsync();
        await changes;
    }

    [Fact]
    public async Task What_was_deleted_is_a_place_without_text_and_only_where_something_stands_under_it()
    {
        var article = await fixture.Article();
        var top = Stored(article, 0, body: "to be gone");
        var (middle, alone) = (Stored(article, 1, parent: top, body: "to be gone"), Stored(article, 2, body: "to be gone"));
        var (held, lonely) = (Stored(article, 3, CommentStatus.Held, middle), Stored(article, 4, parent: alone, body: "to be gone"));
        await Stored(top, middle, alone, held, lonely);
        await fixture.Services.GetRequiredService<ReportStore>().Add(top.Id, [1], ReportReason.Abuse, "to be gone", fixture.Now, default);
        await fixture.Comments.RecountReports(top.Id, _ => Task.FromResult(1L), default);
        await Delete(top, middle, alone, lonely);

        var lines = await Export(article);

        lines.Select(l => (l.Id(), l.Text("status"), l.Text("body"), l.Text("name"))).ShouldBe([(top.Id, "deleted", "", ""), (middle.Id, "deleted", "", ""), (held.Id, "held", "نص", "قارئ")]);
        (lines[0].Text("email"), lines[0].Items("reports").Length).ShouldBe((null, 0));
        string.Concat(lines).ShouldNotContain("to be gone");
    }

    [Fact]
    public async Task The_way_to_the_top_is_whole_at_any_depth()
    {
        var article = await fixture.Article();
        var chain = new List<Comment>();
        for (var depth = 0; depth < Comment.MaxDepth + 8; depth++) chain.Add(Stored(article, depth, parent: chain.LastOrDefault()));
        await Stored([.. chain]);
        await Delete([.. chain.SkipLast(1)]);

        var lines = await Export(article);

        lines.Select(l => l.Id()).ShouldBe(chain.Select(c => c.Id));
        await Delete(chain[^1]);
        (await Export(article)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_cannot_go_on_is_no_whole_file()
    {
        var article = await fixture.Article();
        var stored = await Stored([.. Enumerable.Range(0, 250).Select(i => Stored(article, i))]);
        var byId = new BsonDocument("_id", new BsonBinaryData(stored[220].Id, GuidRepresentation.Standard));
        var comments = fixture.Database.Database.GetCollection<BsonDocument>(CommentStore.Comments);
        await comments.UpdateOneAsync(byId, new BsonDocument("$set", new BsonDocument("body", 7)));   // no page with this one can be read

        using var answer = await fixture.Moderator.GetAsync(new Uri(Path(article), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(answer.Content.ReadAsStringAsync());
        await comments.UpdateOneAsync(byId, new BsonDocument("$set", new BsonDocument("body", "نص")));
        (await Export(article)).Length.ShouldBe(250);
    }

    [Fact]
    public async Task A_reader_who_goes_away_hurts_nobody()
    {
        var article = await fixture.Article();
        var stored = await Stored([.. Enumerable.Range(0, 300).Select(i => Stored(article, i, body: i.ToString(CultureInfo.InvariantCulture) + new string('ن', 4000)))]);
        for (var i = 0; i < 5; i++)
        {
            using var answer = await fixture.Moderator.GetAsync(new Uri(Path(article), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            await using var body = await answer.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[1000]);
        }

        (await Export(article)).Length.ShouldBe(stored.Length);
    }
}
