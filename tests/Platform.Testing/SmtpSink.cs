using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.Testing;

/// <summary>Who a mail goes to, as the client has said so far.</summary>
public sealed record SmtpEnvelope(string From, IReadOnlyList<string> To);

/// <summary>A mail that the sink said 250 to, or took before it dropped the connection.</summary>
/// <param name="Raw">The message as it was sent, without dot-stuffing; empty where the sink only counts.</param>
public sealed record SinkMail(string From, IReadOnlyList<string> To, ReadOnlyMemory<byte> Raw, DateTimeOffset At);

/// <summary>What the sink does instead of accepting.</summary>
public sealed record SinkAnswer
{
    private SinkAnswer() { }

    internal string? Line { get; private init; }
    internal bool Take { get; private init; }
    internal bool Close { get; private init; }

    public static readonly SinkAnswer Accept = new() { Line = "250 2.0.0 taken", Take = true };

    /// <summary>Never answers; the connection stays open.</summary>
    public static readonly SinkAnswer Hang = new();

    /// <summary>Closes the connection without an answer and takes nothing.</summary>
    public static readonly SinkAnswer Drop = new() { Close = true };

    /// <summary>Takes the mail, and closes the connection without saying so.</summary>
    public static readonly SinkAnswer TakeAndDrop = new() { Take = true, Close = true };

    /// <summary>Such as <c>451 4.3.0 later</c>; after a 421 it closes the connection.</summary>
    public static SinkAnswer Reply(string line) => new() { Line = line, Close = line.StartsWith("421", StringComparison.Ordinal) };
}

