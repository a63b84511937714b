using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.Comments.Moderation.Spam;
using Platform.Comments.Privacy;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests;

/// <summary>Every query that the service asks has an index: heard while all of it is used once, and explained by the engine.</summary>
public sealed class IndexUseTests(IndexUseTests.Fixture fixture) : IClassFixture<IndexUseTests.Fixture>
{
    [Fact]
    public async Task No_query_looks_at_every_document()
    {
        await UseEverything();

        var plans = await fixture.Plans.Explain(fixture.Database.Name);
        Assert.SkipWhen(plans is null, "Only the engine of the local run explains queries.");

        foreach (var plan in plans!) TestContext.Current.TestOutputHelper?.WriteLine($"{plan.Query} by {string.Join(", ", plan.Indexes.DefaultIfEmpty("id"))}");
        plans!.Count.ShouldBeGreaterThan(40);
        plans.Where(p => p.Scans).Select(p => $"{p.Query}\n{p.Plan}").ShouldBeEmpty();
        // With an order and another condition beside the ids, the engine of the local run walks the index of those, and so all there is.
        plans.Where(p => p.Query.Contains("filter: {_id: {$in: [Binary]}, ", StringComparison.Ordinal) && p.Query.Contains("sort:", StringComparison.Ordinal)).Select(p => p.Query).ShouldBeEmpty();
        plans.Where(p => p.WalksIdsToSort).Select(p => $"{p.Query}\n{p.Plan}").ShouldBeEmpty();
    }

