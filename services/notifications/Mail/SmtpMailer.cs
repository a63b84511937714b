using System.Collections.Concurrent;
using Platform.Notifications.Channels;

namespace Platform.Notifications.Mail;

/// <summary>Sends by SMTP over a few connections that stay open between mails.</summary>
public sealed partial class SmtpMailer : IMailer, IAsyncDisposable
{
    private readonly MailSettings _settings;
    private readonly MailLimits _limits;
    private readonly TimeProvider _clock;
    private readonly ILogger<SmtpMailer> _logger;
    private readonly SemaphoreSlim _slots;
    private readonly ConcurrentStack<SmtpConnection> _idle = new();   // the one used last is used next; the others may grow old
    private readonly ITimer _sweep;
    private volatile string? _failure;

    public SmtpMailer(MailSettings settings, MailLimits limits, TimeProvider clock, ILogger<SmtpMailer> logger)
    {
        (_settings, _limits, _clock, _logger) = (settings, limits, clock, logger);
        _slots = new(limits.Connections);
        _sweep = clock.CreateTimer(_ => CloseIdle(), null, limits.Idle, limits.Idle);
    }

    public async Task<Outcome> Send(OutgoingMail mail)
    {
        await _slots.WaitAsync();
        try
        {
            while (true)
            {
                var reused = TryTake(out var connection);
                if (!reused)
                {
                    connection = new SmtpConnection(_settings, _limits);
                    var failure = await connection.TryOpen();
                    Report(failure);
                    if (failure is not null) { connection.Dispose(); return Outcome.Unreachable(failure); }
                }
                var (outcome, closed) = await connection!.Send(mail);
                connection.LastUsed = _clock.GetTimestamp();
                if (connection.IsOpen) _idle.Push(connection);
                else connection.Dispose();
                // A server may close a connection after some time or number of mails; that says nothing of this mail.
                if (!(reused && closed && outcome.Kind == OutcomeKind.Later)) return outcome;
            }
        }
        finally { _slots.Release(); }
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        while (_idle.TryPop(out var connection)) await connection.Close();
        _slots.Dispose();
    }

    private bool TryTake(out SmtpConnection? connection)
    {
        while (_idle.TryPop(out connection))
        {
            if (_clock.GetElapsedTime(connection.LastUsed) < _limits.Idle) return true;
            connection.Dispose();
        }
        return false;
    }

    /// <summary>Logs what is new: a server that is away all night is one line.</summary>
    private void Report(string? failure)
    {
        var before = _failure;
        _failure = failure;
        if (failure is not null && failure != before) Log.Unreachable(_logger, _settings.Server!.Host, failure);
        if (failure is null && before is not null) Log.Reachable(_logger, _settings.Server!.Host);
    }

    private void CloseIdle()
    {
        var all = new SmtpConnection[_limits.Connections];
        var young = all.AsSpan(0, _idle.TryPopRange(all)).ToArray().ToLookup(c => _clock.GetElapsedTime(c.LastUsed) < _limits.Idle);
        foreach (var connection in young[true].Reverse()) _idle.Push(connection);
        foreach (var connection in young[false]) _ = connection.Close();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The mail server {Host} cannot be used: {Failure}; mails wait")]
        public static partial void Unreachable(ILogger logger, string host, string failure);

        [LoggerMessage(LogLevel.Information, "The mail server {Host} can be used again")]
        public static partial void Reachable(ILogger logger, string host);
    }
}
