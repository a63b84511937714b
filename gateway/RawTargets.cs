using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Platform.Gateway;

/// <summary>
/// Takes an address in bytes that nobody has percent-encoded, as people type it into a terminal (<c>curl …/articles/خبر</c>): Kestrel refuses those.
/// Only the first request of a connection is looked at; whoever keeps connections open encodes. All others cost one look at their first line.
/// </summary>
public static class RawTargets
{
    /// <summary>How long a connection may stay silent before Kestrel's own limits take over.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static void UseRawTargets(this ListenOptions listen) => listen.Use(next => connection => Serve(connection, next));

    private static async Task Serve(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        if (!await StartsRaw(transport.Input, connection.ConnectionClosed))
        {
            await next(connection);
            return;
        }
        var pipe = new Pipe();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        var copying = Copy(transport.Input, pipe.Writer, over.Token);
        connection.Transport = new Duplex(pipe.Reader, transport.Output);
        try
        {
            await next(connection);
        }
        finally
        {
            await over.CancelAsync();
            await copying;
            connection.Transport = transport;
        }
    }

    /// <summary>Looks at what comes first, and takes nothing: whatever is no raw address is Kestrel's to read, at its pace and with its limits.</summary>
    private static async Task<bool> StartsRaw(PipeReader input, CancellationToken closed)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(closed);
        patience.CancelAfter(Patience);
        try
        {
            var read = await input.ReadAsync(patience.Token);
            var line = read.Buffer.PositionOf((byte)'\n') is { } end ? read.Buffer.Slice(0, end) : read.Buffer;
            var raw = false;
            foreach (var segment in line) raw = raw || !Ascii.IsValid(segment.Span);
            input.AdvanceTo(read.Buffer.Start);
            return raw;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return false;
        }
    }

    /// <summary>Passes on what comes; up to the end of the first line, bytes that are not ASCII percent-encoded.</summary>
    private static async Task Copy(PipeReader from, PipeWriter to, CancellationToken ct)
    {
        Exception? failure = null;
        try
        {
            for (var inLine = true; inLine;)
            {
                var read = await from.ReadAsync(ct);
                foreach (var b in read.Buffer.ToArray())
                {
                    inLine = inLine && b != '\n';
                    to.Write(inLine && b >= 0x80 ? Encoding.ASCII.GetBytes("%" + b.ToString("X2", CultureInfo.InvariantCulture)) : [b]);
                }
                from.AdvanceTo(read.Buffer.End);
                await to.FlushAsync(ct);
                if (read.IsCompleted) break;
            }
            await from.CopyToAsync(to, ct);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            failure = e as IOException;
        }
        await to.CompleteAsync(failure);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