    private async Task UseEverything()
    {
        var (guest, moderator) = (fixture.Guest, fixture.Moderator);
        var article = await fixture.Article();
        var comments = new List<JsonElement>();
        for (var i = 0; i < 5; i++) comments.Add(await fixture.Post(article, i > 2 ? comments[0].Id() : null));
        foreach (var query in new[] { "", "?sort=oldest", "?sort=top", $"?parent={comments[0].Id()}", "?limit=1" })
        {
            var list = await fixture.List(article, query);
            if (list.Text("next") is { } next) await fixture.List(article, (query == "" ? "?limit=1" : query) + "&cursor=" + next);
        }
        await guest.Get($"/api/comments/{comments[4].Id()}");
        await guest.Get("/api/comment-counts?ids=" + article);
        await guest.PutAsync(new Uri($"/api/comments/{comments[1].Id()}/reactions/like", UriKind.Relative), null);
        await guest.PostAsJsonAsync($"/api/comments/{comments[1].Id()}/reports", new { reason = "spam" });
        foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Delete })
        {
            var request = new HttpRequestMessage(method, $"/api/comments/{comments[2].Id()}") { Content = JsonContent.Create(new { body = "آخر" }), Headers = { { "X-Edit-Token", comments[2].Text("editToken") } } };
            if (method == HttpMethod.Delete) request.Content = null;
            (await guest.SendAsync(request)).EnsureSuccessStatusCode();
        }
        await fixture.Set(s => s with { Mode = ModerationMode.NewCommenters, MinSecondsBetween = 1 });
        var held = await fixture.Post(article);
        foreach (var query in new[] { "", "?status=reported", "?status=published", $"?articleId={article}", $"?status=reported&articleId={article}", "?q=x", "?status=spam&limit=1" }) (await moderator.Get("/api/moderation/queue" + query)).EnsureSuccessStatusCode();
        (await moderator.PostAsJsonAsync("/api/moderation/claims", new { limit = 1 })).EnsureSuccessStatusCode();
        (await moderator.PutAsync(new Uri($"/api/moderation/claims/{held.Id()}", UriKind.Relative), null)).EnsureSuccessStatusCode();
        await fixture.Decide("approve", held.Id());
        await fixture.Decide("spam", comments[3].Id());
        var ban = await (await moderator.PostAsJsonAsync("/api/moderation/bans", new { email = "a@b.co", reason = "r" })).Json(System.Net.HttpStatusCode.Created);
        await fixture.Post(article);
        (await moderator.Get("/api/moderation/bans")).EnsureSuccessStatusCode();
        (await moderator.DeleteAsync(new Uri($"/api/moderation/bans/{ban.Id()}", UriKind.Relative))).EnsureSuccessStatusCode();
        var settings = JsonSerializer.Deserialize<Dictionary<string, object>>((await (await moderator.Get("/api/moderation/settings")).Json()).ToString())!;
        settings["mode"] = "pre";
        var trial = (await (await moderator.PostAsJsonAsync("/api/moderation/settings/trial", settings)).Json(System.Net.HttpStatusCode.Accepted)).Id();
        foreach (var (what, phase) in new[] { ("", "done"), ("apply", "applied"), ("undo", "undone") })
        {
            if (what.Length > 0) (await moderator.PostAsync(new Uri($"/api/moderation/settings/trial/{trial}/{what}", UriKind.Relative), null)).EnsureSuccessStatusCode();
            await Eventually.True(async () => (await (await moderator.Get($"/api/moderation/settings/trial/{trial}")).Json()).Text("phase") == phase, "the trial to be " + phase);
        }
        foreach (var query in new[] { "", $"?subject={trial}", $"?by={Guid.CreateVersion7()}", $"?by={Guid.CreateVersion7()}&subject={trial}" }) (await moderator.Get("/api/moderation/log" + query)).EnsureSuccessStatusCode();
        await fixture.Services.GetRequiredService<SpamTrainer>().Learn(fixture.Now.AddMinutes(1), default);
        await fixture.Services.GetRequiredService<SpamTrainer>().Learn(fixture.Now.AddMinutes(1), default);
        await fixture.Services.GetRequiredService<StaffNameStore>().Know(Guid.CreateVersion7(), 1, "x", active: true, default);
        var keys = fixture.Services.GetRequiredService<AddressKeyStore>();
        (await moderator.Get("/api/moderation/counts")).EnsureSuccessStatusCode();
        await fixture.Comments.OfArticleUntil(article, fixture.Now, 1, default);
        (await moderator.Get($"/api/articles/{article}/comments/export")).EnsureSuccessStatusCode();
        await fixture.Comments.OfArticleAfter(article, new Position(fixture.Now.AddDays(-1), Guid.Empty), 2, default);
        await fixture.Comments.WithAnythingBeneath([(await fixture.Comments.Find(comments[0].Id(), default))!, (await fixture.Comments.Find(comments[2].Id(), default))! with { Ancestors = [.. Enumerable.Repeat(article, Comment.MaxDepth)] }], default);
        foreach (var what in new[] { "export", "erase" }) (await moderator.PostAsJsonAsync("/api/moderation/people/" + what, new { email = "nobody@example.com" })).EnsureSuccessStatusCode();
        await fixture.Threads.Erased(null, 1, default);
        await fixture.Comments.CountSeen([article, comments[0].Id()], default);
        await fixture.Comments.Beneath(comments[0].Id(), 10, default);
        await fixture.Comments.ParentsOfChanged(article, fixture.Now.AddMinutes(-1), default);
        await fixture.Comments.TimesOf([[1], [2]], fixture.Now, fixture.Now, default);
        await fixture.List(article, "?depth=4");
        await keys.BansUnder("0", 1, default);
        await keys.GuestsUnder("0", 1, default);
        await keys.CommentsUnder("0", 1, default);
        await fixture.Comments.IsRepeat([[1], [2]], Guid.Empty, default);
        (await moderator.PutAsJsonAsync($"/api/articles/{article}/thread", new { open = false })).EnsureSuccessStatusCode();
        await fixture.Settled(article);
    }

    public sealed class Fixture : CommentsFixture
    {
        public QueryPlans Plans { get; } = new();

        protected override void ConfigureServices(IServiceCollection services)
        {
            var settings = MongoClientSettings.FromConnectionString(Database.Uri);
            settings.ClusterConfigurator = Plans.Listen;
            services.Replace(ServiceDescriptor.Singleton<IMongoClient>(_ => new MongoClient(settings)));
        }
    }
}
