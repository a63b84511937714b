using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Platform.Bench;

/// <summary>One HTTP/1.1 connection to loopback that is kept alive; as lean as it can be, for servers that behave.</summary>
public sealed class Connection(int port) : IDisposable
{
    private byte[] _buffer = new byte[256 * 1024];
    private Socket? _socket;
    private int _filled;

    /// <summary>The answer as it came over the wire.</summary>
    public ReadOnlySpan<byte> Answer => _buffer.AsSpan(0, _filled);

    /// <summary>Length of the head in <see cref="Answer"/>, with its empty line.</summary>
    public int Head { get; private set; }

    /// <returns>The status; 0 where no whole answer came within 10 s, or the connection was lost.</returns>
    public int Exchange(ReadOnlySpan<byte> request)
    {
        try
        {
            _socket ??= Open();
            for (var sent = 0; sent < request.Length;) sent += _socket.Send(request[sent..]);
            _filled = Head = 0;
            int end;
            while ((end = Answer.IndexOf("\r\n\r\n"u8)) < 0) Read();
            Head = end + 4;
            var status = int.Parse(Answer.Slice(9, 3));
            if (status is not (204 or 304)) ReadBody();
            if (Field("\r\nConnection: "u8).StartsWith("close"u8)) Dispose();
            return status;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            Dispose();
            return 0;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 10_000, SendTimeout = 10_000 };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private void ReadBody()
    {
        if (Utf8Parser.TryParse(Field("\r\nContent-Length: "u8), out int length, out _))
        {
            while (_filled < Head + length) Read();
            return;
        }
        if (!Field("\r\nTransfer-Encoding: "u8).StartsWith("chunked"u8)) throw new IOException("An answer without length.");
        for (var at = Head; ;)
        {
            int line;
            while ((line = Answer[at..].IndexOf("\r\n"u8)) < 0) Read();
            if (!Utf8Parser.TryParse(Answer.Slice(at, line), out int size, out _, 'x')) throw new IOException("Not a chunk.");
            at += line + 2 + size + 2;
            while (_filled < at) Read();
            if (size == 0) return;
        }
    }

    private void Read()
    {
        if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = _socket!.Receive(_buffer.AsSpan(_filled));
        _filled += read > 0 ? read : throw new IOException("The server closed the connection.");
    }

    /// <param name="name">As Kestrel writes it, between the line break before it and the space after it.</param>
    private ReadOnlySpan<byte> Field(ReadOnlySpan<byte> name)
    {
        var head = Answer[..Head];
        var at = head.IndexOf(name);
        if (at < 0) return [];
        var value = head[(at + name.Length)..];
        return value[..value.IndexOf((byte)'\r')];
    }
}
