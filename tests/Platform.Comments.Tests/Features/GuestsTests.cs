using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.Comments.People;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class GuestsTests(GuestsTests.NewCommenters fixture) : IClassFixture<GuestsTests.NewCommenters>
{
    public sealed class NewCommenters : CommentsFixture
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await Set(s => s with { Mode = ModerationMode.NewCommenters, SuspectWords = ["ربح"] });
        }
    }

    private readonly string _email = CommentsFixture.NewEmail();

    private GuestSeal Seal => fixture.Services.GetRequiredService<GuestSeal>();

    private Task<JsonElement> Post(Guid article, string? email = null, Guid? parentId = null, bool? notifyReplies = null, string name = "قارئ", string? body = null) => Json(HttpStatusCode.Created,
        fixture.TryPost(article, new { name, email = email ?? _email, body = body ?? "تعليق " + Guid.NewGuid(), parentId, notifyReplies }));

    private static async Task<JsonElement> Json(HttpStatusCode status, Task<HttpResponseMessage> answer) => await (await answer).Json(status);

    private IEnumerable<CommentProofRequested> MailsTo(string email) => fixture.Spy.Heard<CommentProofRequested>().Where(m => Seal.Open(m.Address) == email).DistinctBy(m => m.MailId);

    private IEnumerable<CommentRepliesGathered> RepliesTo(string email) => fixture.Spy.Heard<CommentRepliesGathered>().Where(m => Seal.Open(m.Address) == email).DistinctBy(m => m.MailId);

    private async Task<string> Link(string? email = null) =>
        Seal.Open((await Eventually.Get(() => Task.FromResult(MailsTo(email ?? _email).LastOrDefault()), "the mail")).Link)!;

    private Task<HttpResponseMessage> TryProve(string token) => fixture.Guest.PostAsJsonAsync("/api/guests/proof", new { token });

    /// <returns>The guest's token.</returns>
    private async Task<string> Prove(string? email = null) => (await (await TryProve((await Link(email)).Split("token=")[1])).Json()).Text("guestToken")!;

    private Task<HttpResponseMessage> Own(HttpMethod method, string path, string? token)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Add("X-Guest-Token", token);
        return fixture.Guest.SendAsync(request);
    }

    private Task<Guest?> Known(string email) => fixture.Services.GetRequiredService<GuestStore>().Find(fixture.Services.GetRequiredService<Guests>().Authors(email), default);

    private async Task<string?> Status(Guid article, Guid comment)
    {
        foreach (var status in new[] { "published", "held" })
            if ((await (await fixture.Moderator.Get($"/api/moderation/queue?articleId={article}&status={status}")).Json()).Ids().Contains(comment)) return status;
        return null;
    }

    [Fact]
    public async Task Who_proves_his_address_is_seen_and_waits_no_more()
    {
        var article = await fixture.Article();
        var first = await Post(article);
        first.Text("status").ShouldBe("held");
        (await Link()).ShouldStartWith("http://localhost:8080/comments/proof?token=");

        await Prove();

        await Eventually.True(async () => await Status(article, first.Id()) == "published", "the comment to be published");
        await fixture.Spy.Hears<CommentPublished>(m => m.CommentId == first.Id());
        (await fixture.List(article)).Total().ShouldBe(1);
        (await Post(article)).Text("status").ShouldBe("published");
        await Prove();   // the link again
    }

    [Fact]
    public async Task What_waits_for_a_moderator_too_goes_on_waiting()
    {
        var article = await fixture.Article();
        var (plain, suspect) = (await Post(article), await Post(article, body: "ربح سريع"));

        await Prove();

        await Eventually.True(async () => await Status(article, plain.Id()) == "published", "the comment to be published");
        (await Status(article, suspect.Id())).ShouldBe("held");
    }

    [Fact]
    public async Task No_edit_leads_past_a_moderator()
    {
        var article = await fixture.Article();
        var (plain, doubtful) = (await Post(article), await Post(article, name: "L\u0430yla"));   // a Cyrillic letter among Latin ones
        var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/comments/{doubtful.Id()}") { Content = JsonContent.Create(new { body = "another text" }), Headers = { { "X-Edit-Token", doubtful.Text("editToken") } } };
        (await fixture.Guest.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Prove();

        await Eventually.True(async () => await Status(article, plain.Id()) == "published", "the comment to be published");
        (await Status(article, doubtful.Id())).ShouldBe("held");
    }

    [Fact]
    public async Task Who_is_banned_by_then_is_not_published_by_his_proof()
    {
        var (article, other) = (await fixture.Article(), CommentsFixture.NewEmail());
        var held = await Post(article);
        await Post(article, other);
        var answer = await fixture.Moderator.PostAsJsonAsync("/api/moderation/bans", new { email = _email, reason = "x" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);

        await Prove();

        await Eventually.True(async () => (await (await fixture.Moderator.Get($"/api/moderation/queue?articleId={article}")).Json()).Items().Single(i => i.Id() == held.Id()).Items("findings").Any(f => f.Text("rule") == "ban"), "the ban to be found");
        (await fixture.Guest.Get($"/api/comments/{held.Id()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Where_everything_is_read_first_by_then_the_proof_publishes_nothing()
    {
        var article = await fixture.Article();
        var held = await Post(article);
        var link = (await Link()).Split("token=")[1];
        await fixture.Set(s => s with { Mode = ModerationMode.Pre });
        try
        {
            await Eventually.True(async () => (await fixture.Services.GetRequiredService<SettingsStore>().ReadRecent(default)).Mode == ModerationMode.Pre, "the settings to hold");
            (await TryProve(link)).StatusCode.ShouldBe(HttpStatusCode.OK);
            await Eventually.True(async () => (await (await fixture.Moderator.Get($"/api/moderation/queue?articleId={article}")).Json()).Items()[0].Items("findings").Any(f => f.Text("rule") == "premoderation"), "the mode to hold it");
            (await Status(article, held.Id())).ShouldBe("held");
        }
        finally { await fixture.Set(s => s with { Mode = ModerationMode.NewCommenters }); }
    }

    [Fact]
    public async Task One_mail_a_day_asks()
    {
        var article = await fixture.Article();
        for (var i = 0; i < 3; i++) await Post(article);
        await Link();
        using (fixture.Later(TimeSpan.FromHours(25)))
        {
            await Post(article);
            await Eventually.True(() => MailsTo(_email).Count() == 2, "the second mail");
        }
        MailsTo(_email).Count().ShouldBe(2);
    }

    [Fact]
    public async Task A_link_that_is_old_or_made_up_is_gone()
    {
        await Post(await fixture.Article());
        var token = (await Link()).Split("token=")[1];

        foreach (var bad in new[] { "x", "", (token[0] == 'A' ? 'B' : 'A') + token[1..], new string('A', 199) }) await (await TryProve(bad)).Problem(410, "proof.over");
        using var later = fixture.Later(TimeSpan.FromDays(7.1));
        await (await TryProve(token)).Problem(410, "proof.over");
    }

    [Fact]
    public async Task Nothing_on_its_way_and_nothing_in_the_store_shows_the_address()
    {
        await Post(await fixture.Article());
        await Link();

        JsonSerializer.Serialize(fixture.Spy.Heard<CommentProofRequested>()).ShouldNotContain(_email);
        (await fixture.Documents("guests")).ShouldNotContain(_email);
        (await fixture.Documents("guests")).ShouldNotContain("token=");
    }

    [Fact]
    public async Task A_guest_reads_all_that_he_wrote_and_nobody_else_does()
    {
        var (one, two) = (await fixture.Article(), await fixture.Article());
        Guid[] mine = [(await Post(one)).Id(), (await Post(two)).Id(), (await Post(two, body: "ربح")).Id()];
        await Post(one, email: CommentsFixture.NewEmail());
        var token = await Prove();

        var page = await Json(HttpStatusCode.OK, Own(HttpMethod.Get, "/api/guests/me/comments?limit=2", token));
        var rest = await Json(HttpStatusCode.OK, Own(HttpMethod.Get, $"/api/guests/me/comments?limit=2&cursor={page.Text("next")}", token));
        page.Ids().Concat(rest.Ids()).ShouldBe(mine, ignoreOrder: true);
        page.Items().ShouldAllBe(c => c.Text("network") == "127.0.0.0/24" && !c.GetProperty("notifyReplies").GetBoolean() && c.Items("former").Length == 0);

        foreach (var bad in new[] { null, "x", (await Link()).Split("token=")[1] }) await (await Own(HttpMethod.Get, "/api/guests/me/comments", bad)).Problem(401, "guest.token");
        using var later = fixture.Later(TimeSpan.FromHours(25));
        await (await Own(HttpMethod.Get, "/api/guests/me/comments", token)).Problem(401, "guest.token");
    }

    [Fact]
    public async Task What_is_erased_is_gone_and_stays_gone_where_a_backup_brings_it_back()
    {
        var article = await fixture.Article();
        var mine = await Post(article, name: "Erasmus", body: "mine to erase");
        var token = await Prove();
        await Eventually.True(async () => await Status(article, mine.Id()) == "published", "the comment to be published");
        var comments = fixture.Database.Database.GetCollection<BsonDocument>("comments");
        var byId = new BsonDocument("_id", new BsonBinaryData(mine.Id(), GuidRepresentation.Standard));
        await Eventually.True(async () => !(await comments.Find(byId).FirstAsync()).TryGetValue("outbox", out var box) || box.AsBsonArray.Count == 0, "its events to be out");
        var backup = await comments.Find(byId).FirstAsync();

        (await Own(HttpMethod.Delete, "/api/guests/me", token)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await Eventually.True(async () => (await fixture.Guest.Get($"/api/comments/{mine.Id()}")).StatusCode == HttpStatusCode.NotFound, "the comment to be gone");
        await fixture.Spy.Hears<CommentRemoved>(m => m.CommentId == mine.Id());
        await Gone();
        await (await Own(HttpMethod.Get, "/api/guests/me/comments", token)).Problem(401);
        await comments.ReplaceOneAsync(byId, backup);
        // Further than any other test turns the clock: it is done every hour, and may just have been in one of those.
        using var later = fixture.Later(TimeSpan.FromDays(30));
        await Gone();

        Task Gone() => Eventually.True(async () => await fixture.Documents("comments") is var stored && !stored.Contains("mine to erase", StringComparison.Ordinal) && !stored.Contains("Erasmus", StringComparison.Ordinal), "the text to be gone");
    }

    [Fact]
    public async Task Who_asked_and_has_proved_his_address_hears_of_replies_in_bundles_until_he_has_had_enough()
    {
        var (article, other) = (await fixture.Article(), CommentsFixture.NewEmail());
        var mine = await Post(article, notifyReplies: true);
        await Prove();
        await Post(article, other);
        await Prove(other);
        await Eventually.True(async () => await Status(article, mine.Id()) == "published", "the comment to be published");

        await Post(article, parentId: mine.Id());   // his own
        var first = await Post(article, other, mine.Id(), name: "ليلى");
        var mail = await Eventually.Get(() => Task.FromResult(RepliesTo(_email).FirstOrDefault()), "the mail");
        (mail.Count, mail.Names.Single(), mail.Titles.Single()).ShouldBe((1, "ليلى", "عنوان"));
        mail.Urls.Single().ShouldEndWith($"#comment-{first.Id()}");

        for (var i = 0; i < 3; i++) await Post(article, other, mine.Id());
        // All three: what comes when the mail is made waits for the next one.
        await Eventually.True(async () => (await Known(_email))!.Replies.Count == 3, "the replies to wait");
        RepliesTo(_email).Count().ShouldBe(1);
        using (fixture.Later(TimeSpan.FromMinutes(16)))
        {
            await Eventually.True(() => RepliesTo(_email).Skip(1).Sum(m => m.Count) == 3, "the other replies to be told");

            var off = new Uri(Seal.Open(mail.Off)!).PathAndQuery;
            for (var i = 0; i < 2; i++) (await fixture.Guest.PostAsync(new Uri(off, UriKind.Relative), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        var told = RepliesTo(_email).Count();
        using var later = fixture.Later(TimeSpan.FromHours(1));
        var last = await Post(article, other, mine.Id());
        await fixture.Spy.Hears<CommentPublished>(m => m.CommentId == last.Id());
        var guest = await Known(_email);
        (guest!.RepliesOff, guest.Replies.Count, RepliesTo(_email).Count()).ShouldBe((true, 0, told));
        await (await fixture.Guest.PostAsync(new Uri("/replies/off/x", UriKind.Relative), null)).Problem(404);
    }

    [Fact]
    public async Task Who_has_not_proved_his_address_hears_nothing()
    {
        using var seen = fixture.Consumed<ReplySeen>();
        var (article, other) = (await fixture.Article(), CommentsFixture.NewEmail());
        var mine = await Post(article, notifyReplies: true);
        await fixture.Decide("approve", mine.Id());
        await Post(article, other);
        await Prove(other);

        var reply = await Post(article, other, mine.Id());
        await seen.Has(m => m.CommentId == reply.Id());

        await Prove();   // too late for that one
        (await Known(_email))!.Replies.ShouldBeEmpty();
        RepliesTo(_email).ShouldBeEmpty();
    }
}
