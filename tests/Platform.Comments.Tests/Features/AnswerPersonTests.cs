using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Comments.Moderation;
using Platform.Comments.People;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class AnswerPersonTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private readonly string _email = CommentsFixture.NewEmail();

    private Task<HttpResponseMessage> Ask(string what, object body, HttpClient? who = null) => (who ?? fixture.Moderator).PostAsJsonAsync("/api/moderation/people/" + what, body);

    private async Task<JsonElement[]> Export(string email)
    {
        using var answer = await Ask("export", new { email });
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/x-ndjson; charset=utf-8");
        answer.Content.Headers.ContentDisposition!.ToString().ShouldNotContain(email);
        answer.Headers.CacheControl!.ToString().ShouldBe("no-store, private");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l))];
    }

    private async Task<JsonElement[]> LoggedBy(Guid who) => (await (await fixture.Moderator.Get($"/api/moderation/log?by={who}")).Json()).Items();

    private Task<Guest?> Known(string email) => fixture.Services.GetRequiredService<GuestStore>().Find(fixture.Services.GetRequiredService<Guests>().Authors(email), default);

    [Fact]
    public async Task All_that_was_written_under_an_address_is_taken_out_in_any_spelling_of_it()
    {
        var (one, two) = (await fixture.Article(), await fixture.Article());
        var first = await fixture.Post(one, email: _email);
        await fixture.Post(one);
        var (rejected, reply) = ((await fixture.Post(two, email: _email.ToUpperInvariant())).Id(), (await fixture.Post(two, (await fixture.Post(two)).Id(), email: _email)).Id());
        await fixture.Decide("reject", rejected);

        var lines = await Export(" " + _email.ToUpperInvariant());

        lines.Select(l => (l.Id(), l.GetProperty("articleId").GetGuid(), l.Text("status"))).ShouldBe([(first.Id(), one, "published"), (rejected, two, "rejected"), (reply, two, "published")], ignoreOrder: true);
        lines.ShouldAllBe(l => string.Equals(l.Text("email"), _email, StringComparison.OrdinalIgnoreCase));
        (await Export(CommentsFixture.NewEmail())).ShouldBeEmpty();
    }

    [Fact]
    public async Task There_may_be_more_than_a_page_of_it()
    {
        var (article, guests) = (await fixture.Article(), fixture.Services.GetRequiredService<Guests>());
        Comment[] stored = [.. Enumerable.Range(0, 230).Select(i => CommentTests.New() with
        {
            Id = Guid.CreateVersion7(),
            ArticleId = article,
            Under = article,
            RepeatKey = Guid.NewGuid().ToByteArray(),
            Email = guests.Seal(_email),
            Author = guests.Author(_email),
            AddressKey = guests.Key,
        })];
        await fixture.Comments.InsertImported(stored, default);

        (await Export(_email)).Select(l => l.Id()).ShouldBe(stored.Select(c => c.Id), ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_erased_for_somebody_is_gone_and_stays_gone_where_a_backup_brings_it_back()
    {
        var article = await fixture.Article();
        var mine = await fixture.Post(article, email: _email, name: "Erasmus the Elder", body: "his to erase");
        var other = await fixture.Post(article, mine.Id());
        await fixture.Decide("reject", (await fixture.Post(await fixture.Article(), email: _email, body: "his to erase too")).Id());
        var comments = fixture.Database.Database.GetCollection<BsonDocument>(CommentStore.Comments);
        var backup = await comments.Find("{}").ToListAsync();

        (await Ask("erase", new { email = _email.ToUpperInvariant() })).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await Gone();
        (await Export(_email)).ShouldBeEmpty();
        (await (await fixture.Guest.Get($"/api/comments/{mine.Id()}")).Problem(404)).Text("code").ShouldBe("comment.notFound");
        (await fixture.Comments.Find(other.Id(), default))!.Body.ShouldNotBeEmpty();
        var later = await fixture.Post(article, email: _email);

        foreach (var document in backup) await comments.ReplaceOneAsync(new BsonDocument("_id", document["_id"]), document);
        await fixture.Restart();
        await Gone();
        (await Export(_email)).Select(l => l.Id()).ShouldBe([later.Id()]);

        Task Gone() => Eventually.True(async () => await fixture.Documents(CommentStore.Comments) is var stored && !stored.Contains("his to erase", StringComparison.Ordinal) && !stored.Contains("Erasmus the Elder", StringComparison.Ordinal), "the texts to be gone", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Who_was_known_by_his_address_is_no_more_and_what_he_holds_is_worth_nothing()
    {
        await fixture.Set(s => s with { Mode = ModerationMode.NewCommenters });
        var held = await fixture.Post(await fixture.Article(), email: _email);
        await fixture.Set(s => s with { Mode = ModerationMode.Post });
        var known = await Eventually.Get(() => Known(_email), "the guest to be asked for the proof");
        var tokens = fixture.Services.GetRequiredService<GuestTokens>();
        (await fixture.Guest.PostAsJsonAsync("/api/guests/proof", new { token = tokens.Proof(known.Id) })).EnsureSuccessStatusCode();

        (await Ask("erase", new { email = _email })).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var left = await Known(_email);
        (left!.Id, left.Email, left.IsProved, left.ErasedAt is not null).ShouldBe((known.Id, null, false, true));
        await Eventually.True(async () => (await fixture.Comments.Find(held.Id(), default))!.Status == CommentStatus.Deleted, "the comment to be gone");
        await (await fixture.Guest.PostAsJsonAsync("/api/guests/proof", new { token = tokens.Proof(known.Id) })).Problem(410, "proof.over");
        var own = new HttpRequestMessage(HttpMethod.Get, "/api/guests/me/comments") { Headers = { { "X-Guest-Token", tokens.Own(known.Id) } } };
        await (await fixture.Guest.SendAsync(own)).Problem(401);
    }

    [Fact]
    public async Task Both_are_on_record_and_the_address_is_not()
    {
        var who = Guid.CreateVersion7();
        var moderator = fixture.Client(who, Roles.Moderator);
        await fixture.Post(await fixture.Article(), email: _email);

        foreach (var what in new[] { "export", "erase", "export", "erase" }) (await Ask(what, new { email = _email }, moderator)).EnsureSuccessStatusCode();

        await Eventually.True(async () => (await LoggedBy(who)).Length == 4, "four lines in the log");
        var lines = await LoggedBy(who);
        lines.Select(l => l.Text("action")).ShouldBe(["personErased", "personExported", "personErased", "personExported"]);
        lines.Select(l => l.GetProperty("subject").GetGuid()).Distinct().ShouldBe([(await Known(_email))!.Id]);
        foreach (var collection in new[] { "log", "guests", "comments" }) (await fixture.Documents(collection)).ShouldNotContain(_email, Case.Insensitive);
    }

    [Fact]
    public async Task A_ban_of_the_address_stays()
    {
        var ban = await (await fixture.Moderator.PostAsJsonAsync("/api/moderation/bans", new { email = _email, reason = "سبب" })).Json(HttpStatusCode.Created);

        (await Ask("erase", new { email = _email })).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await (await fixture.TryPost(await fixture.Article(), new { name = "a", email = _email, body = "x" })).Problem(403);
        (await fixture.Moderator.DeleteAsync(new Uri($"/api/moderation/bans/{ban.Id()}", UriKind.Relative))).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("export")]
    [InlineData("erase")]
    public async Task Only_moderators_do_it_and_only_with_an_address(string what)
    {
        await (await Ask(what, new { email = _email }, fixture.Guest)).Problem(401);
        await (await Ask(what, new { email = _email }, fixture.Client(Roles.Editor))).Problem(403);
        foreach (var bad in new object[] { new { }, new { email = "" }, new { email = "nobody" }, new { email = new string('a', 300) + "@example.com" }, new { email = (string?)null } })
            (await (await Ask(what, bad)).Problem(400)).GetProperty("errors").TryGetProperty("email", out _).ShouldBeTrue();
        await (await Ask(what, new { email = _email, name = "x" })).Problem(400);
        await (await fixture.Moderator.PostAsJsonAsync($"/api/moderation/people/{what}?email={_email}", new { email = _email })).Problem(400);
        (await Known(_email)).ShouldBeNull();
    }
}
