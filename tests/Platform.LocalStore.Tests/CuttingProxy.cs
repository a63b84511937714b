using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Platform.LocalStore.Tests;

/// <summary>Stands between driver and gateway, and cuts the connection around one command: before it is passed on, or before its reply is.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;
    private readonly string _password;
    private readonly Task _accepting;
    private Trap? _trap;

    public CuttingProxy(StoreInstance store)
    {
        (_target, _password) = (store.Gateway, store.Password("admin"));
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>For a driver that must not look for other members: it would find the gateway itself.</summary>
    public string Uri => $"mongodb://admin:{_password}@{_listener.LocalEndpoint}/?directConnection=true&retryWrites=true&retryReads=true&maxPoolSize=1";

    /// <summary>How often the armed command was seen, retries included.</summary>
    public int Seen { get; private set; }

    /// <summary>The next command of this name loses its connection, once.</summary>
    /// <param name="answered">True: it has been carried out, and its reply is lost. False: it never arrives.</param>
    /// <param name="meanwhile">Done between the reply and the cut.</param>
    public void Arm(string command, bool answered, Func<Task>? meanwhile = null)
    {
        Seen = 0;
        _trap = new(command, answered, meanwhile ?? (() => Task.CompletedTask));
    }

    private async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // stopped
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        try
        {
            await server.ConnectAsync(_target);
            var (down, up) = (client.GetStream(), server.GetStream());
            while (await Read(down) is { } request)
            {
                var command = WireMessage.Parse(request).Name;
                if (string.Equals(command, _trap?.Command, StringComparison.Ordinal)) Seen++;
                var trap = string.Equals(command, _trap?.Command, StringComparison.Ordinal) && Seen == 1 ? _trap : null;
                if (trap is { Answered: false }) return;
                await up.WriteAsync(request);
                var reply = await Read(up);
                if (trap is not null)
                {
                    await trap.Meanwhile();
                    return;
                }
                if (reply is null) return;
                await down.WriteAsync(reply);
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // one of the two went away
        }
        finally
        {
            client.Dispose();
        }
    }

    private static async Task<byte[]?> Read(NetworkStream from)
    {
        var head = new byte[4];
        try
        {
            await from.ReadExactlyAsync(head);
        }
        catch (EndOfStreamException)
        {
            return null;
        }
        var message = new byte[BinaryPrimitives.ReadInt32LittleEndian(head)];
        head.CopyTo(message, 0);
        await from.ReadExactlyAsync(message.AsMemory(4));
        return message;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private sealed record Trap(string Command, bool Answered, Func<Task> Meanwhile);
}
