using System.Net;
using System.Net.Sockets;
using Platform.Notifications.Outbound;
using Platform.Testing;

namespace Platform.Notifications.Tests;

/// <summary>What a slow or a huge answer of a stranger may cost.</summary>
public sealed class OutboundHttpTests
{
    [Fact]
    public async Task Who_says_nothing_for_15_seconds_is_left()
    {
        await using var server = await HttpSink.Start();
        var left = new TaskCompletionSource();
        server.OnRequest = http => Hang(http.RequestAborted, left);
        var clock = new TurnedClock();
        using var http = Outbound(clock);
        var sending = Send(http, server);
        await Eventually.True(() => server.Count == 1, "the request to arrive");

        clock.Turn(OutboundHttp.Limit - TimeSpan.FromMilliseconds(1));
        sending.IsCompleted.ShouldBeFalse();
        clock.Turn(TimeSpan.FromMilliseconds(1));
        var outcome = await sending.WaitAsync(TimeSpan.FromSeconds(30));
        (outcome.Status, outcome.Reason).ShouldBe((null, "no answer in time"));
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Who_answers_and_then_drips_is_left_after_15_seconds_and_the_answer_counts()
    {
        await using var server = await HttpSink.Start();
        var left = new TaskCompletionSource();
        server.OnRequest = async http =>
        {
            await http.Response.Body.WriteAsync(new byte[1], http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Hang(http.RequestAborted, left);
        };
        var clock = new TurnedClock();
        using var http = Outbound(clock);
        var sending = Send(http, server);
        await Eventually.True(() => server.Count == 1, "the request to arrive");

        clock.Turn(OutboundHttp.Limit);
        (await sending.WaitAsync(TimeSpan.FromSeconds(30))).Status.ShouldBeOneOf(HttpStatusCode.OK, null);   // null where the clock was quicker than the first byte
        await left.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Of_an_endless_answer_no_more_is_taken_than_64_KB_and_what_lies_in_buffers()
    {
        // A bare socket: what it has sent was taken by the other side or by the system's buffers, while a web server writes on into nothing for a while.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var written = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            await socket.SendAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
            for (var (total, piece) = (0L, new byte[16 * 1024]); ;)
            {
                try { total += await socket.SendAsync(piece); }
                catch (SocketException) { return total; }
            }
        });
        using var http = Outbound(new TurnedClock());   // it stands still: the size alone ends it
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{listener.LocalEndpoint}/") { Content = new ByteArrayContent([1]) };
        (await http.Send(request)).IsSuccess.ShouldBeTrue();
        (await written.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeLessThan(16 * 1024 * 1024);
    }

    private static async Task Hang(CancellationToken aborted, TaskCompletionSource left)
    {
        try { await Task.Delay(Timeout.Infinite, aborted); }
        catch (OperationCanceledException) { left.SetResult(); }
    }

    private static OutboundHttp Outbound(TimeProvider clock) => new(OutboundRules.Parse("127.0.0.0/8"), clock);

    private static async Task<HttpOutcome> Send(OutboundHttp http, HttpSink server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Address) { Content = new ByteArrayContent([1]) };
        return await http.Send(request);
    }

    /// <summary>Stands still until it is turned.</summary>
    private sealed class TurnedClock : TimeProvider
    {
        private readonly List<Waiting> _waiting = [];
        private long _now;

        public void Turn(TimeSpan by)
        {
            List<Waiting> due;
            lock (_waiting)
            {
                _now += by.Ticks;
                due = [.. _waiting.Where(w => w.At <= _now)];
                _waiting.RemoveAll(due.Contains);
            }
            foreach (var one in due) one.Ring();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_waiting)
            {
                var timer = new Waiting(this, _now + dueTime.Ticks, () => callback(state));
                if (dueTime >= TimeSpan.Zero) _waiting.Add(timer);
                return timer;
            }
        }

        private sealed record Waiting(TurnedClock Clock, long At, Action Ring) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
                lock (Clock._waiting) Clock._waiting.Remove(this);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
