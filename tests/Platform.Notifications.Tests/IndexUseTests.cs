using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MimeKit;
using MongoDB.Driver;
using Platform.Contracts;
using Platform.Notifications.CommentMails;
using Platform.Notifications.Tests.Features;
using Platform.ServiceDefaults;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests;

/// <summary>Every query that the service asks has an index: heard while all of it is used once, and explained by the engine.</summary>
public sealed class IndexUseTests(IndexUseTests.Fixture fixture) : IClassFixture<IndexUseTests.Fixture>
{
    /// <summary>Collections that hold a handful of documents for ever: one for each job, each process, each webhook that an admin made. To look at all of them is what is wanted.</summary>
    private static readonly string[] Small = ["workers", "leases", "webhooks"];

    [Fact]
    public async Task No_query_looks_at_every_document()
    {
        await UseEverything();

        var plans = await fixture.Plans.Explain(fixture.Database.Name);
        Assert.SkipWhen(plans is null, "Only the engine of the local run explains queries.");

        foreach (var plan in plans!) TestContext.Current.TestOutputHelper?.WriteLine($"{plan.Query} by {string.Join(", ", plan.Indexes.DefaultIfEmpty("id"))}");
        plans!.Count.ShouldBeGreaterThan(60);
        plans.Where(p => (p.Scans || WalksAllIds(p)) && !Small.Any(s => p.Query.StartsWith("{" + s + ",", StringComparison.Ordinal))).Select(p => $"{p.Query}\n{p.Plan}").ShouldBeEmpty();
        foreach (var index in new[] { "address", "match", "confirm", "keywords", "digests", "confirmationDue", "pages", "due", "duePush", "shownArticles", "edition", "phase", "changed", "queue", "article", "told" })
            plans.ShouldContain(p => p.Indexes.Contains(index), $"some query uses {index}");
    }

    /// <summary>The index of the ids serves queries for ids, and lists in their order; walked for anything else it is a scan by another name.</summary>
    private static bool WalksAllIds(QueryPlan plan)
    {
        if (!plan.Indexes.SequenceEqual(["_id_"])) return false;
        if (!plan.Query.Contains("{_id: ", StringComparison.Ordinal) && !plan.Query.Contains(", _id: ", StringComparison.Ordinal)) return true;
        // Bounded on one side only, it reaches over all there is, unless nearly everything on the way is wanted.
        return plan.Query.Contains("_id: {$gt: Binary}", StringComparison.Ordinal) || plan.Query.Contains("_id: {$lt: Binary}", StringComparison.Ordinal)
            ? plan.Query.Contains("dispatchId", StringComparison.Ordinal) || plan.Query.Contains("articleId: Binary", StringComparison.Ordinal) || plan.Query.Contains("webhookId", StringComparison.Ordinal)
            : plan.WalksIdsToSort;
    }