/// <summary>
/// A small real SMTP server on loopback (RFC 5321; PIPELINING, 8BITMIME, SMTPUTF8) that delivers nothing.
/// Its own record of what it took is the truth that tests compare a ledger with.
/// </summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private static readonly byte[] EndOfData = "\r\n.\r\n"u8.ToArray(), NewLine = "\r\n"u8.ToArray();
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<SinkMail> _mails = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private long _accepted, _connections;

    /// <param name="port">0 takes a free one.</param>
    /// <param name="keep">See <see cref="Keep"/>.</param>
    public SmtpSink(int port = 0, bool keep = true)
    {
        Keep = keep;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>SMTP_URI for a service.</summary>
    public string Uri => $"smtp://127.0.0.1:{Port}";

    /// <summary>False: it remembers the recipients, and throws the messages away (for measuring).</summary>
    public bool Keep { get; set; }

    /// <summary>Asked at each RCPT TO; null accepts.</summary>
    public Func<SmtpEnvelope, SinkAnswer>? OnRecipient { get; set; }

    /// <summary>Asked after the end of the data; null accepts.</summary>
    public Func<SmtpEnvelope, SinkAnswer>? OnData { get; set; }

    /// <summary>How long it takes over a mail before it answers, as a server does that writes to its disk.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Mails taken so far.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Connections opened so far.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>The mails taken so far, in order.</summary>
    public IReadOnlyList<SinkMail> Mails => [.. _mails];

    /// <summary>The mails taken for one recipient.</summary>
    public IReadOnlyList<SinkMail> For(string address) => [.. _mails.Where(m => m.To.Contains(address, StringComparer.OrdinalIgnoreCase))];

    /// <summary>The first mail for a recipient, however long it takes.</summary>
    public Task<SinkMail> MailFor(string address) => Eventually.Get(() => Task.FromResult(For(address).FirstOrDefault()), $"a mail to {address}");

    /// <summary>Cuts every connection that is open now.</summary>
    public void Cut()
    {
        foreach (var socket in _open.Keys) socket.Close(0);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Cut();
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _ = Serve(socket);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException) { }
    }

    private async Task Serve(Socket socket)
    {
        socket.NoDelay = true;
        _open[socket] = 0;
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await new Session(this, PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024)), PipeWriter.Create(stream)).Run(_stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException) { }
        finally { _open.TryRemove(socket, out _); }
    }

    private void Take(SmtpEnvelope envelope, ReadOnlyMemory<byte> raw)
    {
        _mails.Enqueue(new SinkMail(envelope.From, envelope.To, raw, DateTimeOffset.UtcNow));
        Interlocked.Increment(ref _accepted);
    }

    /// <summary>One connection. Replies are flushed when the client has nothing more in the pipe (RFC 2920).</summary>
    private sealed class Session(SmtpSink sink, PipeReader reader, PipeWriter writer)
    {
        private string? _from;
        private List<string> _to = [];
        private bool _data, _done, _took;

        public async Task Run(CancellationToken ct)
        {
            Say("220 sink ESMTP");
            await writer.FlushAsync(ct);
            while (!_done)
            {
                var read = await reader.ReadAsync(ct);
                var buffer = read.Buffer;
                while (!_done && (_data ? TryData(ref buffer) : TryCommand(ref buffer))) { }
                reader.AdvanceTo(buffer.Start, buffer.End);
                if (_took && sink.Latency > TimeSpan.Zero) await Task.Delay(sink.Latency, ct);
                _took = false;
                await writer.FlushAsync(ct);
                if (read.IsCompleted) return;
            }
        }

        private bool TryCommand(ref ReadOnlySequence<byte> buffer)
        {
            var parts = new SequenceReader<byte>(buffer);
            if (!parts.TryReadTo(out ReadOnlySequence<byte> bytes, NewLine)) return false;
            buffer = parts.UnreadSequence;
            var line = Encoding.UTF8.GetString(bytes);
            var verb = line.Split(' ', 2)[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO": Say("250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES"); break;
                case "HELO" or "NOOP": Say("250 ok"); break;
                case "RSET": Reset(); Say("250 ok"); break;
                case "QUIT": Say("221 bye"); _done = true; break;
                case "MAIL": (_from, _to) = (Address(line), []); Say("250 2.1.0 ok"); break;
                case "RCPT" when _from is null: Say("503 5.5.1 MAIL first"); break;
                case "RCPT": Recipient(Address(line)); break;
                case "DATA" when _to.Count == 0: Say("554 5.5.1 no valid recipients"); break;
                case "DATA": _data = true; Say("354 go on"); break;
                default: Say("502 5.5.2 unknown"); break;
            }
            return true;
        }

        private void Recipient(string address)
        {
            var answer = sink.OnRecipient?.Invoke(new SmtpEnvelope(_from!, [.. _to, address])) ?? SinkAnswer.Accept;
            if (answer == SinkAnswer.Accept) { _to.Add(address); Say("250 2.1.5 ok"); }
            else Do(answer);
        }

        private bool TryData(ref ReadOnlySequence<byte> buffer)
        {
            var parts = new SequenceReader<byte>(buffer);
            if (!parts.TryReadTo(out ReadOnlySequence<byte> bytes, EndOfData)) return false;
            buffer = parts.UnreadSequence;
            (_data, _took) = (false, true);
            var envelope = new SmtpEnvelope(_from!, _to);
            var answer = sink.OnData?.Invoke(envelope) ?? SinkAnswer.Accept;
            if (answer.Take) sink.Take(envelope, sink.Keep ? Unstuff(bytes) : ReadOnlyMemory<byte>.Empty);
            Reset();
            Do(answer);
            return true;
        }

        private void Do(SinkAnswer answer)
        {
            if (answer.Line is { } line) Say(line);
            _done |= answer.Close;
        }

        private void Reset() => (_from, _to) = (null, []);

        private void Say(string line) => Encoding.ASCII.GetBytes(line + "\r\n", writer);

        /// <summary>&lt;a@b&gt; of MAIL FROM and RCPT TO.</summary>
        private static string Address(string line) => line.IndexOf('<') is >= 0 and var open && line.IndexOf('>', open) is > 0 and var close ? line[(open + 1)..close] : "";

        private static byte[] Unstuff(in ReadOnlySequence<byte> bytes)
        {
            var raw = bytes.ToArray();
            var length = 0;
            for (var i = 0; i < raw.Length; i++)
            {
                if (raw[i] == '.' && (i == 0 || (raw[i - 1] == '\n' && raw[i - 2] == '\r'))) continue;
                raw[length++] = raw[i];
            }
            return [.. raw.AsSpan(0, length), .. NewLine];
        }
    }
}
