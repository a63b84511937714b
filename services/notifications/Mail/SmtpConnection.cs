using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Platform.Notifications.Channels;

namespace Platform.Notifications.Mail;

/// <summary>One connection to the mail server, and what the server's words and silences mean for a mail.</summary>
public sealed class SmtpConnection(MailSettings settings, MailLimits limits) : IDisposable
{
    private const int MaxAnswer = 300;
    private readonly SmtpClient _client = new() { LocalDomain = settings.Host, CheckCertificateRevocation = false };   // asking for revocation would reach for other hosts

    public long LastUsed { get; set; }

    public bool IsOpen => _client.IsConnected;

    /// <returns>Null when it is open; else what failed.</returns>
    public async Task<string?> TryOpen()
    {
        using var limit = new CancellationTokenSource(limits.Connect);
        var server = settings.Server!;
        try
        {
            var tls = server.Scheme == "smtps" ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable;
            var port = server.Port > 0 ? server.Port : tls == SecureSocketOptions.SslOnConnect ? 465 : 25;
            // Our own socket, for NoDelay: without it each mail's last piece waits 40 ms for the acknowledgement of the piece before.
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try { await socket.ConnectAsync(server.Host, port, limit.Token); }
            catch { socket.Dispose(); throw; }
            await _client.ConnectAsync(socket, server.Host, port, tls, limit.Token);
            if (settings.Credentials is not var (user, password)) return null;
            if (!_client.IsSecure && !server.IsLoopback) return "the server offers no TLS, and the password is not sent in clear";
            await _client.AuthenticateAsync(user, password, limit.Token);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e switch
            {
                OperationCanceledException => "no connection in time",
                AuthenticationException => "the server refused the user or password",
                SocketException socket => $"no connection: {socket.SocketErrorCode}",
                _ => $"no connection: {e.GetType().Name}",
            };
        }
    }

    /// <summary>Sends one mail.</summary>
    /// <returns>What became of it, and whether the server closed the connection before it had to do with this mail.</returns>
    public async Task<(Outcome Outcome, bool Closed)> Send(OutgoingMail mail)
    {
        using var limit = new CancellationTokenSource(limits.Send);
        var body = new BodyProgress();
        try
        {
            await _client.SendAsync(mail.Message, settings.From, [mail.To], limit.Token, body);
            return (Outcome.Accepted, false);
        }
        catch (SmtpCommandException e)
        {
            var answer = Clean($"{(int)e.StatusCode} {e.Message}", mail.To);
            return e.StatusCode switch
            {
                SmtpStatusCode.ServiceNotAvailable => (Outcome.Later(answer), !body.IsComplete),   // 421: it closes the connection
                >= (SmtpStatusCode)400 and < (SmtpStatusCode)500 => (Outcome.Later(answer), false),
                _ => (Outcome.Refused(answer), false),
            };
        }
        catch (NotSupportedException)
        {
            return (Outcome.Refused("the server takes no addresses beyond ASCII (SMTPUTF8)"), false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // No answer. Once the last of the mail is handed to the connection, its end may have reached the server.
            Drop();
            var what = e is OperationCanceledException ? "no answer in time" : $"the connection was lost: {e.GetType().Name}";
            return body.IsComplete ? (Outcome.Uncertain(what + " after the mail's end"), true) : (Outcome.Later(what), e is not OperationCanceledException);
        }
    }

    /// <summary>Says goodbye.</summary>
    public async Task Close()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try { await _client.DisconnectAsync(quit: true, limit.Token); }
        catch (Exception e) when (e is not OutOfMemoryException) { }   // it is gone, which is what we want
        _client.Dispose();
    }

    public void Dispose() => _client.Dispose();

    private void Drop()
    {
        try { _client.Disconnect(quit: false); }
        catch (Exception e) when (e is not OutOfMemoryException) { }
    }

    /// <summary>A server's answer for the ledger: one line, and without the address that servers like to repeat.</summary>
    private static string Clean(string answer, MailboxAddress to)
    {
        var line = string.Join(' ', answer.Replace(to.Address, "…", StringComparison.OrdinalIgnoreCase).Replace(to.GetAddress(idnEncode: true), "…", StringComparison.OrdinalIgnoreCase).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxAnswer ? line : line[..MaxAnswer];
    }

    /// <summary>Whether the whole of a mail was handed to the connection. Before that the server cannot have taken it.</summary>
    private sealed class BodyProgress : ITransferProgress
    {
        public bool IsComplete { get; private set; }

        public void Report(long bytesTransferred, long totalSize) => IsComplete = totalSize <= 0 || bytesTransferred >= totalSize;

        public void Report(long bytesTransferred) => IsComplete = true;   // its size is not known: rather too early than too late
    }
}
