using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Testing;

/// <summary>A request that the sink got.</summary>
public sealed record SinkRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset At);

/// <summary>A small real HTTP server on loopback that keeps what it gets and answers as it is told.</summary>
public sealed class HttpSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SinkRequest> _requests = new();
    private long _accepted;

    private HttpSink(bool keep, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(async http =>
        {
            if (keep)
            {
                using var body = new MemoryStream();
                await http.Request.Body.CopyToAsync(body, http.RequestAborted);
                var request = new SinkRequest(http.Request.Method, http.Request.Path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray(), DateTimeOffset.UtcNow);
                _requests.Enqueue(request);
            }
            Interlocked.Increment(ref _accepted);
            if (OnRequest is { } answer) await answer(http);
        });
    }

    /// <param name="keep">False: it counts only (for measuring).</param>
    /// <param name="port">0 takes a free one.</param>
    public static async Task<HttpSink> Start(bool keep = true, int port = 0)
    {
        var sink = new HttpSink(keep, port);
        await sink._app.StartAsync();
        sink.Address = new Uri(sink._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return sink;
    }

    public Uri Address { get; private set; } = null!;

    /// <summary>How it answers; null is 200.</summary>
    public Func<HttpContext, Task>? OnRequest { get; set; }

    /// <summary>Requests so far.</summary>
    public long Count => Interlocked.Read(ref _accepted);

    /// <summary>The requests so far to this path, in order.</summary>
    public IReadOnlyList<SinkRequest> To(string path) => [.. _requests.Where(r => r.Path == path)];

    /// <summary>Answers one path with a status.</summary>
    public void Answer(string path, int status, Action<HttpResponse>? with = null) => OnRequest = http =>
    {
        if (http.Request.Path != path) return Task.CompletedTask;
        http.Response.StatusCode = status;
        with?.Invoke(http.Response);
        return Task.CompletedTask;
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
