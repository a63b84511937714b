using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;

namespace Platform.Articles.Tests;

/// <summary>The service with its store and broker; an editor, a writer and a reader before it.</summary>
public class ArticlesFixture : ServiceFixture<Program>
{
    private int _named;

    /// <summary>An index of its own, in a temporary folder.</summary>
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("PLATFORM_DATA", "")];

    public Guid WriterId { get; } = Guid.CreateVersion7();

    public HttpClient Reader { get; private set; } = null!;
    public HttpClient Writer { get; private set; } = null!;
    public HttpClient Editor { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        SignIn();
    }

    /// <summary>Makes the clients of the service as it runs now.</summary>
    protected void SignIn()
    {
        Reader = Client();
        Writer = Client(WriterId, Roles.Writer);
        Editor = Client(Roles.Editor);
    }

    /// <summary>A word that no other test uses.</summary>
    public string Word(string stem = "خبر") => $"{stem} {Interlocked.Increment(ref _named)}x{Guid.NewGuid().ToString("N")[..6]}";

    /// <summary>A category of the test's own.</summary>
    public async Task<string> NewCategory(string? parent = null, string ar = "سياسة", string en = "Politics")
    {
        var slug = Text.Slug.From(Word("قسم"));
        (await Editor.Send("POST", "/api/categories", new { slug, names = new { ar, en }, parent, position = 1 })).Status.ShouldBe(HttpStatusCode.Created);
        return slug;
    }

    public async Task<string> NewAuthor(string ar = "سارة")
    {
        var slug = Text.Slug.From(Word("كاتب"));
        (await Editor.Send("POST", "/api/authors", new { slug, names = new { ar } })).Status.ShouldBe(HttpStatusCode.Created);
        return slug;
    }

    /// <summary>What a request to create an article sends, with other values where they are given.</summary>
    public JsonObject Input(object? with = null)
    {
        var input = new JsonObject { ["language"] = "ar", ["title"] = Word(), ["body"] = "<p>نصّ الخبر.</p>", ["categories"] = new JsonArray() };
        foreach (var (name, value) in (with is null ? null : JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(with, StrictJson.Options))!.AsObject()) ?? []) input[name] = value?.DeepClone();
        return input;
    }

    public async Task<JsonNode> Draft(object? with = null, HttpClient? by = null) => (await (by ?? Editor).Send("POST", "/api/articles", Input(with))).Expect(HttpStatusCode.Created);

    public async Task<JsonNode> Published(object? with = null, HttpClient? by = null)
    {
        var draft = await Draft(with, by);
        return (await Editor.Move(draft, "publish")).Expect(HttpStatusCode.OK);
    }
}

/// <summary>As <see cref="ArticlesFixture"/>, with a clock that tests turn.</summary>
public sealed class TimedFixture : ArticlesFixture
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 15, 8, 0, 0, TimeSpan.Zero));

    protected override TimeProvider Clock => Time;
}

/// <param name="Json">The body, or null.</param>
public sealed record Answer(HttpStatusCode Status, JsonNode? Json, HttpResponseMessage Response)
{
    public string? Code => (string?)Json?["code"];

    public JsonNode Expect(HttpStatusCode status)
    {
        Status.ShouldBe(status, Json?.ToJsonString());
        return Json!;
    }

    /// <summary>The answer is this problem.</summary>
    public void Refuses(HttpStatusCode status, string code)
    {
        (Status, Code).ShouldBe((status, code), Json?.ToJsonString());
        Response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }
}

internal static class Requests
{
    public static Task<Answer> Get(this HttpClient client, string path) => client.Send("GET", path);

    /// <param name="ifMatch">A version.</param>
    public static async Task<Answer> Send(this HttpClient client, string method, string path, object? body = null, long? ifMatch = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = JsonContent.Create(body);
        if (ifMatch is { } version) request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response);
    }

    /// <summary>Takes an article through a transition, from the version given.</summary>
    public static Task<Answer> Move(this HttpClient client, JsonNode article, string transition, object? body = null) =>
        client.Send("POST", $"{article.Path()}/{transition}", body ?? new { }, article.Version());

    public static Task<Answer> Put(this HttpClient client, JsonNode article, JsonObject input) => client.Send("PUT", article.Path(), input, article.Version());

    public static string Path(this JsonNode article) => $"/api/articles/{article.Id()}";

    public static Guid Id(this JsonNode article) => Guid.Parse(article.Text("id"));

    public static long Version(this JsonNode article) => (long)article["version"]!;

    public static string Text(this JsonNode node, string field) => (string)node[field]!;

    public static IReadOnlyList<string> Ids(this Answer list) => [.. list.Expect(HttpStatusCode.OK)["items"]!.AsArray().Select(i => i!.Text("id"))];
}
