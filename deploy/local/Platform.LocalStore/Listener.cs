using System.Net;
using System.Net.Sockets;

namespace Platform.LocalStore;

/// <summary>Accepts connections and serves each until its client closes it, up to a number of them at once.</summary>
/// <param name="maxConnections">Connections served at once; one above that gets an error for an answer and is closed.</param>
internal sealed class Listener(IPEndPoint endpoint, Commands commands, Users users, int maxConnections = 1000)
{
    private static readonly TimeSpan GracePeriod = TimeSpan.FromSeconds(5);
    private int _open, _numbers;

    /// <summary>Serves until cancelled; then lets commands that are under way end, for a few seconds.</summary>
    public async Task Run(CancellationToken stopping)
    {
        using var listener = new TcpListener(endpoint);
        listener.Start(512);
        Log($"listening on {endpoint}");
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stopping);
                _ = Serve(socket, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            listener.Stop();
        }
        for (var wait = GracePeriod; _open > 0 && wait > TimeSpan.Zero; wait -= TimeSpan.FromMilliseconds(20))
            await Task.Delay(20, CancellationToken.None);
        Log("stopped");
    }

    private async Task Serve(Socket socket, CancellationToken stopping)
    {
        var number = Interlocked.Increment(ref _numbers);
        var full = Interlocked.Increment(ref _open) > maxConnections;
        try
        {
            await Task.Yield();
            await using var stream = new WireStream(socket);
            var caller = new Caller(users, number);
            while (await stream.Read(stranger: caller.User is null, stopping) is { } request)
            {
                var reply = full ? TooMany() : await Answer(request, caller);
                if (!request.Unacknowledged && !await stream.Reply(request, reply, stopping)) return;
                stream.Done();
                if (full) return;
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, was too slow, or the server stops: nobody is left to be told.
        }
        catch (WireException wrong)
        {
            Log($"connection {number} closed: {wrong.Message}");
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>A command that has begun is carried through even when its client goes: the client will ask what became of it.</summary>
    private async Task<byte[]> Answer(WireMessage request, Caller caller)
    {
        try
        {
            return await commands.Run(request, caller, CancellationToken.None);
        }
        catch (Exception problem)
        {
            var error = StoreError.From(problem, request);
            if (error.Code is StoreError.InternalError) Log($"{request.Name}: {problem.GetType().Name}: {problem.Message}");
            return error.ToBson();
        }
    }

    private byte[] TooMany() =>
        new StoreError(StoreError.TooManyConnections, $"too many connections: the local store serves at most {maxConnections} at once").ToBson();

    private static void Log(string text) => Console.WriteLine($"{DateTime.UtcNow:O} {text}");
}
