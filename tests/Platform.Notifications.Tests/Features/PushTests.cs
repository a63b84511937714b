using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MongoDB.Driver;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

public sealed class PushTests : IClassFixture<WebhookFixture>
{
    internal const string Auth = "BTBZMqHH6r4Tts7J_aSIgg", P256dh = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private readonly WebhookFixture _fixture;

    public PushTests(WebhookFixture fixture)
    {
        _fixture = fixture;
        fixture.Http.OnRequest = null;
    }

    [Fact]
    public async Task A_browser_gets_what_matches_encrypted_for_it_and_signed_by_us()
    {
        using var browser = new Browser(_fixture);
        await browser.Subscribe(Categories("pushed"));
        var article = Article("pushed");
        await _fixture.Spy.Publish(article);
        var done = await _fixture.Done(article.ArticleId);
        (done["matched"]!.GetValue<int>(), done["sent"]!.GetValue<int>()).ShouldBe((1, 1));

        var request = _fixture.Http.To(browser.Path).Single();
        request.Headers["Content-Encoding"].ShouldBe("aes128gcm");
        request.Headers["TTL"].ShouldBe("86400");
        request.Headers["Urgency"].ShouldBe("normal");
        var message = browser.Read(request);
        message["title"]!.GetValue<string>().ShouldBe(article.Title);
        message["body"]!.GetValue<string>().ShouldBe(article.Summary);
        message["url"]!.GetValue<string>().ShouldBe(article.Url);
        message["direction"]!.GetValue<string>().ShouldBe("rtl");

        using var client = _fixture.Client();
        var key = (await client.GetFromJsonAsync<JsonObject>("/api/push/key"))!["key"]!.GetValue<string>();
        var claims = Verify(request.Headers["Authorization"], key);
        claims["aud"]!.GetValue<string>().ShouldBe(_fixture.Http.Address.GetLeftPart(UriPartial.Authority));
        claims["sub"]!.GetValue<string>().ShouldBe("mailto:news@example.org");
        DateTimeOffset.FromUnixTimeSeconds(claims["exp"]!.GetValue<long>()).ShouldBeInRange(_fixture.Time.GetUtcNow().AddHours(5), _fixture.Time.GetUtcNow().AddHours(24));
    }

    [Fact]
    public async Task A_correction_takes_the_place_of_a_message_that_is_not_delivered_yet()
    {
        using var browser = new Browser(_fixture);
        await browser.Subscribe(Categories("corrected-push"));
        var article = Article("corrected-push");
        await _fixture.Spy.Publish(article);
        await _fixture.Done(article.ArticleId);
        await _fixture.Spy.Publish(WebhookTests.Corrected(article, 4, notify: true));
        await _fixture.Done(article.ArticleId, edition: 2);
        var got = _fixture.Http.To(browser.Path);
        got.Count.ShouldBe(2);
        got[1].Headers["Topic"].ShouldBe(got[0].Headers["Topic"]);
        browser.Read(got[1])["tag"]!.ToString().ShouldBe(browser.Read(got[0])["tag"]!.ToString());
        browser.Read(got[1])["title"]!.GetValue<string>().ShouldStartWith("تصحيح: ");
    }

