using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using MongoDB.Driver;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Notifications.Tests;

/// <summary>The service beside a mail server that keeps what it takes. Its clock runs, and can be moved ahead.</summary>
public partial class NotificationsFixture : ServiceFixture<Program>
{
    public SmtpSink Sink { get; } = new();
    public MovableClock Time { get; } = new();

    protected override TimeProvider Clock => Time;

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("SMTP_URI", Sink.Uri), new("MAIL_FROM", "أخبار <news@example.org>")];

    public IMongoDatabase Store => Services.GetRequiredService<IMongoDatabase>();

    public IMongoCollection<Subscription> Subscriptions => Store.GetCollection<Subscription>("subscriptions");
    public IMongoCollection<Delivery> Ledger => Store.GetCollection<Delivery>("ledger");

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await Sink.DisposeAsync();
    }

    public static string NewAddress() => $"reader-{Guid.NewGuid():N}@example.org";

    public static JsonObject Request(string address, JsonObject topics, string language = "ar") => new()
    {
        ["channel"] = "email",
        ["address"] = address,
        ["language"] = language,
        ["topics"] = topics,
        ["schedule"] = new JsonObject { ["kind"] = "instant" },
    };

    public static JsonObject Categories(params string[] slugs) => new() { ["categories"] = new JsonArray([.. slugs.Select(s => JsonValue.Create(s))]) };

    /// <summary>Subscribes and confirms, as a reader does.</summary>
    /// <returns>The manage token.</returns>
    public async Task<string> Subscribe(string address, JsonObject topics, string language = "ar")
    {
        using var client = Client();
        (await client.PostAsJsonAsync("/api/subscriptions", Request(address, topics, language))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var token = ConfirmToken(await Sink.MailFor(address));
        var answer = await client.PostAsJsonAsync("/api/subscriptions/confirm", new { token });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["manageToken"]!.GetValue<string>();
    }

    /// <summary>Puts confirmed subscriptions into the store, many at once.</summary>
    public async Task<IReadOnlyList<string>> Subscribed(int count, string category)
    {
        var addresses = Enumerable.Range(0, count).Select(_ => NewAddress()).ToList();
        await Subscriptions.InsertManyAsync(addresses.Select(a => NewSubscription(a, category)));
        return addresses;
    }

    public static Subscription NewSubscription(string address, string category)
    {
        var preferences = new Preferences("ar", new Topics(false, [category], null, null, null), new Schedule(ScheduleKind.Instant));
        return new(Guid.CreateVersion7(), 1, address, address, SubscriptionStatus.Confirmed, preferences, Wish.For(preferences).Keys, null, null, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, null, DateTimeOffset.UtcNow.AddYears(100));
    }

    public static ArticlePublished Article(string category, string title = "عنوان الخبر") => new()
    {
        ArticleId = Guid.CreateVersion7(),
        Version = 3,
        Edition = 1,
        Language = "ar",
        Title = title,
        Kicker = "تمهيد",
        Summary = "ملخص قصير للخبر.",
        Slug = "خبر",
        Url = "http://localhost:8080/articles/%D8%AE%D8%A8%D8%B1",
        Categories = [category],
        CategoryTree = [category],
        Section = "سياسة",
        Tags = [],
        Authors = [],
        Breaking = false,
        CommentsOpen = true,
        PublishedAt = DateTimeOffset.UtcNow,
    };

    /// <summary>The dispatch of an article's edition, once it satisfies the condition.</summary>
    public async Task<JsonObject> Dispatch(Guid article, int edition, Func<JsonObject, bool> when, string what)
    {
        using var editor = Client("editor");
        return await Eventually.Get(async () => (await editor.GetFromJsonAsync<JsonObject>($"/api/dispatches?articleId={article}"))!["items"]!.AsArray().Select(i => i!.AsObject())
            .SingleOrDefault(d => d["edition"]!.GetValue<int>() == edition && when(d)), what, TimeSpan.FromSeconds(60));
    }

    public Task<JsonObject> Done(Guid article, int edition = 1) => Dispatch(article, edition, d => d["phase"]!.GetValue<string>() == "done", $"edition {edition} to be done");

    public static MimeMessage Parse(SinkMail mail) => MimeMessage.Load(new MemoryStream(mail.Raw.ToArray()));

    public static string ConfirmToken(SinkMail mail) => ConfirmLink().Match(Parse(mail).TextBody!).Groups[1].Value;

    /// <summary>Path of the one-click link in a mail.</summary>
    public static Uri UnsubscribePath(SinkMail mail) => new(new Uri(Parse(mail).Headers[HeaderId.ListUnsubscribe]!.Trim('<', '>')).AbsolutePath, UriKind.Relative);

    [GeneratedRegex(@"http://localhost:8080(?:/en)?/subscriptions/confirm\?token=([\w-]+)")]
    private static partial Regex ConfirmLink();
}

/// <summary>The real clock, moved ahead by tests.</summary>
public sealed class MovableClock : TimeProvider
{
    private long _ahead;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));
}
