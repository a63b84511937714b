using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Bson;
using Platform.Articles.Search;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Search;

/// <summary>The index of one service after another over the same store, in a folder that lasts.</summary>
public sealed class FollowArticlesTests : ArticlesFixture
{
    private readonly string _data = Directory.CreateTempSubdirectory("platform-search-test-").FullName;

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("PLATFORM_DATA", _data)];

    private string Index => Path.Combine(_data, "search", "articles", "index");

    [Fact]
    public async Task It_survives_a_restart_and_catches_up_with_what_happened_meanwhile()
    {
        var (one, two) = (await Published(new { title = "الميناء القديم" }), await Published(new { title = "الميناء الجديد" }));
        await Finds("ميناء", one.Text("id"), two.Text("id"));
        await StopService();
        Directory.EnumerateFiles(Index).ShouldNotBeEmpty();
        await using (var other = await Replica())
        {
            // Without this one's index: it has one of its own.
            (await other.Editor.Move(one, "withdraw", new { reason = "x" })).Expect(HttpStatusCode.OK);
            await other.Published(new { title = "ميناء ثالث" });
        }
        await Restart();
        await Eventually.True(async () => (await Reader.Get("/api/articles?q=" + Uri.EscapeDataString("ميناء"))).Ids() is { Count: 2 } ids && !ids.Contains(one.Text("id")), "the index to catch up");
    }

    [Theory]
    [InlineData("segments_*")]
    [InlineData("*.cf?")]
    [InlineData("*")]
    public async Task A_broken_index_is_built_anew(string files)
    {
        var article = await Published(new { title = "الميناء القديم" });
        await Finds("ميناء", article.Text("id"));
        await StopService();
        foreach (var file in Directory.EnumerateFiles(Index, files)) await File.WriteAllBytesAsync(file, [1, 2, 3, .. File.ReadAllBytes(file).Skip(3).Select(b => (byte)(b ^ 0x55))]);
        await Restart();
        await Finds("ميناء", article.Text("id"));
    }

    [Fact]
    public async Task A_store_that_was_put_back_is_followed_from_there()
    {
        var article = await Published(new { title = "الميناء القديم" });
        await Finds("ميناء", article.Text("id"));
        await StopService();
        var all = Database.Database.GetCollection<BsonDocument>("articles");
        await all.DeleteManyAsync(new BsonDocument());
        Skewed = new FakeTimeProvider(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await Restart();
        var older = await Published(new { title = "الميناء الجديد" });
        await Finds("ميناء", older.Text("id"));
    }

    private FakeTimeProvider? Skewed { get; set; }

    protected override TimeProvider? Clock => Skewed;

    [Fact]
    public async Task Two_replicas_follow_each_other_each_with_a_folder_of_its_own()
    {
        await using var other = await Replica();
        var here = await Published(new { title = "الميناء القديم" });
        var there = await other.Published(new { title = "الميناء الجديد" });
        await Finds("ميناء", here.Text("id"), there.Text("id"));
        await Eventually.True(async () => (await other.Reader.Get("/api/articles?q=" + Uri.EscapeDataString("ميناء"))).Ids().Count == 2, "the other replica to follow");
        Directory.GetDirectories(Path.Combine(_data, "search")).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Until_it_is_built_searches_answer_503_and_everything_else_works()
    {
        var article = await Published(new { title = "الميناء القديم", categories = new[] { await NewCategory() } });
        await StopService();
        // Somebody holds the store's answers to the index back.
        Held = true;
        await Restart();
        var answer = await Reader.Get("/api/articles?q=x");
        answer.Refuses(HttpStatusCode.ServiceUnavailable, "search.building");
        answer.Response.Headers.RetryAfter.ShouldNotBeNull();
        (await Reader.Get(article.Path())).Expect(HttpStatusCode.OK);
        (await Reader.Get(article.Path() + "/related")).Expect(HttpStatusCode.OK);
    }

    private bool Held { get; set; }

    protected override void ConfigureServices(IServiceCollection services)
    {
        if (Held) services.Remove(services.Single(s => s.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService) && s.ImplementationFactory?.Method.ReturnType == typeof(FollowArticles)));
    }

    private async Task Finds(string q, params string[] ids) =>
        await Eventually.Passes(async () => (await Reader.Get("/api/articles?q=" + Uri.EscapeDataString(q))).Ids().Order().ShouldBe(ids.Order()), $"a search for {q} to find {ids.Length}");

    private async Task Restart()
    {
        await StartService();
        SignIn();
    }

    private async Task<Companion> Replica()
    {
        var replica = new Companion(this);
        await replica.InitializeAsync();
        return replica;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_data, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Another process of the same service, as far as one can be had within this one.</summary>
    private sealed class Companion(FollowArticlesTests first) : ArticlesFixture
    {
        protected override string StoreUri => first.StoreUri;

        protected override string BrokerUri => first.BrokerUri;

        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("PLATFORM_DATA", first._data)];
    }
}