    [Fact]
    public async Task The_holder_of_the_token_sees_changes_and_ends_it()
    {
        using var browser = new Browser(_fixture);
        var token = await browser.Subscribe(Categories("mine-push"));
        (await browser.Subscribe(Categories("mine-push"))).ShouldBe(token, "the same endpoint is the same subscription");
        using var client = _fixture.Client();
        client.DefaultRequestHeaders.Authorization = new("Subscription", token);
        (await client.GetFromJsonAsync<JsonObject>("/api/subscriptions/mine"))!["topics"]!["categories"]![0]!.GetValue<string>().ShouldBe("mine-push");
        (await client.PutAsJsonAsync("/api/subscriptions/mine", new { language = "ar", topics = new { all = true }, schedule = new { kind = "daily" } })).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await client.DeleteAsync(new Uri("/api/subscriptions/mine", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var article = Article("mine-push");
        await _fixture.Spy.Publish(article);
        (await _fixture.Done(article.ArticleId))["matched"]!.GetValue<int>().ShouldBe(0);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_browser_that_is_gone_is_forgotten(int status)
    {
        using var browser = new Browser(_fixture);
        await browser.Subscribe(Categories($"gone-push-{status}"));
        _fixture.Http.Answer(browser.Path, status);
        var article = Article($"gone-push-{status}");
        await _fixture.Spy.Publish(article);
        (await _fixture.Done(article.ArticleId))["failed"]!.GetValue<int>().ShouldBe(1);
        (await _fixture.Subscriptions.CountDocumentsAsync(s => s.Push!.Endpoint == browser.Endpoint)).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_push_service_refuses_for_now_is_tried_again_when_it_says()
    {
        using var browser = new Browser(_fixture);
        await browser.Subscribe(Categories("later-push"));
        _fixture.Http.Answer(browser.Path, 429, r => r.Headers.RetryAfter = "120");
        var article = Article("later-push");
        var before = _fixture.Time.GetUtcNow();
        await _fixture.Spy.Publish(article);
        await Eventually.True(async () => await _fixture.Ledger.Find(d => d.Answer == "429").SingleOrDefaultAsync() is { State: DeliveryState.Waiting } row && row.Due > before.AddSeconds(110), "the row to wait");
        _fixture.Http.OnRequest = null;
        _fixture.Time.Advance(TimeSpan.FromSeconds(125));
        (await _fixture.Done(article.ArticleId))["sent"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_push_service_that_hangs_holds_up_no_mail()
    {
        var address = NewAddress();
        await _fixture.Subscribe(address, Categories("hung-push"));
        using var browser = new Browser(_fixture);
        await browser.Subscribe(Categories("hung-push"));
        var hung = new TaskCompletionSource();
        _fixture.Http.OnRequest = http => http.Request.Path == browser.Path ? hung.Task.WaitAsync(http.RequestAborted) : Task.CompletedTask;
        var article = Article("hung-push");
        await _fixture.Spy.Publish(article);
        await _fixture.Dispatch(article.ArticleId, 1, d => d["sent"]!.GetValue<int>() == 1, "the mail to be sent");
        _fixture.Sink.For(address).Count.ShouldBe(2);
        hung.SetResult();
        (await _fixture.Done(article.ArticleId))["sent"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task The_longest_Arabic_text_fits()
    {
        using var browser = new Browser(_fixture);
        await browser.Subscribe(Categories("long-push"));
        var article = Article("long-push", new string('ع', 300)) with { Summary = new string('غ', 1000), Url = "http://localhost:8080/articles/" + string.Concat(Enumerable.Repeat("%D8%B9", 200)) };
        await _fixture.Spy.Publish(article);
        (await _fixture.Done(article.ArticleId))["sent"]!.GetValue<int>().ShouldBe(1);
        var request = _fixture.Http.To(browser.Path).Single();
        request.Body.Length.ShouldBeLessThanOrEqualTo(4096);
        browser.Read(request)["title"]!.GetValue<string>().ShouldBe(article.Title);
    }

    [Theory]
    [InlineData("https://push.example.net/1", "AAAA", Auth, 422, "subscription.pushKeys")]
    [InlineData("https://push.example.net/1", P256dh, "AAAA", 422, "subscription.pushKeys")]
    [InlineData("http://push.example.net@93.184.216.34/1", P256dh, Auth, 422, "subscription.pushEndpoint")]
    [InlineData("https://10.0.0.1/1", P256dh, Auth, 422, "subscription.pushEndpoint")]
    [InlineData("https://[::1]/1", P256dh, Auth, 422, "subscription.pushEndpoint")]
    [InlineData("https://0xA000001/1", P256dh, Auth, 422, "subscription.pushEndpoint")]
    [InlineData("file:///etc/passwd", P256dh, Auth, 422, "subscription.pushEndpoint")]
    [InlineData(null, P256dh, Auth, 400, "request.invalid")]
    public async Task Bad_keys_and_endpoints_are_refused(string? endpoint, string p256dh, string auth, int status, string code)
    {
        using var client = _fixture.Client();
        var answer = await client.PostAsJsonAsync("/api/subscriptions", new { channel = "push", endpoint, keys = new { p256dh, auth }, language = "ar", topics = new { all = true }, schedule = new { kind = "instant" } });
        ((int)answer.StatusCode).ShouldBe(status);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["code"]!.GetValue<string>().ShouldBe(code);
    }

    [Fact]
    public async Task The_key_is_made_once_and_kept_sealed()
    {
        using var client = _fixture.Client();
        var key = (await client.GetFromJsonAsync<JsonObject>("/api/push/key"))!["key"]!.GetValue<string>();
        Base64Url.DecodeFromChars(key).Length.ShouldBe(65);
        await using var replica = await _fixture.StartReplica();
        using var other = ((Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program>)replica).CreateClient();
        (await other.GetFromJsonAsync<JsonObject>("/api/push/key"))!["key"]!.GetValue<string>().ShouldBe(key);
    }

    /// <summary>The claims of a VAPID header (RFC 8292), checked as a push service does it.</summary>
    private static JsonNode Verify(string authorization, string key)
    {
        authorization.ShouldStartWith("vapid t=");
        var parts = authorization["vapid ".Length..].Split(',', StringSplitOptions.TrimEntries).ToDictionary(p => p.Split('=', 2)[0], p => p.Split('=', 2)[1], StringComparer.Ordinal);
        parts["k"].ShouldBe(key);
        var point = Base64Url.DecodeFromChars(key);
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = point[1..33], Y = point[33..] } });
        var token = parts["t"].Split('.');
        ecdsa.VerifyData(Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), Base64Url.DecodeFromChars(token[2]), HashAlgorithmName.SHA256).ShouldBeTrue();
        JsonNode.Parse(Base64Url.DecodeFromChars(token[0]))!["alg"]!.GetValue<string>().ShouldBe("ES256");
        return JsonNode.Parse(Base64Url.DecodeFromChars(token[1]))!;
    }

    /// <summary>A browser with a push service of its own path at the sink.</summary>
    private sealed class Browser(WebhookFixture fixture) : IDisposable
    {
        private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        private readonly byte[] _auth = RandomNumberGenerator.GetBytes(16);

        public string Path { get; } = "/push/" + Guid.NewGuid().ToString("N");

        public string Endpoint => new Uri(fixture.Http.Address, Path).ToString();

        /// <returns>The manage token.</returns>
        public async Task<string> Subscribe(JsonObject topics)
        {
            using var client = fixture.Client();
            var answer = await client.PostAsJsonAsync("/api/subscriptions", new JsonObject
            {
                ["channel"] = "push",
                ["endpoint"] = Endpoint,
                ["keys"] = new JsonObject { ["p256dh"] = PushEncryptionTests.PublicKey(_key), ["auth"] = Base64Url.EncodeToString(_auth) },
                ["language"] = "ar",
                ["topics"] = topics,
                ["schedule"] = new JsonObject { ["kind"] = "instant" },
            });
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
            var body = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
            body["id"]!.GetValue<Guid>().Version.ShouldBe(7);
            return body["manageToken"]!.GetValue<string>();
        }

        public JsonNode Read(SinkRequest request) => JsonNode.Parse(PushEncryptionTests.Decrypt(request.Body, _key, _auth))!;

        public void Dispose() => _key.Dispose();
    }
}
