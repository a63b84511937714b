using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Platform.Comments.Counting;
using Platform.Contracts;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Counting;

public sealed class CountingTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private enum Kind { Post, Reply, Publish, Reject, Delete }

    private Comment New(Guid article, Comment? parent, CommentStatus status = CommentStatus.Published) => CommentTests.New(status) with
    {
        ArticleId = article,
        ParentId = parent?.Id,
        Under = parent?.Id ?? article,
        Ancestors = parent is null ? [] : [.. parent.Ancestors, parent.Id],
        CreatedAt = fixture.Now,
        ChangedAt = fixture.Now,
        Author = Guid.NewGuid().ToByteArray(),
        RepeatKey = Guid.NewGuid().ToByteArray(),
    };

    /// <summary>Counts of the thread as they follow from its comments, counted here one by one.</summary>
    private async Task<(long Seen, Dictionary<Guid, (long Count, Guid[] First)> Replies)> Truth(Guid article)
    {
        var all = new List<Comment>();
        foreach (var status in Enum.GetValues<CommentStatus>()) all.AddRange(await fixture.Comments.Queue(status, article, Position.AfterNewest, 10_000, default));
        var byId = all.ToDictionary(c => c.Id);
        var replies = all.ToDictionary(c => c.Id, c => all.Where(r => r.ParentId == c.Id && r.IsPublished).OrderBy(r => r.CreatedAt).ThenBy(r => r.Id.ToString()).ToArray());
        return (all.Count(c => c.IsPublished && c.Ancestors.All(a => byId[a].IsPublished)),
            replies.ToDictionary(r => r.Key, r => ((long)r.Value.Length, r.Value.Take(3).Select(c => c.Id).ToArray())));
    }

    private async Task Exact(Guid article)
    {
        await Eventually.True(async () => (await fixture.Threads.Find(article, default))!.Due.Count == 0, "the thread to be counted");
        var (seen, replies) = await Truth(article);
        (await fixture.Threads.Find(article, default))!.Count.ShouldBe(seen);
        foreach (var (id, (count, first)) in replies)
        {
            var tally = (await fixture.Comments.Find(id, default))!.Replies;
            tally.Count.ShouldBe(count);
            tally.First.ShouldBe(first);
        }
        if (seen > 0) await Eventually.True(() => fixture.Spy.Heard<ThreadCounted>().Where(m => m.ArticleId == article).MaxBy(m => m.Version)?.Count == seen, "the count to be told");
    }

    [Fact]
    public async Task A_thread_that_has_changed_is_told_of_although_as_many_are_seen_as_before()
    {
        var article = await fixture.Article();
        await fixture.Post(article);
        await fixture.Settled(article);
        var before = (await fixture.Threads.Find(article, default))!;
        var mark = new DueCount(Guid.CreateVersion7(), fixture.Now);
        await fixture.Threads.MarkDue(article, mark);

        await fixture.Threads.Recount(article, () => fixture.Comments.CountSeen(article, default), [mark.Id], default);

        await Eventually.True(() => fixture.Spy.Heard<ThreadCounted>().Any(m => m.ArticleId == article && m.Version > before.Version && m.Count == before.Count), "the change to be told");
    }

    [Fact]
    public async Task Counts_are_exact_after_any_interleaving_on_two_replicas()
    {
        ThreadCounter[] replicas = [fixture.Services.GetRequiredService<ThreadCounter>(), ActivatorUtilities.CreateInstance<ThreadCounter>(fixture.Services)];
        await Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, 1000], Gen.Int[0, 1]).List[1, 40].SampleAsync(async steps =>
        {
            var article = await fixture.Article();
            var ids = new List<Guid>();
            // Waves of what happens at the same moment.
            foreach (var wave in steps.Chunk(8))
            {
                var before = ids.ToArray();
                var changed = await Task.WhenAll(wave.Select(async step =>
                {
                    var (kind, pick, replica) = step;
                    var target = before.Length == 0 ? null : await fixture.Comments.Find(before[pick % before.Length], default);
                    if (kind == Kind.Post || target is null) return await replicas[replica].Insert(New(article, null, pick % 4 == 0 ? CommentStatus.Held : CommentStatus.Published));
                    if (kind == Kind.Reply) return await replicas[replica].Insert(New(article, target, pick % 4 == 0 ? CommentStatus.Held : CommentStatus.Published));
                    if (target.Status == CommentStatus.Deleted) return null;
                    await replicas[replica].Save(target, kind switch
                    {
                        Kind.Publish => target.Decide(CommentStatus.Published, Guid.Empty, null, fixture.Now),
                        Kind.Reject => target.Decide(CommentStatus.Rejected, Guid.Empty, null, fixture.Now),
                        _ => target.Delete(fixture.Now),
                    });
                    return null;
                }));
                ids.AddRange(changed.OfType<Comment>().Select(c => c.Id));
            }
            await Exact(article);
        }, iter: 20, threads: 1);
    }

    [Fact]
    public async Task What_a_crash_left_uncounted_is_counted_by_the_sweeper()
    {
        var article = await fixture.Article();
        var parent = await fixture.Services.GetRequiredService<ThreadCounter>().Insert(New(article, null));
        await Exact(article);
        // A replica marks, writes and dies.
        var then = fixture.Now.AddSeconds(-4);
        await fixture.Threads.MarkDue(article, new DueCount(Guid.CreateVersion7(), then));
        await fixture.Comments.Insert(New(article, parent) with { CreatedAt = then, ChangedAt = then }, default);
        await fixture.Comments.Insert(New(article, null) with { CreatedAt = then, ChangedAt = then }, default);

        await Eventually.True(async () => (await fixture.Threads.Find(article, default))!.Count == 3, "the thread to be counted");
        // A sweep that began between the writes has counted the thread after them and the replies before: the next one counts both.
        await Eventually.True(async () => (await fixture.Comments.Find(parent.Id, default))!.Replies.Count == 1, "the reply to be counted");

        // The mark goes once no write of that time can be on its way.
        using var later = fixture.Later(TimeSpan.FromMinutes(3));
        await Exact(article);
    }

    [Fact]
    public async Task What_a_crash_left_untold_is_told_by_the_sweeper()
    {
        var article = await fixture.Article();
        // A replica marks, writes and dies.
        var then = fixture.Now.AddSeconds(-20);
        await fixture.Threads.MarkDue(article, new DueCount(Guid.CreateVersion7(), then));
        var untold = await fixture.Comments.Insert(New(article, null) with { CreatedAt = then, ChangedAt = then, NotifyReplies = false }, default, untold: true);
        var held = await fixture.Comments.Insert(New(article, null, CommentStatus.Held) with { CreatedAt = then, ChangedAt = then, NotifyReplies = false }, default, untold: true);

        await Eventually.True(() => fixture.Spy.Heard<CommentPublished>().Any(m => m.CommentId == untold.Id), "the comment to be told");

        using var later = fixture.Later(TimeSpan.FromMinutes(3));
        await Exact(article);
        fixture.Spy.Heard<CommentPublished>().ShouldNotContain(m => m.CommentId == held.Id);
    }

    [Fact]
    public async Task A_new_comment_is_told_without_a_second_write_to_it()
    {
        var article = await fixture.Article();
        var id = (await fixture.Post(article)).Id();

        await Eventually.True(() => fixture.Spy.Heard<CommentPublished>().Any(m => m.CommentId == id), "the comment to be told");

        var document = (await fixture.Documents("comments")).Split('\n').Single(d => d.Contains(Convert.ToBase64String(id.ToByteArray(bigEndian: true)), StringComparison.Ordinal));
        document.ShouldNotContain("outbox");
    }

    [Fact]
    public async Task A_burst_is_counted_in_few_counts()
    {
        var article = await fixture.Article();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => fixture.Services.GetRequiredService<ThreadCounter>().Insert(New(article, null))));

        await Exact(article);
        (await fixture.Threads.Find(article, default))!.Version.ShouldBeLessThan(60);
    }

    [Fact]
    public async Task Who_has_just_commented_finds_himself_counted()
    {
        var article = await fixture.Article();
        for (var i = 1; i <= 5; i++)
        {
            await fixture.Post(article);
            (await fixture.List(article)).Total().ShouldBe(i);
        }
    }
}

