using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Gateway.Caching;
using Platform.Testing;
using Xunit;

namespace Platform.Gateway.Tests;

/// <summary>The gateway on a real port, before parts that are stubs, with a real broker.</summary>
public class GatewayFixture : ServiceFixture<Program>
{
    public const string Session = "ses_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Token = "pat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", Unknown = "pat_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB";

    public Stub Accounts { get; } = new("accounts");
    public Stub Articles { get; } = new("articles");
    public Stub Comments { get; } = new("comments");
    public Stub Notifications { get; } = new("notifications");
    public Stub Web { get; } = new("web");
    public IReadOnlyList<Stub> Parts => [Accounts, Articles, Comments, Notifications, Web];

    /// <summary>Credentials that the stub of Accounts knows, with their JWTs.</summary>
    public ConcurrentDictionary<string, string> Known { get; } = new();

    public int Introspections => Accounts.Count("/internal/introspect");

    public AnswerCache Cache => Services.GetRequiredService<AnswerCache>();

    public Moved Time { get; } = new();

    protected override TimeProvider? Clock => Time;

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        .. Parts.Select(p => new KeyValuePair<string, string?>(p.Name.ToUpperInvariant() + "_URL", p.Address.ToString())),
        new("PLATFORM_RATE_READS", "0"),
        new("PLATFORM_RATE_WRITES", "0"),
    ];

    public override async ValueTask InitializeAsync()
    {
        foreach (var part in Parts) await part.Start();
        Reset();
        await base.InitializeAsync();
        await InTouch();
    }

    /// <summary>Parts as they were at the start, up and polite; nothing kept.</summary>
    public void Reset()
    {
        foreach (var part in Parts) part.Reset();
        Known.Clear();
        Known[Session] = "jwt-of-session";
        Known[Token] = "jwt-of-token";
        Accounts.Answers = http => http.Request.Path == "/internal/introspect" ? Introspect(http) : Stub.Text(http, $"accounts {http.Request.Method} {http.Request.Path}");
    }

    public Task InTouch() => Eventually.True(() => Cache.InTouch, "the cache to be in touch with the broker");

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? bearer = null, string? cookie = null, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var client = Client();
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (bearer is not null) request.Headers.TryAddWithoutValidation("Authorization", bearer.Contains(' ') ? bearer : "Bearer " + bearer);
        if (cookie is not null) request.Headers.TryAddWithoutValidation("Cookie", cookie);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, headers: headers);

    public async Task<string> Text(string path, params (string Name, string Value)[] headers) => await (await Get(path, headers)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    /// <summary>Sends bytes as they are, and reads until the server closes or has nothing more to say.</summary>
    public async Task<string> Raw(string request) => await Raw(Encoding.Latin1.GetBytes(request));

    public async Task<string> Raw(byte[] request)
    {
        using var client = Client();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        await stream.WriteAsync(request, TestContext.Current.CancellationToken);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = new StringBuilder();
        var buffer = new char[4096];
        try
        {
            for (int read; (read = await reader.ReadAsync(buffer, limit.Token)) > 0;) answer.Append(buffer, 0, read);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // What has come is what counts.
        }
        return answer.ToString();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        foreach (var part in Parts) await part.DisposeAsync();
    }

    private async Task Introspect(HttpContext http)
    {
        var token = Uri.UnescapeDataString(Accounts.Last.Body.Split('&')[0]["token=".Length..]);
        await http.Response.WriteAsJsonAsync(Known.TryGetValue(token, out var jwt) ? new { active = true, sub = Guid.NewGuid(), jwt } : (object)new { active = false });
    }
}

/// <summary>The real time, and as much later as a test wants; timers run as ever.</summary>
public sealed class Moved : TimeProvider
{
    private long _later;

    public void Later(TimeSpan time) => Interlocked.Add(ref _later, (long)(time.TotalSeconds * TimestampFrequency));

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _later);
}
