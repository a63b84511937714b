using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Primitives;
using Platform.Testing;

namespace Platform.Bench;

/// <summary>Kestrel and nothing else, in a process of its own: answers every request with one recorded answer. What a server can do at best here.</summary>
public sealed class BareServer : IDisposable
{
    private readonly Process _process;
    private readonly string _recorded = Path.GetTempFileName();

    /// <param name="answer">Head and body as they came over the wire, the body not chunked.</param>
    public BareServer(int port, ReadOnlySpan<byte> answer)
    {
        Port = port;
        File.WriteAllBytes(_recorded, answer);
        var start = new ProcessStartInfo("dotnet", [typeof(BareServer).Assembly.Location, "--bare", port.ToString(CultureInfo.InvariantCulture), _recorded]);
        start.Environment["DOTNET_GCConserveMemory"] = "5";     // as deploy/up starts the services
        _process = Process.Start(start)!;
    }

    public int Port { get; }
    public int Pid => _process.Id;

    public Task Ready() => Eventually.True(() => { using var connection = new Connection(Port); return connection.Exchange("GET / HTTP/1.1\r\nHost: bare\r\n\r\n"u8) == 200; }, "the bare server");

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
        File.Delete(_recorded);
    }

    /// <summary>The server's process.</summary>
    public static async Task Run(int port, string recorded)
    {
        var answer = await File.ReadAllBytesAsync(recorded);
        var head = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        var body = answer.AsMemory(head + 4);
        KeyValuePair<string, StringValues>[] headers = [.. Encoding.ASCII.GetString(answer, 0, head).Split("\r\n").Skip(1).Select(line => line.Split(": ", 2))
            .Where(field => field[0] is not ("Date" or "Content-Length" or "Transfer-Encoding")).GroupBy(field => field[0], field => field[1])
            .Select(field => KeyValuePair.Create(field.Key, new StringValues([.. field])))];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => { k.AddServerHeader = false; k.Listen(IPAddress.Loopback, port); });
        await using var app = builder.Build();
        app.Run(http =>
        {
            foreach (var (name, value) in headers) http.Response.Headers[name] = value;
            http.Response.ContentLength = body.Length;
            return http.Response.Body.WriteAsync(body).AsTask();
        });
        await app.RunAsync();
    }
}