/// <summary>The service in a process of its own is killed while readers comment.</summary>
public sealed class CountingKillTests
{
    [Fact]
    public async Task Killed_at_any_moment_every_acknowledged_comment_is_there_and_counted()
    {
        await using var database = await Infrastructure.NewDatabase();
        await using var host = await Infrastructure.NewVirtualHost();
        var articles = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToArray();
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<(Guid Article, Guid Id)>();
        await using var told = await MessageSpy.Start(host.Uri, typeof(CommentPublished));
        for (var round = 0; round < 3; round++)
        {
            await using var service = await Start(database, host, articles);
            var target = acknowledged.Count + 50;
            var writers = Enumerable.Range(0, 6).Select(async w =>
            {
                for (var i = 0; ; i++)
                {
                    var article = articles[(i + w) % 3];
                    var parent = acknowledged.FirstOrDefault(a => a.Article == article).Id;
                    try
                    {
                        var body = new { name = "a", email = CommentsFixture.NewEmail(), body = Guid.NewGuid().ToString(), parentId = i % 3 == 0 && parent != default ? parent : (Guid?)null };
                        var answer = await service.Http.PostAsync(new Uri($"/api/articles/{article}/comments", UriKind.Relative), System.Net.Http.Json.JsonContent.Create(body));
                        acknowledged.Add((article, (await answer.Json(System.Net.HttpStatusCode.Created)).Id()));
                    }
                    catch (HttpRequestException) { return; }   // killed
                }
            }).ToArray();
            await Eventually.True(() => acknowledged.Count >= target, "50 comments");
            await service.Kill();
            await Task.WhenAll(writers);
        }

        await using var last = await Start(database, host, articles);
        foreach (var article in articles)
        {
            // Replies are found by the counts of replies, so these are exact too where nothing is missing.
            await Eventually.Passes(async () =>
            {
                var there = await Walk(last.Http, article, null);
                acknowledged.Where(a => a.Article == article).Select(a => a.Id).Except(there).ShouldBeEmpty();
                (await (await last.Http.Get($"/api/articles/{article}/comments")).Json()).Total().ShouldBe(there.Count);
            }, "the count to be exact", TimeSpan.FromSeconds(60));
        }
        await Eventually.Passes(() =>
        {
            acknowledged.Select(a => a.Id).Except(told.Heard<CommentPublished>().Select(m => m.CommentId)).ShouldBeEmpty();
            return Task.CompletedTask;
        }, "all that was acknowledged to be told", TimeSpan.FromSeconds(60));
    }

