using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Web.Tests;

/// <summary>
/// The other parts as Web sees them: one HTTP server that speaks the public contract from what a test puts into it,
/// and remembers what it was sent.
/// </summary>
public sealed class Newsroom : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _hanging;

    private Newsroom(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();
    public List<object> Articles { get; } = [];
    public List<object> Categories { get; } = [.. Sample.Categories];
    public List<object> Related { get; } = [];

    /// <summary>Width and height of the lead image of every article.</summary>
    public object? LeadPicture { get; set; }

    public List<string> Months { get; } = [];

    /// <summary>What every span of time holds, for sitemaps.</summary>
    public List<object> Addresses { get; } = [];

    public List<object> Comments { get; } = [];

    /// <summary>What Comments says of every thread; null where it says nothing.</summary>
    public bool? Open { get; set; }

    /// <summary>Slugs that moved, and where Articles sends who asks for them.</summary>
    public Dictionary<string, string> Moved { get; } = [];

    public HashSet<string> Withdrawn { get; } = [];

    /// <summary>Former names, and where Articles sends who asks for them: path by path, such as <c>/api/tags/old</c>.</summary>
    public Dictionary<string, string> Renamed { get; } = [];

    /// <summary>Categories beyond the first hundred, which no list here holds.</summary>
    public List<object> FarCategories { get; } = [];

    /// <summary>Answers instead of the usual ones, by method and path: <c>POST /api/subscriptions</c>.</summary>
    public Dictionary<string, Func<HttpContext, Task>> Instead { get; } = [];

    /// <summary>Cursor that every list gives, or null at its end.</summary>
    public string? Next { get; set; }

    /// <summary>How many requests have come to where <see cref="Hang"/> answers.</summary>
    public int Hanging => _hanging;

    /// <summary>Every request but GETs: method, path, headers and body.</summary>
    public ConcurrentQueue<Sent> Received { get; } = [];

    /// <summary>Path and query of every GET.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public sealed record Sent(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

    public static async Task<Newsroom> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var newsroom = new Newsroom(app);
        app.Run(newsroom.Answer);
        await app.StartAsync();
        return newsroom;
    }

    public static Func<HttpContext, Task> Problem(int status, string code, object? errors = null) =>
        http => Write(http, status, new { type = "urn:problem:" + code, title = "Refused.", status, code, traceId = "0", errors }, "application/problem+json");

    public static Func<HttpContext, Task> Json(object body, int status = 200) => http => Write(http, status, body, "application/json; charset=utf-8");

    /// <summary>Says nothing until the caller gives up.</summary>
    public async Task Hang(HttpContext http)
    {
        Interlocked.Increment(ref _hanging);
        var gone = new TaskCompletionSource();
        await using var _ = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Answer(HttpContext http)
    {
        var (method, path) = (http.Request.Method, http.Request.Path.Value!);
        if (method == "GET") Asked.Enqueue(path + http.Request.QueryString);
        else Received.Enqueue(new(method, path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), await new StreamReader(http.Request.Body, Encoding.UTF8).ReadToEndAsync()));

        var instead = Instead.FirstOrDefault(i => path == i.Key[(i.Key.IndexOf(' ') + 1)..] && i.Key.StartsWith(method + " ", StringComparison.Ordinal)).Value
            ?? Instead.FirstOrDefault(i => i.Key.EndsWith('*') && $"{method} {path}".StartsWith(i.Key[..^1], StringComparison.Ordinal)).Value;
        if (instead is not null) { await instead(http); return; }
        if (http.Request.Query["cursor"] == "forged") { await Problem(400, "request.invalid")(http); return; }

        if (Renamed.TryGetValue(path, out var now))
        {
            http.Response.Headers.Location = "http://localhost:8080" + now;
            http.Response.StatusCode = (int)HttpStatusCode.MovedPermanently;
            return;
        }
        var parts = path.Trim('/').Split('/');
        await ((method, parts) switch
        {
            ("GET", ["api", "categories"]) => Json(new { items = Categories, next = (string?)null })(http),
            ("GET", ["api", "categories", var slug]) when FarCategories.Find(c => (string)c.GetType().GetProperty("slug")!.GetValue(c)! == slug) is { } category => Json(category)(http),
            ("GET", ["api", "tags", var tag]) when Articles.Count > 0 => Json(new { tag })(http),
            ("GET", ["api", "authors", "sara"]) => Json(new { slug = "sara", names = new { ar = "سارة الخطيب", en = "Sara Al-Khatib" } })(http),
            ("GET", ["api", "articles"]) => Json(new { items = Articles, next = Next })(http),
            ("GET", ["api", "sitemap", "months"]) => Json(new { items = Months })(http),
            ("GET", ["api", "sitemap", "articles"]) => Json(new { items = Addresses })(http),
            ("GET", ["api", "articles", "by-slug", var slug]) => BySlug(http, slug, article => article),
            ("GET", ["api", "pages", "articles", var slug]) => BySlug(http, slug, article => new { article, related = Related, categories = Categories, leadPicture = LeadPicture }),
            ("GET", ["api", "articles", _, "comments"]) => Json(new { items = Comments, next = Next, total = Comments.Count, open = Open })(http),
            ("GET", ["api", "comments", _]) when Comments.Count > 0 => Json(Comments[0])(http),
            _ => Problem(404, "resource.notFound")(http),
        });
    }

    private Task BySlug(HttpContext http, string slug, Func<object, object> answer)
    {
        if (Withdrawn.Contains(slug)) return Problem(410, "article.withdrawn")(http);
        if (Moved.TryGetValue(slug, out var location))
        {
            http.Response.Headers.Location = location;
            http.Response.StatusCode = (int)HttpStatusCode.MovedPermanently;
            return Task.CompletedTask;
        }
        return Articles.FirstOrDefault(a => (string)a.GetType().GetProperty("slug")!.GetValue(a)! == slug) is { } article ? Json(answer(article))(http) : Problem(404, "article.notFound")(http);
    }

    private static Task Write(HttpContext http, int status, object body, string type)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(body, options: null, contentType: type);
    }
}
