using System.Net.Http.Json;
using System.Text.Json;
using Platform.Comments.Moderation;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

public sealed class ReadLogTests(CommentsFixture fixture) : IClassFixture<CommentsFixture>
{
    private async Task<JsonElement[]> Log(string query) => (await (await fixture.Moderator.Get("/api/moderation/log" + query)).Json()).Items();

    [Fact]
    public async Task It_says_who_decided_what_when_and_why()
    {
        var article = await fixture.Article();
        var comment = (await fixture.Post(article)).Id();
        var (who, before) = (Guid.CreateVersion7(), fixture.Now);
        var moderator = fixture.Client(who, Roles.Moderator);
        foreach (var decision in new[] { "reject", "spam", "approve", "approve" })
            (await moderator.PostAsJsonAsync("/api/moderation/decisions", new { items = new[] { new { id = comment } }, decision, reason = "لأنه " + decision })).EnsureSuccessStatusCode();

        var lines = await Log($"?subject={comment}");

        lines.Select(l => (l.Text("action"), l.Text("was"), l.Text("reason"))).ShouldBe([("approved", "spam", "لأنه approve"), ("markedSpam", "rejected", "لأنه spam"), ("rejected", "published", "لأنه reject")]);
        lines.ShouldAllBe(l => l.GetProperty("by").Id() == who && l.GetProperty("by").Text("name") == "Tester" && l.GetProperty("articleId").GetGuid() == article && l.GetProperty("at").GetDateTimeOffset() >= before);
        (await Log($"?by={who}")).Length.ShouldBe(3);
        (await Log($"?by={who}&subject={Guid.CreateVersion7()}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_bans_and_threads_are_in_it_too()
    {
        var who = Guid.CreateVersion7();
        var moderator = fixture.Client(who, Roles.Moderator);
        var article = await fixture.Article();
        foreach (var open in new bool?[] { true, false, null }) (await moderator.PutAsJsonAsync($"/api/articles/{article}/thread", new { open })).EnsureSuccessStatusCode();
        var ban = (await (await moderator.PostAsJsonAsync("/api/moderation/bans", new { name = "log " + who, reason = "سبب" })).Json(System.Net.HttpStatusCode.Created)).Id();
        (await moderator.DeleteAsync(new Uri($"/api/moderation/bans/{ban}", UriKind.Relative))).EnsureSuccessStatusCode();
        var body = JsonSerializer.Deserialize<Dictionary<string, object>>((await (await moderator.Get("/api/moderation/settings")).Json()).ToString())!;
        body["maxLinks"] = 7;
        body["suspectWords"] = new[] { "مشبوه" };
        (await moderator.SendAsync(new HttpRequestMessage(HttpMethod.Put, "/api/moderation/settings") { Content = JsonContent.Create(body), Headers = { { "If-Match", "*" } } })).EnsureSuccessStatusCode();
        await fixture.Set(s => s with { MaxLinks = 2, SuspectWords = [] });

        await Eventually.True(async () => (await Log($"?by={who}")).Length == 6, "six lines in the log");
        var lines = await Log($"?by={who}");

        lines.Select(l => l.Text("action")).ShouldBe(["settingsChanged", "banLifted", "banAdded", "threadLeftToRules", "threadClosed", "threadOpened"]);
        lines[0].Items("changes").Select(c => c.ToString()).ShouldBe(["""{"field":"maxLinks","before":"2","after":"7"}""", """{"field":"suspectWords","before":"","after":"مشبوه"}"""]);
        lines[3].GetProperty("subject").GetGuid().ShouldBe(article);
        (lines[2].GetProperty("subject").GetGuid(), lines[2].Text("reason")).ShouldBe((ban, "سبب"));
    }

    [Fact]
    public async Task It_is_paged_newest_first_and_a_line_that_comes_twice_is_one()
    {
        var article = await fixture.Article();
        var who = Guid.CreateVersion7();
        var lines = Enumerable.Range(0, 7).Select(i => new ActionTaken { Id = Guid.CreateVersion7(), At = fixture.Now.AddSeconds(i / 2), By = who, ByName = "x", Action = ModerationAction.Approved, Subject = article }).ToArray();
        var shuffled = lines.Concat(lines).ToArray();
        Random.Shared.Shuffle(shuffled);
        foreach (var line in shuffled) await fixture.Spy.Publish(line);
        await Eventually.True(async () => (await Log($"?by={who}")).Length == 7, "seven lines in the log");

        var walked = new List<Guid>();
        string? next = null;
        do
        {
            var page = await (await fixture.Moderator.Get($"/api/moderation/log?by={who}&limit=3{(next is null ? "" : "&cursor=" + next)}")).Json();
            walked.AddRange(page.Ids());
            next = page.Text("next");
        }
        while (next is not null);

        walked.ShouldBe(lines.OrderByDescending(l => l.At).ThenByDescending(l => l.Id.ToString(), StringComparer.Ordinal).Select(l => l.Id));
        await (await fixture.Moderator.Get("/api/moderation/log?cursor=forged")).Problem(400);
        await (await fixture.Moderator.Get("/api/moderation/log?who=me")).Problem(400);
    }
}
