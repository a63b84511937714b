using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Platform.Sample;
using Shouldly;
using Xunit;

namespace Platform.ServiceDefaults.Tests.Http;

/// <summary>The rules that hold for every call of the public contract.</summary>
public sealed class ContractTests(SampleFixture fixture) : IClassFixture<SampleFixture>
{
    private readonly HttpClient _client = fixture.Client();

    [Theory]
    [InlineData("""{"text":"a","colour":1}""", "colour")]
    [InlineData("""{"text":"a","text":"b"}""", "text")]
    [InlineData("""{"text":"a","mood":"sad"}""", "mood")]
    [InlineData("""{"text":"a","mood":0}""", "mood")]
    [InlineData("""{"text":""}""", "text")]
    [InlineData("""{}""", "text")]
    [InlineData("""{"text":"more than twenty characters"}""", "text")]
    [InlineData("""{"text":"\ud800"}""", "text")]
    [InlineData("""{"text":"a\u0000b"}""", "text")]
    public async Task A_wrong_field_is_a_400_that_names_it(string body, string field)
    {
        var problem = await Problem(await Send(body), 400);

        problem.GetProperty("errors").TryGetProperty(field, out var messages).ShouldBeTrue(problem.ToString());
        messages.GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("{", "application/json", 400)]
    [InlineData("", "application/json", 400)]
    [InlineData("null", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("{\"text\":\"a\"}", "text/plain", 415)]
    [InlineData("{\"text\":\"a\"}", "application/json; charset=utf-16", 415)]
    [InlineData("{\"text\":\"a\"}", "application/json; charset=nonsense", 415)]
    public async Task What_is_not_the_JSON_expected_is_refused(string body, string type, int status) => await Problem(await Send(body, type), status);

    [Fact]
    public async Task A_body_over_2_MB_is_a_413()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/notes") { Content = new StringContent($$"""{"text":"{{new string('a', 2_100_000)}}"}""", Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true;   // else the refusal races with the rest of the body

        await Problem(await _client.SendAsync(request), 413);
    }

    [Fact]
    public async Task Deep_nesting_is_a_400() => await Problem(await Send("{\"text\":" + new string('[', 100_000)), 400);

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml")]
    [InlineData("*/*")]
    public async Task A_failure_nobody_foresaw_tells_nothing_whatever_Accept_says(string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/notes/boom");
        request.Headers.Add("Accept", accept);
        var response = await _client.SendAsync(request);
        var problem = await Problem(response, 500);

        problem.ToString().ShouldNotContain("secret");
        problem.ToString().ShouldNotContain(" at ");
    }

    [Theory]
    [InlineData("/api/nothing", 404)]
    [InlineData("/api/notes/00000000-0000-0000-0000-000000000000", 404)]
    [InlineData("/api/notes?limit=0", 400)]
    [InlineData("/api/notes?limit=101", 400)]
    [InlineData("/api/notes?limit=+5", 400)]
    [InlineData("/api/notes?limit=5&limit=5", 400)]
    [InlineData("/api/notes?cursor=Zm9yZ2VkLWN1cnNvci1mb3JnZWQ", 400)]
    [InlineData("/api/notes?cursor=", 400)]
    [InlineData("/api/notes?colour=red", 400)]
    public async Task A_wrong_address_is_a_problem(string path, int status) => await Problem(await _client.GetAsync(new Uri(path, UriKind.Relative)), status);

    [Fact]
    public async Task A_method_that_is_not_there_is_a_405() => await Problem(await _client.DeleteAsync(new Uri("/api/notes", UriKind.Relative)), 405);

    [Fact]
    public async Task Times_are_UTC_with_Z_and_enumerations_camelCase()
    {
        var response = await Send("""{"text":"a","mood":"excited"}""");
        var note = await response.Content.ReadFromJsonAsync<JsonElement>();

        note.GetProperty("writtenAt").GetString()!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        note.GetProperty("mood").GetString().ShouldBe("excited");
    }

    [Fact]
    public async Task A_document_carries_its_version_as_ETag_and_is_not_sent_twice()
    {
        var created = await Send("""{"text":"tagged"}""");
        created.Headers.ETag!.Tag.ShouldBe("\"1\"");
        var request = new HttpRequestMessage(HttpMethod.Get, created.Headers.Location);
        request.Headers.Add("If-None-Match", "\"7\", \"1\"");

        var response = await _client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, 428)]
    [InlineData("\"9\"", 412)]
    [InlineData("nonsense", 400)]
    [InlineData("\"1\"", 200)]
    [InlineData("*", 200)]
    public async Task A_change_needs_the_version_that_was_read(string? ifMatch, int status)
    {
        var created = await Send("""{"text":"versioned"}""");

        var response = await Put(created.Headers.Location!, "new", ifMatch);

        ((int)response.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Of_32_changes_of_one_version_one_wins()
    {
        var created = await Send("""{"text":"contested"}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Put(created.Headers.Location!, "by " + i, "\"1\"")));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(31);
    }

    [Fact]
    public async Task A_save_leaves_what_others_write_alone()
    {
        var note = await fixture.Notes.Insert(new Note(Guid.CreateVersion7(), 1, "liked", Mood.Calm, DateTimeOffset.UtcNow), default);
        await fixture.Notes.Like(note.Id, default);

        (await fixture.Notes.Save(note with { Version = 2, Text = "changed" }, default)).ShouldBeTrue();

        (await fixture.Notes.Find(note.Id, default)).ShouldSatisfyAllConditions(n => n!.Likes.ShouldBe(1), n => n!.Text.ShouldBe("changed"));
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repeat_while_others_write()
    {
        var text = "page " + Random.Shared.Next(100_000);
        var written = new List<Guid>();
        for (var i = 0; i < 7; i++) written.Add((await fixture.Notes.Insert(new Note(Guid.CreateVersion7(), 1, text, Mood.Calm, DateTimeOffset.UtcNow), default)).Id);
        var seen = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await _client.GetFromJsonAsync<Page<Note>>($"/api/notes?limit=3&text={Uri.EscapeDataString(text)}{(cursor is null ? "" : "&cursor=" + cursor)}", StrictJson.Options);
            seen.AddRange(page!.Items.Select(n => n.Id));
            cursor = page.Next;
        } while (cursor is not null);

        seen.ShouldBe(written);
    }

    [Fact]
    public async Task Who_may_not_is_told_so()
    {
        await Problem(await fixture.Client().PutAsJsonAsync("/api/notes/" + Guid.NewGuid(), new { text = "x" }), 401);
        await Problem(await fixture.Client(Roles.Writer).PutAsJsonAsync("/api/notes/" + Guid.NewGuid(), new { text = "x" }), 403);
        (await fixture.Client(Roles.Admin).PutAsJsonAsync("/api/notes/" + Guid.NewGuid(), new { text = "x" })).StatusCode.ShouldBe((HttpStatusCode)428);
    }

    [Fact]
    public async Task A_bad_token_is_a_401_on_public_calls_too()
    {
        var expired = Testing.TestIdentity.Token(Guid.NewGuid(), "x", [Roles.Admin], DateTime.UtcNow.AddMinutes(-1));
        foreach (var token in new[] { "nonsense", expired, expired[..^4] + "AAAA" })
        {
            using var client = Testing.TestIdentity.As(fixture.Client(), token);
            await Problem(await client.GetAsync(new Uri("/api/notes", UriKind.Relative)), 401);
        }
    }

    private Task<HttpResponseMessage> Send(string body, string type = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return _client.PostAsync(new Uri("/api/notes", UriKind.Relative), content);
    }

    private async Task<HttpResponseMessage> Put(Uri location, string text, string? ifMatch)
    {
        using var editor = fixture.Client(Roles.Editor);
        var request = new HttpRequestMessage(HttpMethod.Put, location) { Content = JsonContent.Create(new { text }) };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await editor.SendAsync(request);
    }

    private static async Task<JsonElement> Problem(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        foreach (var name in new[] { "type", "title", "code", "traceId" }) problem.GetProperty(name).GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }
}
