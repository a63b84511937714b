using Microsoft.Extensions.DependencyInjection;
using Platform.Notifications.Live;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

/// <summary>Hundreds of readers of the live stream who come back at the same moment.</summary>
public sealed class ManyReadersTests(ManyReadersTests.Fixture fixture) : IClassFixture<ManyReadersTests.Fixture>
{
    private const int Readers = 300;

    [Fact]
    public async Task Hundreds_who_resume_at_the_same_moment_each_get_what_they_missed()
    {
        var articles = Enumerable.Range(0, 5).Select(_ => Article("crowd")).ToList();
        var ids = new List<string>();
        await using (var first = await EventReader.Articles(fixture.Client(), "category:crowd"))
            foreach (var article in articles)
            {
                await fixture.Spy.Publish(article);
                ids.Add((await first.Next()).Id);
            }

        // Some from one place, as after a gateway's restart, and some from others.
        var resumed = await Task.WhenAll(Enumerable.Range(0, Readers).Select(async i =>
        {
            await using var reader = await EventReader.Articles(fixture.Client(), "category:crowd", ids[i % 4]);
            var got = new List<Guid>();
            for (var n = (i % 4) + 1; n < articles.Count; n++) got.Add((await reader.Next()).Data["id"]!.GetValue<Guid>());
            return (From: i % 4, Got: got);
        }));
        foreach (var (from, got) in resumed) got.ShouldBe(articles.Skip(from + 1).Select(a => a.ArticleId));
    }

    [Fact]
    public async Task Hundreds_of_different_reads_are_a_few_at_a_time()
    {
        var replay = fixture.Services.GetRequiredService<LiveReplay>();
        var last = await fixture.Services.GetRequiredService<LiveLogStore>().Last(default);
        var read = await Task.WhenAll(Enumerable.Range(1, 500).Select(i => replay.Read(-i, last, default)));
        read.ShouldAllBe(r => r.Count == Math.Min(last, LiveReplay.Page));
    }

    public sealed class Fixture : NotificationsFixture
    {
        protected override void ConfigureServices(IServiceCollection services) => services.FewConnectionsTo(Database);
    }
}
