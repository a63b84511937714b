using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.DeadLetters;
using Platform.Testing;
using RabbitMQ.Client;
using static Platform.Notifications.Tests.NotificationsFixture;

namespace Platform.Notifications.Tests.Features;

/// <summary>What reactions could not handle is kept, shown, and handled again when an admin says so.</summary>
public sealed class DeadLetterTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    private const string Route = "/api/dead-letters/notifications", Queue = "notifications-start-dispatch";

    [Fact]
    public async Task What_a_reaction_fails_on_is_shown_without_what_it_says_and_handled_again_once_the_cause_is_mended()
    {
        using var admin = fixture.Client("admin");
        var article = Article("dead-letter", "عنوان من @قارئ");
        var cause = new BsonDocument { ["_id"] = new BsonBinaryData(Guid.CreateVersion7(), GuidRepresentation.Standard), ["articleId"] = new BsonBinaryData(article.ArticleId, GuidRepresentation.Standard), ["edition"] = 0, ["phase"] = "Nonsense" };
        await fixture.Store.GetCollection<BsonDocument>("dispatches").InsertOneAsync(cause);
        var message = Guid.CreateVersion7();
        await fixture.Spy.Publish(WebhookTests.Corrected(article, 4, notify: true), message);

        var letter = await Letter(l => l["messageType"]?.GetValue<string>() == "Platform.Contracts:ArticleCorrected");
        letter["queue"]!.GetValue<string>().ShouldBe(Queue);
        letter["reason"]!.GetValue<string>().ShouldBe("failed");
        letter["messageId"]!.GetValue<string>().ShouldNotBeNullOrEmpty();
        letter["error"]!.GetValue<string>().ShouldContain("Exception");
        letter["failedAt"]!.GetValue<DateTimeOffset>().ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(1));
        letter.ToJsonString().ShouldNotContain(article.Summary);
        var kept = await fixture.Store.GetCollection<BsonDocument>("deadLetters").Find(FilterDefinition<BsonDocument>.Empty).FirstAsync();
        Encoding.UTF8.GetString(kept["body"].AsByteArray).ShouldNotContain("ArticleCorrected", customMessage: "readers' words lie in no store in clear");

        await fixture.Store.GetCollection<BsonDocument>("dispatches").DeleteOneAsync(new BsonDocument("_id", cause["_id"]));
        (await admin.PostAsync(new Uri($"{Route}/{letter["id"]}/replay", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await fixture.Done(article.ArticleId, edition: 2);
        await Gone(letter);
    }

    [Fact]
    public async Task A_letter_taken_twice_is_one_and_handled_twice_it_changes_nothing()
    {
        using var admin = fixture.Client("admin");
        var article = Article("twice-dead");
        var (message, body) = (Guid.CreateVersion7(), Envelope(article));
        for (var i = 0; i < 3; i++) await Put(fixture.VirtualHost.Uri, Queue + "_dead", body, message);
        var letter = await Letter(l => l["messageId"]?.GetValue<string>() == message.ToString());
        letter["reason"]!.GetValue<string>().ShouldBe("died");

        // As a kill leaves it that falls between giving it back and forgetting it.
        await Put(fixture.VirtualHost.Uri, Queue, body, message);
        await fixture.Done(article.ArticleId);
        (await admin.PostAsync(new Uri($"{Route}/{letter["id"]}/replay", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Gone(letter);
        (await fixture.Store.GetCollection<Dispatch>("dispatches").CountDocumentsAsync(d => d.ArticleId == article.ArticleId)).ShouldBe(1);
    }

    [Fact]
    public async Task All_of_a_queue_go_back_at_once_and_lists_go_page_by_page()
    {
        using var admin = fixture.Client("admin");
        var articles = Enumerable.Range(0, 5).Select(_ => Article("many-dead")).ToList();
        foreach (var article in articles) await Put(fixture.VirtualHost.Uri, Queue + "_dead", Envelope(article), Guid.CreateVersion7());
        await Put(fixture.VirtualHost.Uri, "notifications-stop-dispatches_dead", Envelope(articles[0]), Guid.CreateVersion7());
        await Eventually.True(async () => (await All(Queue)).Count == 5, "five to be kept");
        await Eventually.True(async () => (await All("notifications-stop-dispatches")).Count == 1, "one of another queue to be kept");
        (await All(null)).Count.ShouldBeGreaterThan(5);

        var answer = await admin.PostAsJsonAsync(Route + "/replay", new { queue = Queue });
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["count"]!.GetValue<int>().ShouldBe(5);
        foreach (var article in articles) await fixture.Done(article.ArticleId);
        await Eventually.True(async () => (await All(Queue)).Count == 0, "all to have gone back");

        var other = (await All("notifications-stop-dispatches")).ShouldHaveSingleItem();
        (await admin.DeleteAsync(new Uri($"{Route}/{other["id"]}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await admin.DeleteAsync(new Uri($"{Route}/{other["id"]}", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await admin.PostAsync(new Uri($"{Route}/{other["id"]}/replay", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_letter_whose_queue_is_no_more_stays_and_says_so()
    {
        using var admin = fixture.Client("admin");
        var letters = fixture.Store.GetCollection<DeadLetter>("deadLetters");
        var store = (DeadLetterStore)fixture.Services.GetService(typeof(DeadLetterStore))!;
        var old = new DeadLetter(Guid.CreateVersion7(), "notifications-of-old", DeadLetterReason.Failed, null, null, null, null, DateTimeOffset.UtcNow, null, new Dictionary<string, string>(), store.Seal([1]));
        await letters.InsertOneAsync(old);
        (await admin.PostAsync(new Uri($"{Route}/{old.Id}/replay", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.True(async () => (await All("notifications-of-old")).Single()["error"]?.GetValue<string>() == "There is no such queue any more.", "the letter to say so");
        (await All("notifications-of-old")).Single()["replaying"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("editor", HttpStatusCode.Forbidden)]
    public async Task Only_admins_may(string? role, HttpStatusCode answer)
    {
        using var client = role is null ? fixture.Client() : fixture.Client(role);
        (await client.GetAsync(new Uri(Route, UriKind.Relative))).StatusCode.ShouldBe(answer);
        (await client.PostAsJsonAsync(Route + "/replay", new { queue = Queue })).StatusCode.ShouldBe(answer);
    }

    [Theory]
    [InlineData("no mailbox salma.h+x@example.org there", "no mailbox •••@example.org there")]
    [InlineData("dup key: { addressKey: \"salma@example.org\", name: \"سلمى\" }", "dup key: { addressKey: \"…\", name: \"…\" }")]
    [InlineData("Requested value 'Nonsense' was not found", "Requested value 'Nonsense' was not found")]
    [InlineData("Name 'سلمى حسن' is taken", "Name '…' is taken")]
    [InlineData("an \"unclosed one", "an \"…\"")]
    public void Errors_are_shown_without_what_may_be_somebodys(string error, string shown) => DeadLetters.Mask(error).ShouldBe(shown);

    internal static byte[] Envelope(ArticlePublished article) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        messageId = Guid.CreateVersion7(),
        messageType = new[] { "urn:message:Platform.Contracts:ArticlePublished" },
        message = article,
        sentTime = DateTimeOffset.UtcNow,
    }, StrictJson.Options);

    /// <summary>Puts a message into a queue.</summary>
    internal static async Task Put(string broker, string exchange, byte[] body, Guid message)
    {
        var address = BrokerAddress.Read(new ConfigurationBuilder().AddInMemoryCollection([new("RABBITMQ_URI", broker)]).Build());
        await using var connection = await address.Connections("test").CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync(exchange, "", mandatory: true, new BasicProperties { MessageId = message.ToString(), ContentType = "application/vnd.masstransit+json", Persistent = true }, body);
    }

    private async Task<List<JsonObject>> All(string? queue)
    {
        using var admin = fixture.Client("admin");
        var all = new List<JsonObject>();
        for (var cursor = ""; ;)
        {
            var page = (await admin.GetFromJsonAsync<JsonObject>($"{Route}?limit=2{(queue is null ? "" : "&queue=" + queue)}{cursor}"))!;
            all.AddRange(page["items"]!.AsArray().Select(i => i!.AsObject()));
            if (page["next"] is not { } next) return all;
            cursor = "&cursor=" + next;
        }
    }

    private Task<JsonObject> Letter(Func<JsonObject, bool> which) => Eventually.Get(async () => (await All(null)).FirstOrDefault(which), "the letter to be kept", TimeSpan.FromSeconds(60));

    private Task Gone(JsonObject letter) => Eventually.True(async () => (await All(null)).TrueForAll(l => l["id"]!.GetValue<Guid>() != letter["id"]!.GetValue<Guid>()), "the letter to have gone back");
}

/// <summary>A process that carries dead letters back, killed again and again.</summary>
public sealed class KilledReplayTests
{
    [Fact]
    public async Task Letters_survive_kills_on_their_way_out_and_back()
    {
        const int Count = 300;
        await using var database = await Infrastructure.NewDatabase();
        await using var host = await Infrastructure.NewVirtualHost();
        await using var sink = new SmtpSink();
        KeyValuePair<string, string?>[] settings = [new("MONGODB_URI", database.Uri), new("RABBITMQ_URI", host.Uri), new("SMTP_URI", sink.Uri), new("MAIL_FROM", "news@example.org")];
        var articles = Enumerable.Range(0, Count).Select(_ => Article("replayed")).ToList();
        await using (await ServiceProcess.Start(typeof(Program), settings)) { }   // its queues are there
        foreach (var article in articles) await DeadLetterTests.Put(host.Uri, "notifications-start-dispatch_dead", DeadLetterTests.Envelope(article), article.ArticleId);
        var letters = database.Database.GetCollection<DeadLetter>("deadLetters");
        var dispatches = database.Database.GetCollection<Dispatch>("dispatches");

        for (var kill = 1; kill <= 3; kill++)
        {
            var process = await ServiceProcess.Start(typeof(Program), settings);
            await Eventually.True(async () => await letters.CountDocumentsAsync(FilterDefinition<DeadLetter>.Empty) >= kill * Count / 4, "some to be kept");
            await process.DisposeAsync();   // kill -9
        }
        for (var kill = 0; kill <= 3; kill++)
        {
            await using var process = await ServiceProcess.Start(typeof(Program), settings);
            if (kill == 0) await Eventually.True(async () => await letters.CountDocumentsAsync(FilterDefinition<DeadLetter>.Empty) == Count, "all to be kept, each once");
            if (kill == 0) await letters.UpdateManyAsync(FilterDefinition<DeadLetter>.Empty, Builders<DeadLetter>.Update.Set(l => l.ReplayFrom, DateTimeOffset.UtcNow));
            var most = kill == 3 ? 0 : Count - ((kill + 1) * Count / 5);
            await Eventually.True(async () => await letters.CountDocumentsAsync(FilterDefinition<DeadLetter>.Empty) <= most, "some to have gone back", TimeSpan.FromSeconds(60));
            if (kill == 3) await Eventually.True(async () => await dispatches.CountDocumentsAsync(FilterDefinition<Dispatch>.Empty) == Count, "each article to have its dispatch", TimeSpan.FromSeconds(60));
        }
        (await dispatches.Find(FilterDefinition<Dispatch>.Empty).ToListAsync()).Select(d => d.ArticleId).Order().ShouldBe(articles.Select(a => a.ArticleId).Order());
    }

    [Fact]
    public async Task The_rights_that_a_deployment_gives_suffice()
    {
        await using var database = await Infrastructure.NewDatabase();
        await using var host = await Infrastructure.NewVirtualHost();
        await using var sink = new SmtpSink();
        var user = "notifications-" + Guid.NewGuid().ToString("N");
        var rights = Definitions(host.Name)["permissions"]!.AsArray().Single(p => p!["user"]!.GetValue<string>() == "notifications")!;
        (await host.Management.PutAsJsonAsync($"api/users/{user}", new { password = "x", tags = "" })).EnsureSuccessStatusCode();
        try
        {
            (await host.Management.PutAsJsonAsync($"api/permissions/{host.Name}/{user}", new { configure = rights["configure"]!.GetValue<string>(), write = rights["write"]!.GetValue<string>(), read = rights["read"]!.GetValue<string>() })).EnsureSuccessStatusCode();
            var broker = new Uri(host.Uri);
            await using var process = await ServiceProcess.Start(typeof(Program),
                [new("MONGODB_URI", database.Uri), new("RABBITMQ_URI", $"amqp://{user}:x@{broker.Authority.Split('@')[^1]}{broker.AbsolutePath}"), new("SMTP_URI", sink.Uri), new("MAIL_FROM", "news@example.org")]);
            var article = Article("rights");
            await DeadLetterTests.Put(host.Uri, "notifications-start-dispatch_dead", DeadLetterTests.Envelope(article), article.ArticleId);
            var letters = database.Database.GetCollection<DeadLetter>("deadLetters");
            await Eventually.True(async () => await letters.CountDocumentsAsync(FilterDefinition<DeadLetter>.Empty) == 1, "the letter to be kept");
            await letters.UpdateManyAsync(FilterDefinition<DeadLetter>.Empty, Builders<DeadLetter>.Update.Set(l => l.ReplayFrom, DateTimeOffset.UtcNow));
            await Eventually.True(async () => await database.Database.GetCollection<Dispatch>("dispatches").CountDocumentsAsync(d => d.ArticleId == article.ArticleId && d.Phase == DispatchPhase.Done) == 1, "the letter to be handled");
            await Eventually.True(async () => await letters.CountDocumentsAsync(FilterDefinition<DeadLetter>.Empty) == 0, "the letter to have gone back");
        }
        finally { await host.Management.DeleteAsync(new Uri($"api/users/{user}", UriKind.Relative)); }
    }

    /// <summary>What a broker is given at its start.</summary>
    private static JsonNode Definitions(string host)
    {
        var start = new System.Diagnostics.ProcessStartInfo(Path.Combine(Infrastructure.Root, "deploy", "broker-definitions"), [host]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var part in new[] { "ADMIN", "ACCOUNTS", "ARTICLES", "COMMENTS", "NOTIFICATIONS", "WEB", "GATEWAY" }) start.Environment["BROKER_PASSWORD_" + part] = "x";
        using var process = System.Diagnostics.Process.Start(start)!;
        return JsonNode.Parse(process.StandardOutput.ReadToEnd())!;
    }
}
