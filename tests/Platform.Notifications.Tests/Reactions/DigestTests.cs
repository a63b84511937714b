using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;
using static Platform.Notifications.Tests.Reactions.DispatchTests;

namespace Platform.Notifications.Tests.Reactions;

/// <summary>Daily and weekly mails, each exactly once.</summary>
public sealed class DigestTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    private IMongoCollection<Delivery> Ledger => fixture.Ledger;

    [Fact]
    public async Task A_daily_digest_tells_at_its_hour_of_all_that_matched_since_the_last_one_and_of_nothing_twice()
    {
        var reader = await Reader("day", Daily(out _));
        var (first, second, other) = (Article("day", "الأول"), Article("day", "الثاني") with { Breaking = true }, Article("another-day", "غيره"));
        foreach (var article in new[] { first, second, other })
        {
            await fixture.Spy.Publish(article);
            Counts(await fixture.Done(article.ArticleId)).Matched.ShouldBe(0, "nobody is told at once");
        }
        fixture.Sink.For(reader.Address).Count.ShouldBe(1, "the confirmation");
        fixture.Time.Advance(TimeSpan.FromDays(1));
        var digest = Parse(await Digest(reader.Address, 1));
        digest.Subject.ShouldBe("النشرة اليومية: الثاني");
        digest.TextBody!.IndexOf("الثاني", StringComparison.Ordinal).ShouldBeLessThan(digest.TextBody.LastIndexOf("الأول", StringComparison.Ordinal), "newest first");
        digest.TextBody.ShouldNotContain("غيره");
        digest.HtmlBody!.ShouldContain("عاجل");
        digest.Headers[MimeKit.HeaderId.ListUnsubscribePost].ShouldBe("List-Unsubscribe=One-Click");

        var third = Article("day", "الثالث");
        await fixture.Spy.Publish(third);
        await fixture.Done(third.ArticleId);
        fixture.Time.Advance(TimeSpan.FromDays(1));
        var next = Parse(await Digest(reader.Address, 2));
        next.TextBody!.ShouldContain("الثالث");
        next.TextBody!.ShouldNotContain("الأول");
        next.MessageId.ShouldNotBe(digest.MessageId);
    }

    [Fact]
    public async Task An_empty_digest_is_none_and_one_that_is_late_by_days_is_one_digest()
    {
        var reader = await Reader("late", Daily(out _));
        fixture.Time.Advance(TimeSpan.FromDays(1));
        await Moved(reader.Id);
        fixture.Sink.For(reader.Address).Count.ShouldBe(1, "the confirmation");
        var article = Article("late", "خبر قديم");
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        fixture.Time.Advance(TimeSpan.FromDays(4));
        Parse(await Digest(reader.Address, 1)).TextBody!.ShouldContain("خبر قديم");
        fixture.Time.Advance(TimeSpan.FromDays(2));
        await Moved(reader.Id);
        (await Ledger.CountDocumentsAsync(d => d.SubscriptionId == reader.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task A_second_hour_on_the_same_day_gives_no_second_digest_and_loses_nothing()
    {
        var reader = await Reader("moved", Daily(out var hour));
        await Publish("moved", "صباحاً");
        fixture.Time.Advance(hour - fixture.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        await Digest(reader.Address, 1);
        await Publish("moved", "ظهراً");
        // The hour is put off to later on the same day.
        using var client = fixture.Client();
        client.DefaultRequestHeaders.Authorization = new("Subscription", reader.Manage);
        var mine = (await client.GetFromJsonAsync<JsonObject>("/api/subscriptions/mine"))!;
        mine["schedule"]!["at"] = "23:59";
        (await client.PutAsJsonAsync("/api/subscriptions/mine", mine)).EnsureSuccessStatusCode();
        fixture.Time.Advance(new DateTimeOffset(hour.UtcDateTime.Date.AddDays(1).AddMinutes(1), TimeSpan.Zero) - fixture.Time.GetUtcNow());
        await Eventually.True(async () => await fixture.Subscriptions.Find(s => s.Id == reader.Id && s.DigestDue > fixture.Time.GetUtcNow()).AnyAsync(), "the day's second hour to pass");
        (await Ledger.CountDocumentsAsync(d => d.SubscriptionId == reader.Id)).ShouldBe(1);
        fixture.Time.Advance(TimeSpan.FromDays(1));
        var next = Parse(await Digest(reader.Address, 2));
        next.TextBody!.ShouldContain("ظهراً");
        next.TextBody!.ShouldNotContain("صباحاً");
    }

    [Fact]
    public async Task Many_digests_planned_by_several_at_once_and_again_after_crashes_are_one_for_each_reader()
    {
        const int Count = Dispatch.PageSize + 40;
        var now = fixture.Time.GetUtcNow();
        var preferences = new Preferences("ar", new Topics(false, ["crowd"], null, null, null), new Schedule(ScheduleKind.Daily, $"{now.AddHours(2):HH:mm}", null, "Etc/UTC"));
        var due = preferences.Schedule.NextDigest(now);
        var readers = Enumerable.Range(0, Count).Select(_ => NewSubscription(NewAddress(), "crowd") with { Preferences = preferences, Keys = [], DigestDue = due, DigestFrom = now - TimeSpan.FromMinutes(1) }).ToList();
        await fixture.Subscriptions.InsertManyAsync(readers);
        await Publish("crowd", "خبر الجميع");
        fixture.Time.Advance(due - fixture.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        var planner = fixture.Services.GetRequiredService<DigestPlanner>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => { while (await planner.PlanPage(default)) { } }));
        var addresses = readers.Select(r => r.Address).ToHashSet();
        await Eventually.True(() => fixture.Sink.Mails.Count(m => addresses.Overlaps(m.To)) >= Count, "all to be sent");

        // As a crash leaves them that falls between the rows and the next hours.
        await fixture.Subscriptions.UpdateManyAsync(Builders<Subscription>.Filter.In(s => s.Id, readers.Take(100).Select(r => r.Id)),
            Builders<Subscription>.Update.Set(s => s.DigestDue, due).Set(s => s.DigestFrom, now - TimeSpan.FromMinutes(1)));
        while (await planner.PlanPage(default)) { }
        await Eventually.True(async () => !await fixture.Subscriptions.Find(Builders<Subscription>.Filter.In(s => s.Id, readers.Select(r => r.Id)) & Builders<Subscription>.Filter.Lte(s => s.DigestDue, due)).AnyAsync(), "all to be put to the next hour");
        await Publish("crowd-after", "غيره");
        fixture.Sink.Mails.SelectMany(m => m.To).Where(addresses.Contains).Order().ShouldBe(addresses.Order());
        (await fixture.Subscriptions.Find(Builders<Subscription>.Filter.In(s => s.Id, readers.Select(r => r.Id))).ToListAsync()).ShouldAllBe(s => s.DigestFrom == due && s.DigestDue > due);

        using var editor = fixture.Client("editor");
        var run = (await editor.GetFromJsonAsync<JsonObject>("/api/dispatches?kind=digest&limit=100"))!["items"]!.AsArray().Select(i => i!.AsObject()).First(i => Counts(i).Matched >= Count);
        run["articleId"].ShouldBeNull();
        (await editor.GetFromJsonAsync<JsonObject>("/api/dispatches?limit=100"))!["items"]!.AsArray().ShouldAllBe(i => i!["articleId"] != null);
    }

    [Fact]
    public async Task Of_what_was_withdrawn_no_digest_tells_and_a_keyword_counts_there_too()
    {
        var reader = await Reader(new JsonObject { ["keywords"] = new JsonArray("صقور") }, Daily(out _));
        var (kept, withdrawn) = (Article("falcons", "الصقور تعود"), Article("falcons", "وبالصقور يصيدون"));
        await fixture.Spy.Publish(kept);
        await fixture.Spy.Publish(withdrawn);
        await fixture.Done(kept.ArticleId);
        await fixture.Done(withdrawn.ArticleId);
        await fixture.Spy.Publish(Withdrawal(withdrawn));
        await Eventually.True(async () => await fixture.Store.GetCollection<KnownArticle>("articles").Find(a => a.Id == withdrawn.ArticleId && a.Withdrawn).AnyAsync(), "the withdrawal to be known");
        fixture.Time.Advance(TimeSpan.FromDays(1));
        var text = Parse(await Digest(reader.Address, 1)).TextBody!;
        text.ShouldContain("الصقور تعود");
        text.ShouldNotContain("يصيدون");
    }

    [Fact]
    public async Task A_weekly_digest_comes_once_a_week()
    {
        var now = fixture.Time.GetUtcNow();
        var reader = await Reader("week", new JsonObject { ["kind"] = "weekly", ["day"] = $"{now.AddDays(3).DayOfWeek}".ToLowerInvariant(), ["at"] = "09:00", ["timeZone"] = "Asia/Baghdad" });
        await Publish("week", "أول الأسبوع");
        fixture.Time.Advance(TimeSpan.FromDays(1));
        await Publish("week", "وسط الأسبوع");
        fixture.Sink.For(reader.Address).Count.ShouldBe(1, "the confirmation");
        fixture.Time.Advance(TimeSpan.FromDays(3));
        var mail = Parse(await Digest(reader.Address, 1));
        mail.Subject.ShouldBe("النشرة الأسبوعية: وسط الأسبوع");
        mail.TextBody!.ShouldContain("أول الأسبوع");
    }

    [Fact]
    public async Task A_correction_follows_whoever_saw_the_wrong_version_in_a_digest_and_no_digest_tells_of_it_again()
    {
        var schedule = Daily(out _);
        var (moved, stays) = (await Reader("shown", schedule), await Reader("shown", schedule.DeepClone().AsObject()));
        var article = Article("shown", "عدد خاطئ");
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        fixture.Time.Advance(TimeSpan.FromDays(1));
        await Digest(moved.Address, 1);
        await Digest(stays.Address, 1);
        await Eventually.True(async () => await Ledger.CountDocumentsAsync(d => d.State == DeliveryState.Sent && d.Shown!.Any(s => s.Article == article.ArticleId && s.Version == article.Version)) == 2, "both rows to say what they showed");
        using var client = fixture.Client();
        client.DefaultRequestHeaders.Authorization = new("Subscription", moved.Manage);
        var mine = (await client.GetFromJsonAsync<JsonObject>("/api/subscriptions/mine"))!;
        mine["topics"] = Categories("elsewhere");
        (await client.PutAsJsonAsync("/api/subscriptions/mine", mine)).EnsureSuccessStatusCode();

        await fixture.Spy.Publish(Features.WebhookTests.Corrected(article, article.Version + 1, notify: true) with { Title = "عدد صحيح" });
        var done = await fixture.Done(article.ArticleId, edition: 2);

        Counts(done).ShouldBe((1, 1, 0, 0, 0));
        Parse(await Digest(moved.Address, 2)).Subject.ShouldBe("تصحيح: عدد صحيح");
        fixture.Sink.For(stays.Address).Count.ShouldBe(2, "the next digest tells of it");
        fixture.Time.Advance(TimeSpan.FromDays(1));
        Parse(await Digest(stays.Address, 2)).TextBody!.ShouldContain("عدد صحيح");
        await Moved(moved.Id);
        fixture.Sink.For(moved.Address).Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_links_of_a_digest_lead_to_pages_in_the_readers_language()
    {
        var schedule = Daily(out _);
        var address = NewAddress();
        using var client = fixture.Client();
        var request = Request(address, Categories("english-day"), "en");
        request["schedule"] = schedule;
        (await client.PostAsJsonAsync("/api/subscriptions", request)).EnsureSuccessStatusCode();
        (await client.PostAsJsonAsync("/api/subscriptions/confirm", new { token = ConfirmToken(await fixture.Sink.MailFor(address)) })).EnsureSuccessStatusCode();
        var article = Article("english-day", "English news") with { Language = "en" };
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
        fixture.Time.Advance(TimeSpan.FromDays(1));

        var mail = Parse(await Digest(address, 1));
        foreach (var body in new[] { mail.TextBody!, mail.HtmlBody! })
        {
            body.ShouldContain("http://localhost:8080/en/subscriptions/");
            body.ShouldContain("http://localhost:8080/en/unsubscribe/");
            System.Text.RegularExpressions.Regex.IsMatch(body, @"http://localhost:8080/en[""\s]", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).ShouldBeTrue("the front page");
        }
        mail.Headers[MimeKit.HeaderId.ListUnsubscribe].ShouldStartWith("<http://localhost:8080/unsubscribe/", customMessage: "no reader sees it");
    }

    /// <summary>A daily digest an hour from now, which is put to a morning.</summary>
    private JsonObject Daily(out DateTimeOffset hour)
    {
        var now = fixture.Time.GetUtcNow();
        fixture.Time.Advance(new DateTimeOffset(now.UtcDateTime.Date.AddDays(1).AddHours(6), TimeSpan.Zero) - now);
        var next = fixture.Time.GetUtcNow().AddHours(1);
        hour = new DateTimeOffset(next.Year, next.Month, next.Day, next.Hour, next.Minute, 0, TimeSpan.Zero);
        return new JsonObject { ["kind"] = "daily", ["at"] = $"{hour:HH:mm}", ["timeZone"] = "Etc/UTC" };
    }

    private Task<(string Address, string Manage, Guid Id)> Reader(string category, JsonObject schedule) => Reader(Categories(category), schedule);

    private async Task<(string Address, string Manage, Guid Id)> Reader(JsonObject topics, JsonObject schedule)
    {
        var address = NewAddress();
        using var client = fixture.Client();
        var request = Request(address, topics);
        request["schedule"] = schedule;
        (await client.PostAsJsonAsync("/api/subscriptions", request)).EnsureSuccessStatusCode();
        var token = ConfirmToken(await fixture.Sink.MailFor(address));
        var manage = (await (await client.PostAsJsonAsync("/api/subscriptions/confirm", new { token })).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["manageToken"]!.GetValue<string>();
        return (address, manage, (await fixture.Subscriptions.Find(s => s.AddressKey == address).SingleAsync()).Id);
    }

    private async Task Publish(string category, string title)
    {
        var article = Article(category, title);
        await fixture.Spy.Publish(article);
        await fixture.Done(article.ArticleId);
    }

    private Task<SinkMail> Digest(string address, int number) => Eventually.Get(() => Task.FromResult(fixture.Sink.For(address).ElementAtOrDefault(number)), $"digest {number}", TimeSpan.FromSeconds(30));

    /// <summary>The subscription's next digest lies ahead.</summary>
    private Task Moved(Guid id) => Eventually.True(async () => await fixture.Subscriptions.Find(s => s.Id == id && s.DigestDue > fixture.Time.GetUtcNow()).AnyAsync(), "the digest to be put off");
}
