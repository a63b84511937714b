using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using Platform.Notifications.Webhooks;
using Platform.ServiceDefaults;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

/// <summary>Hundreds of webhooks at once, of which some never answer. The driver has far fewer connections to the store than there are webhooks, and bears no crowd.</summary>
public sealed class ManyWebhooksTests(ManyWebhooksTests.Fixture fixture) : IClassFixture<ManyWebhooksTests.Fixture>
{
    private const int Webhooks = 400;

    [Fact]
    public async Task Of_hundreds_of_webhooks_each_gets_an_article_once_and_those_that_hang_hold_up_no_other()
    {
        var paths = await fixture.Register(Webhooks, "many");
        var ids = (await fixture.Webhooks.Find(w => w.Keys.Contains("ar|category|many")).ToListAsync()).Select(w => w.Id).ToList();
        Task<long> Sent() => fixture.WebhookLedger.CountDocumentsAsync(d => d.State == WebhookDeliveryState.Sent && ids.Contains(d.WebhookId));
        var hanging = paths.Where((_, i) => i % 8 == 0).ToHashSet(StringComparer.Ordinal);
        var end = new TaskCompletionSource();
        fixture.Http.OnRequest = http => hanging.Contains(http.Request.Path) ? end.Task.WaitAsync(http.RequestAborted) : Task.CompletedTask;
        for (var i = 0; i < 3; i++) await fixture.Spy.Publish(Article("many"));

        // Nothing was answered by those that hang until all others have all they should get.
        await Eventually.True(() => fixture.Http.Count >= 3 * (Webhooks - hanging.Count) && paths.Where(p => !hanging.Contains(p)).All(p => fixture.Http.To(p).Count == 3), "all of the others to be told", TimeSpan.FromSeconds(60));
        await Eventually.True(async () => await Sent() == 3 * (Webhooks - hanging.Count), "all of that to be settled");

        // Those that hung are told as soon as they answer again: what they left is tried after 5 s.
        end.SetResult();
        fixture.Http.OnRequest = null;
        await Eventually.True(async () =>
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(6));
            return await Sent() == 3 * Webhooks;
        }, "those that hung to be told too", TimeSpan.FromSeconds(60));
        foreach (var path in paths.Where(p => !hanging.Contains(p))) fixture.Http.To(path).Count.ShouldBe(3);
        foreach (var path in hanging) fixture.Http.To(path).Select(r => r.Headers["webhook-id"]).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_long_backlog_of_one_that_hangs_hides_nobody_else()
    {
        var path = (await fixture.Register(1, "backlog"))[0];
        var webhook = await fixture.Webhooks.Find(w => w.Url.EndsWith(path)).SingleAsync();
        using var end = new CancellationTokenSource();
        fixture.Http.OnRequest = http => http.Request.Path == path ? Task.Delay(Timeout.InfiniteTimeSpan, end.Token) : Task.CompletedTask;
        var longAgo = fixture.Time.Now().AddHours(-1);
        await fixture.WebhookLedger.InsertManyAsync(Enumerable.Range(0, 2_000).Select(i => new WebhookDelivery(Guid.CreateVersion7(), webhook.Id, Guid.NewGuid(), "article.published", "{}", WebhookDeliveryState.Waiting, 0, longAgo, null, null, null, DateTimeOffset.UtcNow.AddDays(1))));
        var others = await fixture.Register(20, "beside");
        await fixture.Spy.Publish(Article("beside"));
        await Eventually.True(() => others.All(p => fixture.Http.To(p).Count == 1), "the others to be told");
        (await fixture.WebhookLedger.CountDocumentsAsync(d => d.WebhookId == webhook.Id && d.State == WebhookDeliveryState.Sent)).ShouldBe(0);
        await end.CancelAsync();
        fixture.Http.OnRequest = null;
        await fixture.Webhooks.DeleteOneAsync(w => w.Id == webhook.Id);
    }

    public sealed class Fixture : WebhookFixture
    {
        public IMongoCollection<Webhook> Webhooks => Store.GetCollection<Webhook>("webhooks");

        protected override void ConfigureServices(IServiceCollection services) => services.FewConnectionsTo(Database);

        /// <summary>Registered in the store, at paths of their own; the service opens their secrets.</summary>
        public async Task<IReadOnlyList<string>> Register(int count, string category)
        {
            var sender = Services.GetRequiredService<WebhookSender>();
            var topics = new Topics(false, [category], null, null, null);
            var paths = Enumerable.Range(0, count).Select(i => $"/{category}/{Guid.NewGuid():N}").ToList();
            await Webhooks.InsertManyAsync(paths.Select(p => new Webhook(Guid.CreateVersion7(), 1, new Uri(Http.Address, p).ToString(), topics, null, topics.Keys("ar"), sender.Seal(StandardWebhooks.NewSecret()), null, null, DateTimeOffset.UtcNow, null)));
            return paths;
        }
    }
}
