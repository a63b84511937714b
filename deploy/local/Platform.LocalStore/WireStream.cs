using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Platform.LocalStore;

/// <summary>Messages in, replies out, over one socket; bounded in size and in time.</summary>
internal sealed class WireStream : IAsyncDisposable
{
    /// <summary>A message that has begun must be there after this time, and a reply must be taken.</summary>
    public static readonly TimeSpan TransferTime = TimeSpan.FromSeconds(30);

    /// <summary>A connection without any message is closed after this time; drivers themselves drop one after 10 minutes.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(30);

    /// <summary>The same for a client that has not said who he is; drivers keep such a one to say hello every 10 s.</summary>
    public static readonly TimeSpan StrangerIdleTime = TimeSpan.FromMinutes(1);

    /// <summary>Messages above this size are read and served a few at a time, so that memory stays bounded whatever comes.</summary>
    private const int Large = 1024 * 1024;
    private static readonly SemaphoreSlim LargeSlots = new(8);
    private static int _replies;

    private readonly NetworkStream _stream;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private bool _holdsSlot;

    public WireStream(Socket socket)
    {
        socket.NoDelay = true;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _input = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, useZeroByteReads: true));
        _output = PipeWriter.Create(_stream);
    }

    /// <summary>The next message; null when the client has closed.</summary>
    /// <param name="stranger">The client has not said who he is: he gets less time, and small messages only.</param>
    /// <exception cref="WireException">The bytes are no message.</exception>
    /// <exception cref="OperationCanceledException">It did not come in time, or the server stops.</exception>
    public async Task<WireMessage?> Read(bool stranger, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(stranger ? StrangerIdleTime : IdleTime);
        var first = await _input.ReadAtLeastAsync(WireMessage.HeaderLength, patience.Token);
        if (first.Buffer.Length < WireMessage.HeaderLength) return null;
        var length = Length(first.Buffer, stranger ? WireMessage.MaxUnauthenticated : WireMessage.MaxLength);
        _input.AdvanceTo(first.Buffer.Start, first.Buffer.Start);

        patience.CancelAfter(TransferTime);
        if (length > Large)
        {
            await LargeSlots.WaitAsync(patience.Token);
            _holdsSlot = true;
        }
        var whole = await _input.ReadAtLeastAsync(length, patience.Token);
        if (whole.Buffer.Length < length) return null;
        var message = whole.Buffer.Slice(0, length).ToArray();
        _input.AdvanceTo(whole.Buffer.GetPosition(length));
        return WireMessage.Parse(message);
    }

    /// <summary>Sends a reply. False when the client has gone.</summary>
    public async Task<bool> Reply(WireMessage to, byte[] document, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(TransferTime);
        Head(to, document.Length);
        return !(await _output.WriteAsync(document, patience.Token)).IsCompleted;
    }

    /// <summary>To be called when a message has been dealt with.</summary>
    public void Done()
    {
        if (!_holdsSlot) return;
        _holdsSlot = false;
        LargeSlots.Release();
    }

    public async ValueTask DisposeAsync()
    {
        Done();
        await _input.CompleteAsync();
        await _stream.DisposeAsync();
    }

    private void Head(WireMessage to, int length)
    {
        const int msgExtra = 4 + 1, replyExtra = 4 + 8 + 4 + 4;
        var total = WireMessage.HeaderLength + (to.Legacy ? replyExtra : msgExtra);
        var head = _output.GetSpan(total)[..total];
        head.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(head, total + length);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], Interlocked.Increment(ref _replies));
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], to.Id);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], to.Legacy ? WireMessage.OpReply : WireMessage.OpMsg);
        if (to.Legacy)
        {
            const int awaitCapable = 8;
            BinaryPrimitives.WriteInt32LittleEndian(head[16..], awaitCapable);
            BinaryPrimitives.WriteInt32LittleEndian(head[32..], 1); // one document
        }
        _output.Advance(total);
    }

    private static int Length(in ReadOnlySequence<byte> buffer, int most)
    {
        Span<byte> head = stackalloc byte[4];
        buffer.Slice(0, 4).CopyTo(head);
        return WireMessage.Length(head, most);
    }
}
