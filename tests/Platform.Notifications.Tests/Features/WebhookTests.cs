using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MongoDB.Driver;
using Platform.Contracts;
using Platform.Notifications.Webhooks;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

/// <summary>The service may send to this machine, where a server stands that keeps what it gets.</summary>
public class WebhookFixture : NotificationsFixture
{
    public HttpSink Http { get; private set; } = null!;

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("PLATFORM_ALLOWED_NETWORKS", "127.0.0.0/8")];

    public IMongoCollection<WebhookDelivery> WebhookLedger => Store.GetCollection<WebhookDelivery>("webhookDeliveries");

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

    /// <summary>Registers a webhook at a path of its own of the sink.</summary>
    public async Task<(Guid Id, string Secret, string Path)> Register(string topic, JsonObject? topics = null)
    {
        var path = "/" + Guid.NewGuid().ToString("N");
        using var admin = Client("admin");
        var answer = await admin.PostAsJsonAsync("/api/webhooks", new JsonObject { ["url"] = new Uri(Http.Address, path).ToString(), ["topics"] = topics ?? Categories(topic) });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        answer.Headers.Location!.ToString().ShouldBe($"http://localhost:8080/api/webhooks/{body["id"]}");
        return (body["id"]!.GetValue<Guid>(), body["secret"]!.GetValue<string>(), path);
    }

    public Task<IReadOnlyList<SinkRequest>> Got(string path, int count) => Eventually.Get(() => Task.FromResult(Http.To(path) is { } got && got.Count >= count ? got : null), $"{count} requests to {path}");

    public Task<WebhookDelivery> Delivery(Guid webhook, Func<WebhookDelivery, bool> when, string what) =>
        Eventually.Get(async () => (await WebhookLedger.Find(d => d.WebhookId == webhook).ToListAsync()).SingleOrDefault(when), what);
}

public sealed class WebhookTests : IClassFixture<WebhookFixture>
{
    private readonly WebhookFixture _fixture;

    public WebhookTests(WebhookFixture fixture)
    {
        _fixture = fixture;
        fixture.Http.OnRequest = null;
    }

