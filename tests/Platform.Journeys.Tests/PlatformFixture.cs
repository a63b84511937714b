using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MimeKit;
using Platform.Journeys.Tests;
using Platform.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(PlatformFixture))]

namespace Platform.Journeys.Tests;

/// <summary>The whole platform, started as an operator starts it, with an SMTP server of ours at its end and a browser before it.</summary>
public sealed class PlatformFixture : IAsyncLifetime
{
    public const string Email = "editor@example.org", Password = "a long password for journeys";
    private const int Port = 28080;
    private readonly string _data = Path.Combine(Infrastructure.Root, ".data", "journeys");
    private IPlaywright? _playwright;
    private int _named;

    public SmtpSink Mail { get; } = new();
    public Uri Address { get; } = new($"http://localhost:{Port}");

    /// <summary>Nobody.</summary>
    public HttpClient Reader { get; private set; } = null!;

    /// <summary>The first admin, by API token.</summary>
    public HttpClient Editor { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Deploy("down");
        if (Directory.Exists(_data)) await Clear();
        await Deploy("up");
        Reader = New();
        Editor = New();
        Editor.DefaultRequestHeaders.Add("X-Requested-With", "platform");
        (await Editor.PostAsJsonAsync("/api/session", new { email = Email, password = Password })).EnsureSuccessStatusCode();
        var token = await Json(await Editor.PostAsJsonAsync("/api/tokens", new { name = "journeys", roles = new[] { "admin", "editor", "writer", "moderator" } }));
        Editor = New();
        Editor.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.GetProperty("token").GetString());
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>kill -9 of every process of the platform at once: services, store, broker.</summary>
    public void KillAll()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(_data, "run"), "*.pid"))
            Infrastructure.Run("kill", ["-9", File.ReadAllText(file).Split(' ')[0]], TimeSpan.FromSeconds(5));
    }

    /// <summary>Runs a script under deploy/ for this platform.</summary>
    public async Task<string> Deploy(string script, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["PLATFORM_PORT"] = Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["PLATFORM_DATA"] = _data,
            ["PLATFORM_PUBLIC_URL"] = Address.ToString().TrimEnd('/'),
            ["PLATFORM_ADMIN_EMAIL"] = Email,
            ["PLATFORM_ADMIN_PASSWORD"] = Password,
            ["SMTP_URI"] = Mail.Uri,
            ["MAIL_FROM"] = "news@example.org",
            // The local way, with a store and a broker of its own, whatever else this machine offers.
            ["DOCKER_HOST"] = "unix:///nonexistent",
        };
        string[] own = ["-u", "MONGODB_URI", "-u", "RABBITMQ_URI", .. environment.Select(e => $"{e.Key}={e.Value}"), Path.Combine(Infrastructure.Root, "deploy", script), .. arguments];
        var run = await Task.Run(() => Infrastructure.Run("env", own, TimeSpan.FromMinutes(8)));
        return run.Ok ? run.Output : throw new InvalidOperationException($"deploy/{script} failed:\n{run.Output}");
    }

    /// <summary>A category of this test's own.</summary>
    public async Task<string> NewCategory(string name)
    {
        var slug = $"section-{Interlocked.Increment(ref _named)}-{Guid.NewGuid().ToString("N")[..6]}";
        await Json(await Editor.PostAsJsonAsync("/api/categories", new { slug, names = new Dictionary<string, string> { ["ar"] = name, ["en"] = name }, position = 1 }));
        return slug;
    }

    /// <summary>Creates an article and makes it public.</summary>
    public async Task<JsonElement> Publish(string title, string category, string body = "<p>نصّ الخبر كما وصل إلى غرفة الأخبار.</p>", string language = "ar")
    {
        var draft = await Json(await Editor.PostAsJsonAsync("/api/articles", new { language, title, summary = "خلاصة الخبر", body, categories = new[] { category }, dateline = new { place = "بغداد", source = "وكالة الأنباء" } }));
        return await Change(draft, "publish", new { });
    }

    /// <summary>Takes an article through one of its transitions.</summary>
    public async Task<JsonElement> Change(JsonElement article, string transition, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/articles/{article.GetProperty("id").GetString()}/{transition}") { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{article.GetProperty("version").GetInt64()}\"");
        return await Json(await Editor.SendAsync(request));
    }

    /// <summary>Subscribes an address and confirms it by the link in its mail.</summary>
    public async Task<string> Subscribe(string address, object topics, string language = "ar")
    {
        (await Reader.PostAsJsonAsync("/api/subscriptions", new { channel = "email", address, language, topics, schedule = new { kind = "instant" } })).EnsureSuccessStatusCode();
        var mail = await MailTo(address, m => ConfirmLink(m) is not null);
        var token = Uri.UnescapeDataString(ConfirmLink(mail)!);
        return (await Json(await Reader.PostAsJsonAsync("/api/subscriptions/confirm", new { token }))).GetProperty("manageToken").GetString()!;
    }

    /// <summary>Waits for a mail to this address.</summary>
    public Task<ReceivedMail> MailTo(string address, Func<ReceivedMail, bool> which) =>
        Eventually.Get(() => Task.FromResult(MailsTo(address).FirstOrDefault(which)), $"a mail to {address}", TimeSpan.FromSeconds(90));

    /// <summary>What the SMTP server took for this address so far.</summary>
    public IReadOnlyList<ReceivedMail> MailsTo(string address) => [.. Mail.For(address).Select(m => ReceivedMail.Read(m.Raw))];

    /// <summary>The dispatch of an article, once it is done.</summary>
    public async Task<JsonElement> DispatchOf(JsonElement article)
    {
        var done = await Eventually.Get(async () =>
        {
            var page = await Json(await Editor.GetAsync(new Uri($"/api/dispatches?articleId={article.GetProperty("id").GetString()}", UriKind.Relative)));
            return page.GetProperty("items").EnumerateArray().Where(d => d.GetProperty("phase").GetString() == "done").Select(d => d.GetRawText()).FirstOrDefault();
        }, "the dispatch to be done", TimeSpan.FromSeconds(90));
        return JsonDocument.Parse(done).RootElement;
    }

    public Uri PageOf(JsonElement article) => new(article.GetProperty("url").GetString()!);

    public static async Task<JsonElement> Json(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new HttpRequestException($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri}: {(int)response.StatusCode} {text}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null) await Browser.DisposeAsync();
        _playwright?.Dispose();
        await Deploy("down");
        await Clear();
        await Mail.DisposeAsync();
    }

    private static string? ConfirmLink(ReceivedMail mail) =>
        Regex.Match(mail.Text, @"/subscriptions/confirm\?token=(\S+)", RegexOptions.None, TimeSpan.FromSeconds(1)) is { Success: true } match ? match.Groups[1].Value : null;

    private HttpClient New() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>Deletes what an earlier run left, but keeps what was built.</summary>
    private Task Clear() => Task.Run(() =>
    {
        foreach (var folder in Directory.GetDirectories(_data).Where(d => Path.GetFileName(d) is not ("app" or "build"))) Directory.Delete(folder, recursive: true);
    });
}

/// <summary>A mail as a mail client reads it.</summary>
public sealed record ReceivedMail(string Subject, string Text, string Html, IReadOnlyList<string> To, HeaderList Headers)
{
    public static ReceivedMail Read(ReadOnlyMemory<byte> raw)
    {
        using var stream = new MemoryStream(raw.ToArray());
        var mail = MimeMessage.Load(stream);
        return new(mail.Subject ?? "", mail.TextBody ?? "", mail.HtmlBody ?? "", [.. mail.To.Mailboxes.Select(m => m.Address)], mail.Headers);
    }
}
