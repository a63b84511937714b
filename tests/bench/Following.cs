using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Bench;

/// <summary>Readers follow one thread live: how soon all of them hear of a comment, and what many of them cost in memory.</summary>
public sealed class Following(Options options, Commenting commenting)
{
    public async Task Run()
    {
        Table.Say("live streams");
        var article = await commenting.Thread(0);
        var rows = new List<IReadOnlyList<string>>();
        foreach (var (way, port) in new[] { ("at the service", Target.PortOf("comments")), ("through the gateway", Target.Port) })
            rows.Add(await Latency(way, port, article));
        Table.Print($"{options.Followers:N0} streams of one thread, 10 comments/s", ["first p50 ms", "last p50 ms", "last p99 ms", "heard", "of"], rows);

        var comments = Target.PidOf("comments");
        var (before, ownBefore) = (Machine.Resident(comments).Now, Machine.Own(comments));
        var streams = await Follow(Target.PortOf("comments"), article, options.Streams);
        await Task.Delay(TimeSpan.FromSeconds(5));
        var (idle, ownIdle) = (Machine.Resident(comments).Now, Machine.Own(comments));
        var posted = DateTime.UtcNow;
        for (var i = 0; i < 20; i++) await commenting.PostOne(article);
        while (DateTime.UtcNow - posted < TimeSpan.FromSeconds(60) && streams.Any(s => s.Heard.Count < 20)) await Task.Delay(50);
        Table.Print("resident MB of Comments", ["before", "streams open", "after 20 comments", "streams that heard all", "aim"],
            [[$"{options.Streams:N0} streams", $"{before:N0}", $"{idle:N0}", $"{Machine.Resident(comments).Now:N0}", $"{streams.Count(s => s.Heard.Count >= 20)}", "300"],
             ["of it its own", $"{ownBefore:N0}", $"{ownIdle:N0}", $"{Machine.Own(comments):N0}", "", ""]]);
        foreach (var stream in streams) stream.Dispose();
    }

    private async Task<IReadOnlyList<string>> Latency(string way, int port, string article)
    {
        var streams = await Follow(port, article, options.Followers);
        var (first, last) = (new List<double>(), new List<double>());
        var count = options.Quick ? 10 : 50;
        var heard = 0L;
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await commenting.PostOne(article);
            await Task.Delay(100);
            for (var waited = 0; waited < 100 && streams.Any(s => s.Heard.Count <= i); waited++) await Task.Delay(20);
            double[] times = [.. streams.Where(s => s.Heard.Count > i).Select(s => Stopwatch.GetElapsedTime(start, s.Heard[i]).TotalMilliseconds)];
            heard += times.Length;
            if (times.Length == 0) continue;
            first.Add(times.Min());
            last.Add(times.Max());
        }
        foreach (var stream in streams) stream.Dispose();
        return [way, $"{first.Median():N1}", $"{last.Median():N1}", $"{last.Order().ElementAtOrDefault((int)(last.Count * 0.99)):N1}", $"{heard:N0}", $"{(long)count * options.Followers:N0}"];
    }

    private static async Task<List<Stream>> Follow(int port, string article, int count)
    {
        var streams = new List<Stream>();
        foreach (var wave in Enumerable.Range(0, count).Chunk(50))
            streams.AddRange(await Task.WhenAll(wave.Select(_ => Stream.Open(port, article))));
        return streams;
    }

    /// <summary>One stream over a socket of its own; notes when it heard of a published comment.</summary>
    private sealed class Stream : IDisposable
    {
        private static readonly byte[] Published = Encoding.ASCII.GetBytes("event: published");
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        /// <summary>Timestamps.</summary>
        public List<long> Heard { get; } = [];

        public static async Task<Stream> Open(int port, string article)
        {
            var stream = new Stream();
            await stream._socket.ConnectAsync(IPAddress.Loopback, port);
            await stream._socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/articles/{article}/comments/live HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"));
            var buffer = new byte[2048];
            var read = await stream._socket.ReceiveAsync(buffer);
            if (!Encoding.ASCII.GetString(buffer, 0, read).StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) throw new InvalidOperationException("No stream: " + Encoding.ASCII.GetString(buffer, 0, read));
            _ = stream.Listen(buffer);
            return stream;
        }

        private async Task Listen(byte[] buffer)
        {
            try
            {
                for (int read; (read = await _socket.ReceiveAsync(buffer)) > 0;)
                    for (var rest = buffer.AsSpan(0, read); rest.IndexOf(Published) is >= 0 and var at; rest = rest[(at + Published.Length)..]) Heard.Add(Stopwatch.GetTimestamp());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException) { }   // closed
        }

        public void Dispose() => _socket.Dispose();
    }
}
