using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>Publishes right after the write that caused it, off the request's path. It only hastens: what it drops or fails at, the <see cref="OutboxSweeper"/> finds.</summary>
public sealed partial class OutboxRelay(IServiceProvider services, ILogger<OutboxRelay> logger) : BackgroundService
{
    private const int Batch = 256;
    private readonly Channel<(string Collection, Guid Id)> _written = Channel.CreateBounded<(string, Guid)>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>This document has new events. Never waits.</summary>
    public void Notify(string collection, Guid id) => _written.Writer.TryWrite((collection, id));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Resolved late: stores need the relay, the publisher needs a store.
        var store = (OutboxStore)services.GetService(typeof(OutboxStore))!;
        var publisher = (OutboxPublisher)services.GetService(typeof(OutboxPublisher))!;
        var batch = new HashSet<(string Collection, Guid Id)>(Batch);
        while (await _written.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < Batch && _written.Reader.TryRead(out var item)) batch.Add(item);
            if (!publisher.BrokerAnswers) continue;
            foreach (var documents in batch.GroupBy(b => b.Collection, b => b.Id, StringComparer.Ordinal))
            {
                try
                {
                    await publisher.Publish(documents.Key, await store.Read(documents.Key, [.. documents], stoppingToken), stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    Log.Failed(logger, e, documents.Key);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Could not empty outboxes of {Collection}; the sweeper tries again")]
        public static partial void Failed(ILogger logger, Exception exception, string collection);
    }
}
