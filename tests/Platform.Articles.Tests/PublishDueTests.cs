using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Articles.Tests.Domain;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests;

/// <summary>Three replicas on one store, which a test may take away, by one clock, which tests turn.</summary>
public sealed class ReplicatedFixture : ArticlesFixture
{
    private readonly List<IAsyncDisposable> _replicas = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 15, 8, 0, 0, TimeSpan.Zero));
    public TcpProxy Store { get; private set; } = null!;

    protected override TimeProvider Clock => Time;

    protected override string StoreUri => field ??= Behind();

    private string Behind()
    {
        (Store, var uri) = TcpProxy.For(Database.Uri.Replace("replicaSet=rs0", "directConnection=true", StringComparison.Ordinal));
        return uri;
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        for (var i = 0; i < 2; i++) _replicas.Add(await StartReplica());
    }

    /// <summary>Lets time pass, in the steps in which replicas look for what is due, until it is so.</summary>
    public Task Pass(Func<Task<bool>> until, string what) => Eventually.True(async () => { Time.Advance(TimeSpan.FromMilliseconds(250)); return await until(); }, what);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Store.Up();
        foreach (var replica in _replicas) await replica.DisposeAsync();
        await base.DisposeAsync();
        await Store.DisposeAsync();
    }
}

public sealed class PublishDueTests(ReplicatedFixture articles) : IClassFixture<ReplicatedFixture>
{
    [Fact]
    public async Task Of_several_replicas_one_publishes_not_early_and_once()
    {
        var due = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Scheduled(TimeSpan.FromMinutes(10))));
        articles.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        foreach (var article in due) (await articles.Reader.Get(article.Path())).Status.ShouldBe(HttpStatusCode.NotFound);

        await articles.Pass(() => ArePublic(due), "all of them to be public");

        foreach (var article in due) await WasPublishedOnce(article);
    }

    [Fact]
    public async Task When_the_clock_has_stood_still_what_is_due_is_caught_up_with()
    {
        var due = await Task.WhenAll(new[] { 1, 30, 300 }.Select(hours => Scheduled(TimeSpan.FromHours(hours))));
        articles.Time.Advance(TimeSpan.FromDays(100));
        await articles.Pass(() => ArePublic(due), "all of them to be public");
        foreach (var article in due) await WasPublishedOnce(article);
    }

    [Fact]
    public async Task What_became_due_while_the_store_was_away_is_published_when_it_is_back()
    {
        var due = await Scheduled(TimeSpan.FromMinutes(1));
        articles.Store.Down();
        articles.Time.Advance(TimeSpan.FromMinutes(2));
        await articles.Pass(async () => (await articles.Reader.Get(due.Path())).Status == HttpStatusCode.ServiceUnavailable, "the store to be missed");
        articles.Store.Up();
        await articles.Pass(() => ArePublic(due), "it to be public");
        await WasPublishedOnce(due);
    }

    /// <summary>Killed between the two writes, a replica leaves a revision of what is still current; the next look publishes.</summary>
    [Fact]
    public async Task A_replica_that_died_over_it_is_no_hindrance()
    {
        var due = await Scheduled(TimeSpan.FromMinutes(1));
        var revisions = articles.Services.GetRequiredService<RevisionStore>();
        await revisions.Keep((await articles.Services.GetRequiredService<ArticleStore>().Find(due.Id(), default))!, default);
        articles.Time.Advance(TimeSpan.FromMinutes(1));
        await articles.Pass(() => ArePublic(due), "it to be public");
        await WasPublishedOnce(due);
    }

    /// <summary>Editors act in the very moment: each either comes first, and that holds, or is told 412.</summary>
    [Fact]
    public async Task Who_acts_in_that_very_moment_comes_first_or_is_told_so()
    {
        var due = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Scheduled(TimeSpan.FromMinutes(5))));
        articles.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(250));
        var acts = due.Select((article, i) => (i % 3) switch
        {
            0 => articles.Editor.Move(article, "return"),
            1 => articles.Editor.Move(article, "publish", new { at = articles.Time.GetUtcNow().AddDays(400) }),
            _ => articles.Editor.Put(article, articles.Input(new { kicker = "edited" })),
        }).ToArray();
        articles.Time.Advance(TimeSpan.FromMilliseconds(250));
        var answers = await Task.WhenAll(acts);

        for (var i = 0; i < due.Length; i++)
        {
            var path = due[i].Path();
            if (answers[i].Status == HttpStatusCode.OK && i % 3 != 2)
            {
                answers[i].Json!.Text("status").ShouldBe(i % 3 == 0 ? "draft" : "scheduled");
                continue;
            }
            if (answers[i].Status != HttpStatusCode.OK) answers[i].Refuses(HttpStatusCode.PreconditionFailed, "article.versionConflict");
            await articles.Pass(async () => (await articles.Reader.Get(path)).Status == HttpStatusCode.OK, $"{path} to be public");
            var published = (await articles.Editor.Get(path)).Json!;
            ((string?)published["kicker"]).ShouldBe(answers[i].Status == HttpStatusCode.OK ? "edited" : null);
        }
        for (var i = 0; i < due.Length; i++)
        {
            if (answers[i].Status != HttpStatusCode.OK || i % 3 == 2) continue;
            (await articles.Editor.Get(due[i].Path())).Json!.ToJsonString().ShouldBe(answers[i].Json!.ToJsonString());
            articles.Spy.Heard<ArticlePublished>().ShouldNotContain(m => m.ArticleId == due[i].Id());
        }
    }

    /// <summary>One of the first that are due cannot be published at all: the others are, some hundreds of them.</summary>
    [Fact]
    public async Task A_backlog_is_published_to_the_last_although_one_of_it_fails()
    {
        const int count = 300;
        var store = articles.Services.GetRequiredService<ArticleStore>();
        var editor = new CurrentUser(Guid.CreateVersion7(), "Editor", new HashSet<string> { Roles.Editor });
        var (now, stem) = (articles.Time.GetUtcNow(), Guid.NewGuid().ToString("N"));
        var all = Enumerable.Range(0, count).Select(i => Article.Draft(Guid.CreateVersion7(), ArticleTests.Content, $"{stem}-{i}", editor, now) with
        {
            Status = ArticleStatus.Scheduled,
            PublishAt = now.AddMinutes(1).AddMilliseconds(i / 10),
        }).ToArray();
        foreach (var chunk in all.Chunk(20)) await Task.WhenAll(chunk.Select(a => store.Insert(a, given: true, default)));
        var broken = all[3];
        var raw = articles.Database.Database.GetCollection<BsonDocument>(ArticleStore.Collection);
        await raw.UpdateOneAsync(Named(broken.Id), new BsonDocument("$set", new BsonDocument("slug", BsonNull.Value)));

        articles.Time.Advance(TimeSpan.FromMinutes(2));

        await articles.Pass(async () => await Published() == count - 1, $"{count - 1} articles to be public");
        await raw.UpdateOneAsync(Named(broken.Id), new BsonDocument("$set", new BsonDocument("slug", broken.Slug)));
        await articles.Pass(async () => await Published() == count, "the one that was mended to be public");

        Task<long> Published() => raw.CountDocumentsAsync(new BsonDocument { ["slugs"] = new BsonDocument { ["$gte"] = stem, ["$lt"] = stem + "~" }, ["status"] = "Published", ["version"] = 2 });
    }

    private static BsonDocument Named(Guid id) => new("_id", new BsonBinaryData(id, GuidRepresentation.Standard));

    private async Task<JsonNode> Scheduled(TimeSpan ahead) =>
        (await articles.Editor.Move(await articles.Draft(), "publish", new { at = articles.Time.GetUtcNow() + ahead })).Expect(HttpStatusCode.OK);

    private async Task<bool> ArePublic(params JsonNode[] all) => (await Task.WhenAll(all.Select(async a => (await articles.Reader.Get(a.Path())).Status == HttpStatusCode.OK))).All(p => p);

    private async Task WasPublishedOnce(JsonNode scheduled)
    {
        var published = (await articles.Editor.Get(scheduled.Path())).Expect(HttpStatusCode.OK);
        (published.Text("status"), published.Version(), published["publishAt"]).ShouldBe(("published", 3, null));
        published["publishedAt"]!.GetValue<DateTimeOffset>().ShouldBeGreaterThanOrEqualTo(scheduled["publishAt"]!.GetValue<DateTimeOffset>());
        (await articles.Editor.Get(scheduled.Path() + "/revisions")).Expect(HttpStatusCode.OK)["items"]!.AsArray().Select(r => (r!.Version(), r!.Text("action"))).ShouldBe([(3, "published"), (2, "scheduled"), (1, "created")]);
        await articles.Spy.Hears<ArticlePublished>(m => m.ArticleId == scheduled.Id());
        // A message may be repeated, but it is one.
        articles.Spy.Heard<ArticlePublished>().Zip(articles.Spy.MessageIds<ArticlePublished>()).Where(m => m.First.ArticleId == scheduled.Id()).Select(m => (m.First.Version, m.Second)).Distinct().ShouldHaveSingleItem().Version.ShouldBe(3);
    }
}