    private async Task UseEverything()
    {
        using var reader = fixture.Client();
        using var editor = fixture.Client("editor");
        using var admin = fixture.Client("admin");

        // Somebody with each kind of topic, schedule and channel.
        var address = NewAddress();
        var manage = await fixture.Subscribe(address, new JsonObject { ["categories"] = new JsonArray("used"), ["keywords"] = new JsonArray("النهر") });
        using var holder = fixture.Client();
        holder.DefaultRequestHeaders.Authorization = new("Subscription", manage);
        var mine = (await holder.GetFromJsonAsync<JsonObject>("/api/subscriptions/mine"))!;
        (await holder.PutAsJsonAsync("/api/subscriptions/mine", mine)).EnsureSuccessStatusCode();
        var digest = Request(NewAddress(), Categories("used"));
        digest["schedule"] = new JsonObject { ["kind"] = "daily", ["at"] = "00:00", ["timeZone"] = "Etc/UTC" };
        (await reader.PostAsJsonAsync("/api/subscriptions", digest)).EnsureSuccessStatusCode();
        (await reader.PostAsJsonAsync("/api/subscriptions/confirm", new { token = ConfirmToken(await fixture.Sink.MailFor(digest["address"]!.GetValue<string>())) })).EnsureSuccessStatusCode();
        foreach (var _ in Enumerable.Range(0, 2))
            (await reader.PostAsJsonAsync("/api/subscriptions", new { channel = "push", endpoint = new Uri(fixture.Http.Address, "/push"), keys = new { p256dh = PushTests.P256dh, auth = PushTests.Auth }, language = "ar", topics = new { categories = new[] { "used" } }, schedule = new { kind = "instant" } })).EnsureSuccessStatusCode();
        await fixture.Subscribed(Dispatch.PageSize + 1, "used");   // more than a page: the rest is read by a cursor
        var webhook = await (await admin.PostAsJsonAsync("/api/webhooks", new { url = new Uri(fixture.Http.Address, "/hook"), topics = new { all = true }, language = "ar" })).Content.ReadFromJsonAsync<JsonObject>();
        var hook = webhook!["id"]!.GetValue<Guid>();
        (await admin.PostAsync(new Uri($"/api/webhooks/{hook}/rotate", UriKind.Relative), null)).EnsureSuccessStatusCode();

        // An article in all of its states, with somebody who watches.
        await using var watching = await EventReader.Dispatches(fixture.Client("editor"));
        var failing = NewAddress();
        await fixture.Subscribe(failing, Categories("used"));
        fixture.Sink.OnRecipient = e => e.To.Contains(failing) ? SinkAnswer.Reply("550 5.1.1 unknown") : SinkAnswer.Accept;
        var article = Article("used", "النهر يعود");
        await fixture.Spy.Publish(article);
        var dispatch = (await fixture.Done(article.ArticleId))["id"]!.GetValue<Guid>();
        await fixture.Spy.Publish(WebhookTests.Updated(article, 4));
        await fixture.Spy.Publish(WebhookTests.Corrected(article, 5, notify: true));
        await fixture.Done(article.ArticleId, edition: 2);
        foreach (var list in new[] { "dispatches", $"dispatches?articleId={article.ArticleId}", "dispatches?kind=digest", $"dispatches/{dispatch}/deliveries", $"dispatches/{dispatch}/deliveries?status=sent", $"dispatches/{dispatch}/deliveries?status=failed", "webhooks", $"webhooks/{hook}/deliveries", "suppressions" })
        {
            var path = $"/api/{list}{(list.Contains('?', StringComparison.Ordinal) ? "&" : "?")}limit=1";
            if ((await admin.GetFromJsonAsync<JsonObject>(path))!["next"] is { } next) (await admin.GetAsync(new Uri($"{path}&cursor={next}", UriKind.Relative))).EnsureSuccessStatusCode();
        }
        (await editor.GetAsync(new Uri($"/api/dispatches/{dispatch}", UriKind.Relative))).EnsureSuccessStatusCode();
        var failed = (await admin.GetFromJsonAsync<JsonObject>($"/api/dispatches/{dispatch}/deliveries?status=failed"))!["items"]![0]!["id"]!.GetValue<Guid>();
        fixture.Sink.OnRecipient = null;
        (await admin.PostAsync(new Uri($"/api/deliveries/{failed}/resend", UriKind.Relative), null)).EnsureSuccessStatusCode();
        await fixture.Done(article.ArticleId);

        // Mail that no server takes for now is put off, counted, and tried again.
        fixture.Sink.OnRecipient = _ => SinkAnswer.Reply("451 4.3.0 later");
        var late = Article("used");
        await fixture.Spy.Publish(late);
        await fixture.Dispatch(late.ArticleId, 1, d => d["phase"]!.GetValue<string>() == "sending" && d["etaSeconds"] is not null, "mails to wait");
        await fixture.Spy.Publish(new ArticleWithdrawn { ArticleId = late.ArticleId, Version = 9, Slug = "x", Categories = [], WithdrawnAt = DateTimeOffset.UtcNow });
        await fixture.Done(late.ArticleId);
        fixture.Sink.OnRecipient = null;

        // Whom nobody writes to any more.
        var suppressed = await (await admin.PostAsJsonAsync("/api/suppressions", new { address, reason = "r" })).Content.ReadFromJsonAsync<JsonObject>();
        (await admin.DeleteAsync(new Uri($"/api/suppressions/{suppressed!["id"]}", UriKind.Relative))).EnsureSuccessStatusCode();
        (await fixture.Bounce($$"""{"type":"soft","address":"{{address}}"}""")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var message = (await MimeMessage.LoadAsync(new MemoryStream((await fixture.Sink.MailFor(address)).Raw.ToArray()))).MessageId;
        (await fixture.Bounce($$"""{"type":"soft","messageId":"{{message}}"}""")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await admin.GetAsync(new Uri("/api/subscriptions/export", UriKind.Relative))).EnsureSuccessStatusCode();

        // Mails to those who comment.
        var seal = fixture.Services.GetRequiredService<GuestSeal>();
        var proof = new CommentProofRequested { MailId = Guid.CreateVersion7(), Address = seal.Seal(NewAddress()), Link = seal.Seal("http://localhost:8080/x"), Language = "ar", RequestedAt = fixture.Time.GetUtcNow() };
        await fixture.Spy.Publish(proof);
        await Eventually.True(async () => await fixture.Store.GetCollection<CommentMail>("commentMails").Find(m => m.Id == proof.MailId).FirstOrDefaultAsync() is { Due: null }, "the mail to be settled");

        // Digests, when their hour has come; and rows that are a month old go.
        var daily = fixture.Sink.For(digest["address"]!.GetValue<string>()).Count;
        fixture.Time.Advance(TimeSpan.FromDays(1));
        await Eventually.True(() => fixture.Sink.For(digest["address"]!.GetValue<string>()).Count > daily, "the digest");
        await fixture.Services.GetRequiredService<LedgerStore>().Purge(fixture.Now.AddDays(-30), 1, default);

        (await holder.GetAsync(new Uri("/api/subscriptions/mine/data", UriKind.Relative))).EnsureSuccessStatusCode();
        (await holder.DeleteAsync(new Uri("/api/subscriptions/mine", UriKind.Relative))).EnsureSuccessStatusCode();
        (await holder.DeleteAsync(new Uri("/api/subscriptions/mine/data", UriKind.Relative))).EnsureSuccessStatusCode();
        (await admin.DeleteAsync(new Uri($"/api/webhooks/{hook}", UriKind.Relative))).EnsureSuccessStatusCode();
    }

    public sealed class Fixture : SuppressionFixture
    {
        public QueryPlans Plans { get; } = new();

        public HttpSink Http { get; private set; } = null!;

        public DateTimeOffset Now => Time.GetUtcNow();

        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("PLATFORM_ALLOWED_NETWORKS", "127.0.0.0/8")];

        public override async ValueTask InitializeAsync()
        {
            Http = await HttpSink.Start();
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            GC.SuppressFinalize(this);
            await base.DisposeAsync();
            await Http.DisposeAsync();
        }

        protected override void ConfigureServices(IServiceCollection services)
        {
            var settings = MongoClientSettings.FromConnectionString(Database.Uri);
            settings.ClusterConfigurator = Plans.Listen;
            services.Replace(ServiceDescriptor.Singleton<IMongoClient>(_ => new MongoClient(settings)));
        }
    }
}
