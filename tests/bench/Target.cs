using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Bench;

/// <summary>The platform that is measured, as its clients see it; started by the script, whose settings it shares.</summary>
public sealed class Target : IDisposable
{
    public static readonly string[] Services = ["accounts", "articles", "comments", "notifications", "web", "gateway"];
    public static readonly int Port = int.Parse(Setting("PLATFORM_PORT"), CultureInfo.InvariantCulture);
    private static readonly string Data = Setting("PLATFORM_DATA");
    private int _named;

    private Target(HttpClient reader, HttpClient editor) => (Reader, Editor) = (reader, editor);

    /// <summary>Nobody.</summary>
    public HttpClient Reader { get; }

    /// <summary>The first admin, by API token.</summary>
    public HttpClient Editor { get; }

    public static async Task<Target> SignIn()
    {
        var (reader, editor) = (New(), New());
        var token = await Json(await reader.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/tokens")
        {
            Content = JsonContent.Create(new { name = "bench", roles = new[] { "admin", "editor", "writer", "moderator" } }),
            Headers = { { "Cookie", await Session(reader) }, { "X-Requested-With", "platform" } },
        }));
        editor.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("token").GetString());
        return new(reader, editor);
    }

    /// <summary>The port of a service; <see cref="Port"/> is the gateway's.</summary>
    public static int PortOf(string service) => Port + ((Array.IndexOf(Services, service) + 1) % Services.Length);

    /// <summary>The pid of a process that deploy/up started.</summary>
    public static int PidOf(string name) => int.Parse(File.ReadAllText(Path.Combine(Data, "run", name + ".pid")).Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>A folder or file below PLATFORM_DATA.</summary>
    public static string Folder(string name) => Path.Combine(Data, name);

    /// <summary>Runs a script under deploy/.</summary>
    public static async Task Deploy(string script)
    {
        var (ok, output) = await Task.Run(() => Infrastructure.Run(Path.Combine(Infrastructure.Root, "deploy", script), [], TimeSpan.FromMinutes(5)));
        if (!ok) throw new InvalidOperationException($"deploy/{script} failed:\n{output}");
    }

    public async Task<string> NewCategory()
    {
        var slug = $"bench-{Interlocked.Increment(ref _named)}-{Environment.ProcessId}";
        await Post("/api/categories", new { slug, names = new { ar = "قياس " + slug, en = slug }, position = _named });
        return slug;
    }

    /// <summary>An article that waits to be published.</summary>
    public Task<JsonElement> Draft(string category, int number) => Post("/api/articles", new
    {
        language = "ar",
        title = $"{Words.Sentence(number, 9)} {number}",
        summary = Words.Sentence(number + 1, 30),
        body = Words.Body(number),
        categories = new[] { category },
        dateline = new { place = "بغداد", source = "وكالة الأنباء" },
    });

    /// <summary>A publishing whose answer was lost is met by what it did: the article has the next version then.</summary>
    public async Task<JsonElement> Publish(JsonElement draft)
    {
        var path = $"/api/articles/{draft.GetProperty("id").GetString()}";
        try { return await Post(path + "/publish", new { }, draft.GetProperty("version").GetInt64()); }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.PreconditionFailed) { return await Get(path); }
    }

    /// <summary>Posts as the editor. A part that is away for a moment is asked again: a machine that is overloaded from elsewhere shows in the numbers, and need not end the run.</summary>
    public async Task<JsonElement> Post(string path, object body, long? version = null)
    {
        var key = Guid.NewGuid().ToString("N");
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { { "Idempotency-Key", key } } };
            if (version is { } expected) request.Headers.Add("If-Match", $"\"{expected}\"");
            var answer = await Editor.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == 10) return await Json(answer);
            answer.Dispose();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    public async Task<JsonElement> Get(string path) => await Json(await Editor.GetAsync(new Uri(path, UriKind.Relative)));

    public static async Task<JsonElement> Json(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new HttpRequestException($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri}: {(int)response.StatusCode} {text}", null, response.StatusCode);
        }
    }

    public void Dispose()
    {
        Reader.Dispose();
        Editor.Dispose();
    }

    private static async Task<string> Session(HttpClient reader)
    {
        using var answer = await reader.PostAsJsonAsync("/api/session", new { email = Setting("PLATFORM_ADMIN_EMAIL"), password = Setting("PLATFORM_ADMIN_PASSWORD") });
        return answer.EnsureSuccessStatusCode().Headers.GetValues("Set-Cookie").First().Split(';')[0];
    }

    private static HttpClient New() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = new($"http://{IPAddress.Loopback}:{Port}") };

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set: start this by tests/bench/run.");
}
