using System.Net.Http.Json;
using System.Text.Json;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Features;

/// <summary>A new platform, with the settings it comes with.</summary>
public sealed class NewPlatformFixture : ServiceFixture<Program>;

public sealed class EditSettingsTests(NewPlatformFixture fixture) : IClassFixture<NewPlatformFixture>
{
    private readonly HttpClient _moderator = fixture.Client(Roles.Moderator);

    private Task<HttpResponseMessage> Put(object body, string? ifMatch)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, "/api/moderation/settings") { Content = body as HttpContent ?? JsonContent.Create(body) };
        if (ifMatch is not null) request.Headers.Add("If-Match", ifMatch);
        return _moderator.SendAsync(request);
    }

    [Fact]
    public async Task They_are_read_changed_and_guarded_by_version()
    {
        var answer = await _moderator.Get("/api/moderation/settings");
        var first = answer.Headers.ETag!.Tag;
        var defaults = await answer.Json();
        if (first == "\"1\"") defaults.ToString().ShouldBe("""{"mode":"newCommenters","closeAfterDays":0,"editWindowMinutes":15,"maxLinks":2,"minSecondsBetween":0,"bannedWords":[],"suspectWords":[]}""");
        var wanted = new { mode = "pre", closeAfterDays = 30, editWindowMinutes = 5, maxLinks = 0, minSecondsBetween = 10, bannedWords = new[] { " سيئ ", "سيئ" }, suspectWords = new[] { "very  bad" } };

        await (await Put(wanted, null)).Problem(428);
        var changed = await Put(wanted, first);
        (await changed.Json()).ToString().ShouldBe("""{"mode":"pre","closeAfterDays":30,"editWindowMinutes":5,"maxLinks":0,"minSecondsBetween":10,"bannedWords":["سيئ"],"suspectWords":["very bad"]}""");
        await (await Put(wanted, first)).Problem(412, "settings.versionConflict");

        (await Put(defaults, changed.Headers.ETag!.Tag)).EnsureSuccessStatusCode();
        (await (await _moderator.Get("/api/moderation/settings")).Json()).ToString().ShouldBe(defaults.ToString());
    }

    [Fact]
    public async Task Of_two_at_once_one_wins()
    {
        var etag = (await _moderator.Get("/api/moderation/settings")).Headers.ETag!.Tag;
        var body = await (await _moderator.Get("/api/moderation/settings")).Json();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Put(body, etag)));

        answers.Count(a => a.IsSuccessStatusCode).ShouldBe(1);
        answers.Count(a => (int)a.StatusCode == 412).ShouldBe(7);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { """{"mode":"all"}""", "mode" },
        { """{"closeAfterDays":-1}""", "closeAfterDays" },
        { """{"editWindowMinutes":1441}""", "editWindowMinutes" },
        { """{"maxLinks":"2"}""", "maxLinks" },
        { """{"minSecondsBetween":86401}""", "minSecondsBetween" },
        { """{"bannedWords":[""]}""", "bannedWords" },
        { """{"bannedWords":[null]}""", "bannedWords" },
        { """{"bannedWords":["*"]}""", "bannedWords" },
        { """{"suspectWords":["a*"]}""", "suspectWords" },
        { """{"suspectWords":["!!!"]}""", "suspectWords" },
        { $$"""{"suspectWords":["{{new string('a', 101)}}"]}""", "suspectWords" },
        { """{"suspectWords":null}""", "suspectWords" },
        { """{"colour":"red"}""", "colour" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_named(string change, string field)
    {
        var body = new Dictionary<string, JsonElement>(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"mode":"post","closeAfterDays":0,"editWindowMinutes":15,"maxLinks":2,"minSecondsBetween":0,"bannedWords":[],"suspectWords":[]}""")!);
        foreach (var (key, value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(change)!) body[key] = value;

        (await (await Put(body, "*")).Problem(400)).GetProperty("errors").EnumerateObject().ShouldContain(e => e.Name.StartsWith(field, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mode")]
    [InlineData("bannedWords")]
    public async Task Nothing_may_be_left_out(string field)
    {
        var body = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"mode":"post","closeAfterDays":0,"editWindowMinutes":15,"maxLinks":2,"minSecondsBetween":0,"bannedWords":[],"suspectWords":[]}""")!;
        body.Remove(field);

        (await (await Put(body, "*")).Problem(400)).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task The_service_describes_itself()
    {
        var document = await (await fixture.Client().Get("/openapi/v1.json")).Json();

        document.GetProperty("openapi").GetString().ShouldStartWith("3.1");
        document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ShouldBe(
        [
            "/api/articles/{articleId}/comments", "/api/articles/{articleId}/comments/live", "/api/comments/{id}", "/api/comments/{id}/reactions/like", "/api/comments/{id}/reports", "/api/comment-counts", "/api/guests/proof", "/api/guests/me/comments", "/api/guests/me", "/replies/off/{token}", "/api/moderation/queue", "/api/moderation/counts", "/api/moderation/decisions",
            "/api/moderation/settings", "/api/moderation/settings/trial", "/api/moderation/settings/trial/{id}", "/api/moderation/settings/trial/{id}/apply", "/api/moderation/settings/trial/{id}/undo", "/api/moderation/claims", "/api/moderation/claims/{id}", "/api/moderation/log", "/api/moderation/bans", "/api/moderation/bans/{id}", "/api/moderation/people/export", "/api/moderation/people/erase", "/api/articles/{articleId}/comments/export", "/api/articles/{articleId}/thread",
            "/api/dead-letters/comments", "/api/dead-letters/comments/replay", "/api/dead-letters/comments/{id}", "/api/dead-letters/comments/{id}/replay",
        ], ignoreOrder: true);
        document.GetProperty("paths").GetProperty("/api/comments/{id}").GetProperty("get").GetProperty("summary").GetString().ShouldBe("A comment that readers see.");
    }
}
