using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.ServiceDefaults.DeadLetters;

/// <summary>The queues of this service's reactions.</summary>
public sealed class ReactionQueues
{
    private readonly ConcurrentDictionary<string, byte> _names = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _names.Keys.Order(StringComparer.Ordinal);

    public void Add(string name) => _names[name] = 0;
}

/// <summary>Says that there may be something to carry.</summary>
public sealed class DeadLetterSignal : Signal;

/// <summary>A reaction of this process has failed for good: what it failed on will lie in its <c>_error</c> queue in a moment.</summary>
public sealed class HearFailures(DeadLetterSignal signal) : IConsumeObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context) where T : class => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context) where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception) where T : class
    {
        signal.Raise();
        return Task.CompletedTask;
    }
}

/// <summary>
/// Carries dead letters out of the broker's queues into the store, where they can be listed, and back into the reactions' queues when somebody asks. The broker cannot be asked what
/// lies in a queue without taking it, and counts how often that was done; a store can.
/// </summary>
/// <remarks>
/// Killed anywhere, nothing is lost: a letter is in the store before the broker hears that it was taken, and back in its queue, confirmed, before it leaves the store. In between it may
/// be there twice: taken again it has the same id, and handled again it changes nothing, as every reaction sees to.
/// </remarks>
public sealed partial class DeadLetterCarrier(ReactionQueues queues, DeadLetterStore store, DeadLetterSignal signal, BrokerAddress broker, IHostEnvironment environment, TimeProvider clock, ILogger<DeadLetterCarrier> logger) : BackgroundService
{
    private const int Page = 100;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5), PublishTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A queue for failures is there once something has failed. One that was not is looked for again after so long, or a failure, since each look is a line in the broker's log.</summary>
    private static readonly TimeSpan Absence = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, long> _absent = new(StringComparer.Ordinal);
    private IConnection? _connection;
    private bool _away;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var hastened = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Replay(stoppingToken);
                await Collect(stoppingToken);
                _away = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_away) Log.Away(logger, e);
                _away = true;
                await Disconnect();
            }
            catch (OperationCanceledException) { break; }
            var began = clock.GetTimestamp();
            try { await signal.Wait(hastened > 0 ? Round / 10 : Round, stoppingToken); }
            catch (OperationCanceledException) { break; }
            // The message goes to its queue for failures a moment after the failure.
            hastened = clock.GetElapsedTime(began) < (hastened > 0 ? Round / 10 : Round) ? 4 : Math.Max(0, hastened - 1);
            if (hastened > 0) _absent.Clear();
        }
        await Disconnect();
    }

    /// <summary>Takes what lies in the queues for failures.</summary>
    private async Task Collect(CancellationToken ct)
    {
        IChannel? channel = null;
        try
        {
            foreach (var queue in queues.Names)
                foreach (var (reason, suffix) in DeadLetters.Suffixes)
                {
                    var name = queue + suffix;
                    if (_absent.TryGetValue(name, out var since) && clock.GetElapsedTime(since) < Absence) continue;
                    channel ??= await (await Connection(ct)).CreateChannelAsync(cancellationToken: ct);
                    try
                    {
                        if ((await channel.QueueDeclarePassiveAsync(name, ct)).MessageCount == 0) continue;
                    }
                    catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
                    {
                        _absent[name] = clock.GetTimestamp();
                        await channel.DisposeAsync();
                        channel = null;
                        continue;
                    }
                    await Collect(channel, queue, reason, name, ct);
                }
        }
        finally { if (channel is not null) await channel.DisposeAsync(); }
    }

    private async Task Collect(IChannel channel, string queue, DeadLetterReason reason, string from, CancellationToken ct)
    {
        await store.Ping(ct);   // what is taken and not kept counts as a delivery, of which the broker allows only so many
        while (await channel.BasicGetAsync(from, autoAck: false, ct) is { } message)
        {
            var letter = DeadLetters.Read(queue, reason, message.BasicProperties, message.Body, store.Seal);
            await store.Add(letter, ct);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, ct);
            Log.Kept(logger, letter.MessageType, letter.MessageId, from, letter.Id);
        }
    }

    /// <summary>Gives back what somebody has asked for.</summary>
    private async Task Replay(CancellationToken ct)
    {
        while (await store.FindToReplay(Page, ct) is { Count: > 0 } letters)
            foreach (var letter in letters)
            {
                await using var channel = await (await Connection(ct)).CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
                limit.CancelAfter(PublishTimeout);
                var properties = new BasicProperties
                {
                    Persistent = true,
                    MessageId = letter.MessageId,
                    ContentType = letter.ContentType,
                    Headers = letter.Headers.ToDictionary(h => h.Key, object? (h) => h.Value, StringComparer.Ordinal),
                };
                try
                {
                    await channel.BasicPublishAsync(letter.Queue, "", mandatory: true, properties, store.Open(letter), limit.Token);
                }
                catch (Exception e) when (IsGone(e))
                {
                    await store.Keep(letter.Id, "There is no such queue any more.", ct);
                    Log.Gone(logger, letter.Id, letter.Queue);
                    continue;
                }
                await store.Delete(letter.Id, ct);
                Log.Replayed(logger, letter.MessageType, letter.MessageId, letter.Queue, letter.Id);
            }
    }

    private static bool IsGone(Exception e) => e is PublishReturnException || (e is OperationInterruptedException { ShutdownReason.ReplyCode: Constants.NotFound }) || (e.InnerException is { } inner && IsGone(inner));

    private async Task<IConnection> Connection(CancellationToken ct)
    {
        if (_connection is { IsOpen: true } open) return open;
        await Disconnect();
        return _connection = await broker.Connections(environment.ApplicationName + " dead letters").CreateConnectionAsync(ct);
    }

    private async Task Disconnect()
    {
        if (_connection is not { } connection) return;
        _connection = null;
        try { await connection.DisposeAsync(); }
        catch (Exception e) when (e is IOException or OperationInterruptedException or AlreadyClosedException or OperationCanceledException or TimeoutException) { }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Kept {MessageType} {MessageId}, which lay in {Queue}, as dead letter {Id}: look at /api/dead-letters")]
        public static partial void Kept(ILogger logger, string? messageType, string? messageId, string queue, Guid id);

        [LoggerMessage(LogLevel.Information, "Gave {MessageType} {MessageId} back to {Queue}: dead letter {Id} is handled again")]
        public static partial void Replayed(ILogger logger, string? messageType, string? messageId, string queue, Guid id);

        [LoggerMessage(LogLevel.Warning, "Dead letter {Id} can't be handled again: there is no {Queue} any more")]
        public static partial void Gone(ILogger logger, Guid id, string queue);

        [LoggerMessage(LogLevel.Warning, "Dead letters wait for the store or the broker")]
        public static partial void Away(ILogger logger, Exception exception);
    }
}
