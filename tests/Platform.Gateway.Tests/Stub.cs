using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.Gateway.Tests;

/// <summary>Stands in for a part: answers as a test wants, and remembers what it was asked.</summary>
public sealed class Stub(string name) : IAsyncDisposable
{
    private WebApplication? _app;
    private readonly ConcurrentQueue<Asked> _asked = new();

    /// <param name="Headers">By name, case-insensitive.</param>
    public sealed record Asked(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);

    public string Name => name;

    public int Port { get; private set; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>What it answers; the body of the request has been read.</summary>
    public Func<HttpContext, Task> Answers { get; set; } = null!;

    /// <summary>Answers nothing at all, as a stopped process does.</summary>
    public bool Hangs { get; set; }

    /// <summary>What it was asked, without the health checks.</summary>
    public IReadOnlyList<Asked> Requests => [.. _asked];

    public Asked Last => _asked.Last();

    public int Count(string path) => _asked.Count(a => a.Target.Split('?')[0] == path);

    /// <summary>Starts it, at its old port where it had one.</summary>
    public async Task Start()
    {
        Reset();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => { k.Listen(IPAddress.Loopback, Port); k.Limits.MaxRequestBodySize = null; });
        _app = builder.Build();
        _app.Run(Handle);
        await _app.StartAsync();
        Port = new Uri(_app.Urls.Single()).Port;
    }

    public void Reset()
    {
        _asked.Clear();
        Hangs = false;
        Answers = http => Text(http, $"{name} {http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
    }

    public async Task Stop()
    {
        if (_app is null) return;
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync() => await Stop();

    public static Task Text(HttpContext http, string text, string type = "text/plain; charset=utf-8")
    {
        var body = Encoding.UTF8.GetBytes(text);
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, 0, body.Length);
    }

    /// <summary>An answer that may be kept, under these tags.</summary>
    public static Task Tagged(HttpContext http, string text, params string[] tags)
    {
        http.Response.Headers["Cache-Tag"] = string.Join(',', tags);
        http.Response.Headers.CacheControl = "public, max-age=0, s-maxage=5, stale-while-revalidate=30";
        return Text(http, text, "text/html; charset=utf-8");
    }

    private async Task Handle(HttpContext http)
    {
        if (Hangs) await Task.Delay(Timeout.Infinite, http.RequestAborted);
        if (http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)) return;
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        _asked.Enqueue(new Asked(http.Request.Method, http.Features.Get<IHttpRequestFeature>()!.RawTarget, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
        await Answers(http);
    }
}