    [Fact]
    public async Task A_webhook_is_told_what_happens_to_articles_that_match_signed_and_once()
    {
        var (_, secret, path) = await _fixture.Register("hooked");
        var article = Article("hooked");
        await _fixture.Spy.Publish(article);
        await _fixture.Got(path, 1);
        var updated = Updated(article, 4);
        await _fixture.Spy.Publish(article);   // again
        await _fixture.Spy.Publish(Article("elsewhere"));
        await _fixture.Spy.Publish(updated);
        await _fixture.Got(path, 2);
        await _fixture.Spy.Publish(Corrected(article, 5));
        await _fixture.Got(path, 3);
        await _fixture.Spy.Publish(new ArticleWithdrawn { ArticleId = article.ArticleId, Version = 6, Slug = article.Slug, Categories = [], WithdrawnAt = DateTimeOffset.UtcNow });
        var got = await _fixture.Got(path, 4);

        var events = got.Select(r => JsonNode.Parse(r.Body)!).ToList();
        events.Select(e => e["type"]!.GetValue<string>()).ShouldBe(["article.published", "article.updated", "article.corrected", "article.withdrawn"]);
        events.ShouldAllBe(e => e["data"]!["id"]!.GetValue<Guid>() == article.ArticleId && e["timestamp"] != null);
        events[0]["data"]!["title"]!.GetValue<string>().ShouldBe(article.Title);
        events[2]["data"]!["correction"]!["note"]!.GetValue<string>().ShouldBe("تصويب");
        got.Select(r => r.Headers["webhook-id"]).Distinct().Count().ShouldBe(4);
        foreach (var request in got)
        {
            request.Method.ShouldBe("POST");
            request.Headers["Content-Type"].ShouldBe("application/json");
            request.Headers.ContainsKey("traceparent").ShouldBeFalse();
            Verify(secret, request).ShouldBeTrue();
            Verify("whsec_" + Convert.ToBase64String(new byte[32]), request).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_webhook_with_a_keyword_is_told_of_the_articles_that_hold_it_and_of_what_happens_to_them_later()
    {
        var (_, _, path) = await _fixture.Register("", new JsonObject { ["keywords"] = new JsonArray("سد الموصل") });
        var article = Article("dams") with { Text = "زار الوزير سدّ الموصل أمس." };
        await _fixture.Spy.Publish(Article("dams") with { Text = "زار الموصل أمس." });
        await _fixture.Spy.Publish(article);
        await _fixture.Got(path, 1);
        await _fixture.Spy.Publish(Updated(article, 4));
        var got = await _fixture.Got(path, 2);
        got.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Nothing_is_told_of_an_import_and_after_a_withdrawal_nothing_but_that()
    {
        var (_, _, path) = await _fixture.Register("order");
        var article = Article("order");
        await _fixture.Spy.Publish(Article("order") with { Imported = true });
        await _fixture.Spy.Publish(new ArticleWithdrawn { ArticleId = article.ArticleId, Version = 6, Slug = article.Slug, Categories = ["order"], WithdrawnAt = DateTimeOffset.UtcNow });
        await _fixture.Got(path, 1);
        await _fixture.Spy.Publish(article);   // late
        var next = Article("order");
        await _fixture.Spy.Publish(next);
        var got = await _fixture.Got(path, 2);
        got.Select(r => JsonNode.Parse(r.Body)!).Select(e => (e["type"]!.GetValue<string>(), e["data"]!["id"]!.GetValue<Guid>())).ShouldBe([("article.withdrawn", article.ArticleId), ("article.published", next.ArticleId)]);
    }

    [Fact]
    public async Task The_secret_changes_without_a_gap_the_old_one_signs_too_for_24_hours()
    {
        var (id, old, path) = await _fixture.Register("rotated");
        using var admin = _fixture.Client("admin");
        var answer = await admin.PostAsync(new Uri($"/api/webhooks/{id}/rotate", UriKind.Relative), null);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var secret = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["secret"]!.GetValue<string>();
        secret.ShouldNotBe(old);

        await _fixture.Spy.Publish(Article("rotated"));
        var request = (await _fixture.Got(path, 1))[0];
        Verify(secret, request).ShouldBeTrue();
        Verify(old, request).ShouldBeTrue();
        request.Headers["webhook-signature"].Split(' ').Length.ShouldBe(2);

        _fixture.Time.Advance(TimeSpan.FromHours(24.1));
        await _fixture.Spy.Publish(Article("rotated"));
        request = (await _fixture.Got(path, 2))[1];
        Verify(secret, request).ShouldBeTrue();
        Verify(old, request).ShouldBeFalse();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(302)]
    [InlineData(404)]
    public async Task What_is_refused_is_tried_again_with_the_same_id_and_a_redirect_is_not_followed(int status)
    {
        var (id, secret, path) = await _fixture.Register($"refused-{status}");
        _fixture.Http.Answer(path, status, r => r.Headers.Location = "/elsewhere");
        await _fixture.Spy.Publish(Article($"refused-{status}"));
        await _fixture.Delivery(id, d => d is { State: WebhookDeliveryState.Waiting, Attempts: 1, Answer: not null }, "the first attempt to be refused");
        _fixture.Http.OnRequest = null;
        _fixture.Time.Advance(TimeSpan.FromSeconds(6));
        await _fixture.Delivery(id, d => d is { State: WebhookDeliveryState.Sent, Attempts: 2 }, "the second attempt to be taken");
        var got = await _fixture.Got(path, 2);
        got[1].Headers["webhook-id"].ShouldBe(got[0].Headers["webhook-id"]);
        got.ShouldAllBe(r => Verify(secret, r));
        _fixture.Http.To("/elsewhere").ShouldBeEmpty();
    }

    [Fact]
    public async Task Retry_After_is_heeded()
    {
        var (id, _, path) = await _fixture.Register("busy");
        _fixture.Http.Answer(path, 429, r => r.Headers.RetryAfter = "3600");
        await _fixture.Spy.Publish(Article("busy"));
        var before = _fixture.Time.GetUtcNow();
        var delivery = await _fixture.Delivery(id, d => d is { Attempts: 1, Answer: "429" }, "the first attempt to be refused");
        delivery.Due!.Value.ShouldBeGreaterThan(before.AddMinutes(59));
    }

    [Fact]
    public async Task Gone_disables_the_webhook()
    {
        var (id, _, path) = await _fixture.Register("gone");
        _fixture.Http.Answer(path, 410);
        await _fixture.Spy.Publish(Article("gone"));
        await _fixture.Delivery(id, d => d.State == WebhookDeliveryState.Failed, "the delivery to fail");
        using var admin = _fixture.Client("admin");
        await Eventually.True(async () => (await admin.GetFromJsonAsync<JsonObject>($"/api/webhooks/{id}"))!["disabledAt"] is not null, "the webhook to be disabled");
        await _fixture.Spy.Publish(Article("gone"));
        var (_, _, other) = await _fixture.Register("gone");
        await _fixture.Spy.Publish(Article("gone"));
        await _fixture.Got(other, 1);
        _fixture.Http.To(path).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_endless_answer_is_cut()
    {
        var (id, _, path) = await _fixture.Register("endless");
        _fixture.Http.OnRequest = async http =>
        {
            if (http.Request.Path != path) return;
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.Body.WriteAsync(new byte[4096], http.RequestAborted);
        };
        await _fixture.Spy.Publish(Article("endless"));
        await _fixture.Delivery(id, d => d.State == WebhookDeliveryState.Sent, "the answer's status to count");
    }

    [Fact]
    public async Task A_webhook_that_hangs_holds_up_no_other()
    {
        var (slow, _, path) = await _fixture.Register("lanes");
        var (_, _, quick) = await _fixture.Register("lanes");
        var hung = new TaskCompletionSource();
        _fixture.Http.OnRequest = http => http.Request.Path == path ? hung.Task.WaitAsync(http.RequestAborted) : Task.CompletedTask;
        for (var i = 0; i < 40; i++) await _fixture.Spy.Publish(Article("lanes"));
        await _fixture.Got(quick, 40);
        (await _fixture.WebhookLedger.CountDocumentsAsync(d => d.WebhookId == slow && d.State == WebhookDeliveryState.Sent)).ShouldBe(0);
        hung.SetResult();
    }

    [Theory]
    [InlineData("https://[::1]/")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://0x0a000001/")]
    [InlineData("http://93.184.216.34/")]
    [InlineData("https://user@hooks.example.org/")]
    [InlineData("not an address")]
    public async Task Where_nothing_may_go_nothing_is_registered(string url)
    {
        using var admin = _fixture.Client("admin");
        var answer = await admin.PostAsJsonAsync("/api/webhooks", new { url, topics = new { all = true } });
        ((int)answer.StatusCode).ShouldBe(422);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<string>().ShouldBe("webhook.url");
    }

    [Fact]
    public async Task A_name_that_leads_where_nothing_may_go_is_refused_at_sending()
    {
        using var rules = new Outbound.OutboundHttp(Outbound.OutboundRules.Parse(null), TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://localhost:{_fixture.Http.Address.Port}/guarded");
        var outcome = await rules.Send(request);
        outcome.Forbidden.ShouldBeTrue();
        _fixture.Http.To("/guarded").ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_admins_see_webhooks_and_no_answer_but_the_first_holds_the_secret()
    {
        var (id, secret, path) = await _fixture.Register("seen");
        using var admin = _fixture.Client("admin");
        foreach (var uri in new[] { $"/api/webhooks/{id}", "/api/webhooks?limit=100", $"/api/webhooks/{id}/deliveries" })
        {
            var answer = await admin.GetAsync(new Uri(uri, UriKind.Relative));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain(secret);
            using var editor = _fixture.Client("editor");
            (await editor.GetAsync(new Uri(uri, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            using var anyone = _fixture.Client();
            (await anyone.GetAsync(new Uri(uri, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        (await admin.GetFromJsonAsync<JsonObject>($"/api/webhooks/{id}"))!["url"]!.GetValue<string>().ShouldEndWith(path);
        (await admin.DeleteAsync(new Uri($"/api/webhooks/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.DeleteAsync(new Uri($"/api/webhooks/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.GetAsync(new Uri($"/api/webhooks/{id}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await _fixture.Store.GetCollection<MongoDB.Bson.BsonDocument>("webhooks").Find(_ => true).ToListAsync()).ShouldAllBe(w => !w.ToString().Contains("whsec_"));
    }

    [Fact]
    public async Task The_same_Idempotency_Key_registers_once_and_gives_the_secret_again()
    {
        using var admin = _fixture.Client("admin");
        admin.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var body = new { url = new Uri(_fixture.Http.Address, "/twice"), topics = new { all = true }, language = "ar" };
        var first = await (await admin.PostAsJsonAsync("/api/webhooks", body)).Content.ReadAsStringAsync();
        (await (await admin.PostAsJsonAsync("/api/webhooks", body)).Content.ReadAsStringAsync()).ShouldBe(first);
    }

    internal static bool Verify(string secret, SinkRequest request) => StandardWebhooks.Verify(StandardWebhooks.Keys(secret), request.Headers["webhook-id"], request.Headers["webhook-timestamp"], request.Headers["webhook-signature"], request.Body,
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(request.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture)));

    internal static ArticleUpdated Updated(ArticlePublished a, long version) => new()
    {
        ArticleId = a.ArticleId,
        Version = version,
        Edition = a.Edition,
        Language = a.Language,
        Title = a.Title,
        Summary = a.Summary,
        Slug = a.Slug,
        Url = a.Url,
        Categories = a.Categories,
        CategoryTree = a.CategoryTree,
        CategoriesLeft = [],
        Tags = a.Tags,
        Authors = a.Authors,
        Breaking = a.Breaking,
        CommentsOpen = true,
        PublishedAt = a.PublishedAt,
        UpdatedAt = DateTimeOffset.UtcNow,
    };

    internal static ArticleCorrected Corrected(ArticlePublished a, long version, bool notify = false) => new()
    {
        ArticleId = a.ArticleId,
        Version = version,
        Edition = notify ? a.Edition + 1 : a.Edition,
        Language = a.Language,
        Title = a.Title,
        Summary = a.Summary,
        Slug = a.Slug,
        Url = a.Url,
        Categories = a.Categories,
        CategoryTree = a.CategoryTree,
        CategoriesLeft = [],
        Tags = a.Tags,
        Authors = a.Authors,
        Breaking = a.Breaking,
        CommentsOpen = true,
        PublishedAt = a.PublishedAt,
        CorrectedAt = DateTimeOffset.UtcNow,
        Note = "تصويب",
        Notify = notify,
        Changed = ["title"],
    };
}