    private static async Task<List<Guid>> Walk(HttpClient http, Guid article, Guid? parent)
    {
        var comments = new List<Guid>();
        string? next = null;
        do
        {
            var page = await (await http.Get($"/api/articles/{article}/comments?limit=100{(parent is null ? "" : "&parent=" + parent)}{(next is null ? "" : "&cursor=" + next)}")).Json();
            foreach (var comment in page.Items())
            {
                comments.Add(comment.Id());
                if (comment.GetProperty("replyCount").GetInt64() > 0) comments.AddRange(await Walk(http, article, comment.Id()));
            }
            next = page.Text("next");
        }
        while (next is not null);
        return comments;
    }

    private static async Task<ServiceProcess> Start(TestDatabase database, TestVirtualHost host, Guid[] articles)
    {
        var service = await ServiceProcess.Start(typeof(CommentStore), new Dictionary<string, string?> { ["MONGODB_URI"] = database.Uri, ["RABBITMQ_URI"] = host.Uri });
        await database.Database.GetCollection<MongoDB.Bson.BsonDocument>("settings").UpdateOneAsync("{}", "{$set: {mode: 'Post'}}");
        await using var spy = await MessageSpy.Start(host.Uri, typeof(CommentPublished));
        foreach (var article in articles)
        {
            await spy.Publish(ArticleMessages.Published(article, 1));
            await Eventually.True(async () => (await service.Http.Get($"/api/articles/{article}/comments")).IsSuccessStatusCode, "the article to be known");
        }
        return service;
    }
}
