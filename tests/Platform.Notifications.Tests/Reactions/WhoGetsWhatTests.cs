using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MongoDB.Driver;
using Platform.Testing;
using static Platform.Notifications.Tests.NotificationsFixture;
using static Platform.Notifications.Tests.Reactions.DispatchTests;

namespace Platform.Notifications.Tests.Reactions;

/// <summary>Keywords, quiet hours, corrections that follow their readers, and what is sent again by hand.</summary>
public sealed class WhoGetsWhatTests(NotificationsFixture fixture) : IClassFixture<NotificationsFixture>
{
    [Fact]
    public async Task A_keyword_is_found_in_title_summary_or_text_and_a_reader_with_several_matches_gets_one_mail()
    {
        JsonObject Words(params string[] words) => new() { ["keywords"] = new JsonArray([.. words.Select(w => JsonValue.Create(w))]) };
        async Task<string> Reader(JsonObject topics)
        {
            var address = NewAddress();
            await fixture.Subscribe(address, topics);
            return address;
        }
        var (inTitle, inSummary, inText) = (await Reader(Words("الزيتون")), await Reader(Words("موسم القطاف")), await Reader(Words("معصرة حجرية")));
        var several = await Reader(new JsonObject { ["keywords"] = new JsonArray("زيتون", "قطاف", "معصره"), ["categories"] = new JsonArray("olives") });
        var none = await Reader(Words("نخيل", "القطاف موسم"));
        var article = Article("olives", "عودة إلى الزّيتون") with { Summary = "بدأ موسم القطاف", Text = "في القرية معصرةٌ حجريّة قديمة." };
        await fixture.Spy.Publish(article);

        Counts(await fixture.Done(article.ArticleId)).ShouldBe((4, 4, 0, 0, 0));
        foreach (var address in new[] { inTitle, inSummary, inText, several }) fixture.Sink.For(address).Count.ShouldBe(2, "the confirmation and the article");
        fixture.Sink.For(none).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_keyword_that_is_taken_back_or_ended_matches_no_more()
    {
        var address = NewAddress();
        using var client = fixture.Client();
        client.DefaultRequestHeaders.Authorization = new("Subscription", await fixture.Subscribe(address, new JsonObject { ["keywords"] = new JsonArray("فلامنغو") }));
        var mine = (await client.GetFromJsonAsync<JsonObject>("/api/subscriptions/mine"))!;
        mine["topics"]!["keywords"]!.AsArray().Single()!.GetValue<string>().ShouldBe("فلامنغو");
        mine["topics"]!["keywords"] = new JsonArray("بجع");
        (await client.PutAsJsonAsync("/api/subscriptions/mine", mine)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var (before, after) = (Article("birds", "الفلامنغو يعود"), Article("birds", "البجع يرحل"));
        await fixture.Spy.Publish(before);
        await fixture.Spy.Publish(after);
        Counts(await fixture.Done(before.ArticleId)).Matched.ShouldBe(0);
        Counts(await fixture.Done(after.ArticleId)).ShouldBe((1, 1, 0, 0, 0));
    }

    [Fact]
    public async Task In_quiet_hours_a_mail_waits_for_their_end_and_breaking_news_passes_where_the_reader_said_so()
    {
        var now = fixture.Time.GetUtcNow();
        JsonObject Quiet(bool breaking) => new() { ["from"] = $"{now.AddHours(-1):HH:mm}", ["to"] = $"{now.AddHours(3):HH:mm}", ["breaking"] = breaking };
        async Task<string> Reader(JsonObject quiet)
        {
            var address = NewAddress();
            using var client = fixture.Client();
            client.DefaultRequestHeaders.Authorization = new("Subscription", await fixture.Subscribe(address, Categories("night")));
            var mine = (await client.GetFromJsonAsync<JsonObject>("/api/subscriptions/mine"))!;
            mine["schedule"] = new JsonObject { ["kind"] = "instant", ["timeZone"] = "Etc/UTC", ["quiet"] = quiet };
            (await client.PutAsJsonAsync("/api/subscriptions/mine", mine)).StatusCode.ShouldBe(HttpStatusCode.OK);
            return address;
        }
        var (asleep, alert) = (await Reader(Quiet(false)), await Reader(Quiet(true)));
        var (usual, breaking) = (Article("night"), Article("night") with { Breaking = true });
        await fixture.Spy.Publish(usual);
        await fixture.Spy.Publish(breaking);
        await Eventually.True(async () => await fixture.Ledger.CountDocumentsAsync(d => d.State == DeliveryState.Waiting && d.Answer == "quiet hours" && d.Attempts == 0) == 3, "three to wait");
        fixture.Sink.For(asleep).Count.ShouldBe(1, "the confirmation");
        fixture.Sink.For(alert).Count.ShouldBe(2, "and what is breaking");
        fixture.Time.Advance(TimeSpan.FromHours(3));
        Counts(await fixture.Done(usual.ArticleId)).ShouldBe((2, 2, 0, 0, 0));
        Counts(await fixture.Done(breaking.ArticleId)).ShouldBe((2, 2, 0, 0, 0));
        fixture.Sink.For(asleep).Count.ShouldBe(3);
        fixture.Sink.For(alert).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_correction_goes_to_whoever_got_the_wrong_version_whatever_he_chose_since_and_to_whoever_matches_and_got_nothing()
    {
        var (got, left, gone) = ((await fixture.Subscribed(1, "wrong")).Single(), NewAddress(), NewAddress());
        using var client = fixture.Client();
        using var ended = fixture.Client();
        client.DefaultRequestHeaders.Authorization = new("Subscription", await fixture.Subscribe(left, Categories("wrong")));
        ended.DefaultRequestHeaders.Authorization = new("Subscription", await fixture.Subscribe(gone, Categories("wrong")));
        var article = Article("wrong");
        await fixture.Spy.Publish(article);
        Counts(await fixture.Done(article.ArticleId)).Sent.ShouldBe(3);
        (await fixture.Ledger.CountDocumentsAsync(d => d.ArticleVersion == article.Version && d.State == DeliveryState.Sent)).ShouldBeGreaterThanOrEqualTo(3);

        var mine = (await client.GetFromJsonAsync<JsonObject>("/api/subscriptions/mine"))!;
        mine["topics"] = Categories("elsewhere");
        (await client.PutAsJsonAsync("/api/subscriptions/mine", mine)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ended.DeleteAsync(new Uri("/api/subscriptions/mine", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var late = (await fixture.Subscribed(1, "wrong")).Single();
        await fixture.Spy.Publish(Correction(article, 5, 2, notify: true));

        Counts(await fixture.Done(article.ArticleId, 2)).ShouldBe((4, 3, 0, 0, 1));
        fixture.Sink.For(got).Count.ShouldBe(2);
        fixture.Sink.For(late).Count.ShouldBe(1);
        fixture.Sink.For(left).Count.ShouldBe(3, "confirmation, article, correction");
        Parse(fixture.Sink.For(left)[2]).Subject.ShouldBe("تصحيح: عنوان مصحح");
        fixture.Sink.For(gone).Count.ShouldBe(2, "confirmation and article");
    }

    [Fact]
    public async Task Whose_first_mail_still_waits_when_the_correction_comes_gets_one_mail_that_is_right()
    {
        var address = (await fixture.Subscribed(1, "overtaken")).Single();
        var article = Article("overtaken");
        fixture.Sink.OnRecipient = e => e.To[^1] == address ? SinkAnswer.Reply("451 4.7.1 later") : SinkAnswer.Accept;
        await fixture.Spy.Publish(article);
        await Eventually.True(async () => await fixture.Ledger.Find(d => d.State == DeliveryState.Waiting && d.Answer!.StartsWith("451")).AnyAsync(), "the mail to wait");
        await fixture.Spy.Publish(Correction(article, 5, 2, notify: true));
        Counts(await fixture.Done(article.ArticleId, 2)).Matched.ShouldBe(0);
        fixture.Sink.OnRecipient = null;
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await fixture.Done(article.ArticleId);
        Parse(fixture.Sink.For(address).Single()).Subject.ShouldBe("عنوان مصحح");
    }

    [Fact]
    public async Task An_edition_that_comes_after_its_correction_is_told_by_that_one()
    {
        var address = (await fixture.Subscribed(1, "out-of-order")).Single();
        var article = Article("out-of-order");
        await fixture.Spy.Publish(Correction(article, 5, 2, notify: true));
        await fixture.Done(article.ArticleId, 2);
        await fixture.Spy.Publish(article);
        var after = Article("out-of-order-after");
        await fixture.Spy.Publish(after);
        await fixture.Done(after.ArticleId);
        fixture.Sink.For(address).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Breaking_news_overtakes_a_dispatch_that_is_under_way()
    {
        const int Count = 3 * Dispatch.PageSize;
        var slow = (await fixture.Subscribed(Count, "slow")).ToHashSet();
        var urgent = await fixture.Subscribed(20, "urgent");
        using var gate = new ManualResetEventSlim();
        // Every connection of the usual lane stands still at its server.
        fixture.Sink.OnData = e => { if (slow.Contains(e.To[^1])) gate.Wait(TimeSpan.FromSeconds(30)); return SinkAnswer.Accept; };
        try
        {
            var (usual, breaking) = (Article("slow"), Article("urgent") with { Breaking = true });
            await fixture.Spy.Publish(usual);
            await fixture.Dispatch(usual.ArticleId, 1, d => Counts(d).Matched > 0, "the large one to be under way");
            await fixture.Spy.Publish(breaking);
            Counts(await fixture.Done(breaking.ArticleId)).ShouldBe((20, 20, 0, 0, 0));
            fixture.Sink.Mails.Count(m => urgent.Contains(m.To[^1])).ShouldBe(20);
            Counts(await fixture.Dispatch(usual.ArticleId, 1, _ => true, "the large one")).Sent.ShouldBe(0);
            gate.Set();
            Counts(await fixture.Done(usual.ArticleId)).ShouldBe((Count, Count, 0, 0, 0));
        }
        finally
        {
            gate.Set();
            fixture.Sink.OnData = null;
        }
    }

    [Fact]
    public async Task What_failed_or_is_uncertain_can_be_sent_again_by_hand_as_the_same_message()
    {
        var addresses = await fixture.Subscribed(3, "again");
        var article = Article("again");
        fixture.Sink.OnRecipient = e => e.To[^1] == addresses[0] ? SinkAnswer.Reply("550 5.1.1 no such user") : SinkAnswer.Accept;
        fixture.Sink.OnData = e => e.To[^1] == addresses[1] ? SinkAnswer.TakeAndDrop : SinkAnswer.Accept;
        await fixture.Spy.Publish(article);
        var done = await fixture.Done(article.ArticleId);
        Counts(done).ShouldBe((3, 1, 1, 1, 0));
        (fixture.Sink.OnRecipient, fixture.Sink.OnData) = (null, null);

        using var admin = fixture.Client("admin");
        async Task<HttpResponseMessage> Resend(string status)
        {
            var row = (await admin.GetFromJsonAsync<JsonObject>($"/api/dispatches/{done["id"]!.GetValue<string>()}/deliveries?status={status}"))!["items"]!.AsArray().Single()!;
            return await admin.PostAsync(new Uri($"/api/deliveries/{row["id"]!.GetValue<string>()}/resend", UriKind.Relative), null);
        }
        (await Resend("sent")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var answer = await Resend("failed");
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["status"]!.GetValue<string>().ShouldBe("waiting");
        (await Resend("uncertain")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await fixture.Dispatch(article.ArticleId, 1, d => d["phase"]!.GetValue<string>() == "done" && Counts(d) == (3, 3, 0, 0, 0), "all to be sent");
        fixture.Sink.For(addresses[0]).Count.ShouldBe(1);
        fixture.Sink.For(addresses[1]).Select(m => Parse(m).MessageId).ToArray().ShouldBe(Enumerable.Repeat(Parse(fixture.Sink.For(addresses[1])[0]).MessageId, 2).ToArray());

        (await admin.PostAsync(new Uri($"/api/deliveries/{Guid.NewGuid()}/resend", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var editor = fixture.Client("editor");
        (await editor.PostAsync(new Uri($"/api/deliveries/{Guid.NewGuid()}/resend", UriKind.Relative), null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
