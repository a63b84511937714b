using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>The message types that a service may put into its outbox.</summary>
public sealed class OutboxTypes(IEnumerable<Type> types)
{
    private readonly Dictionary<string, Type> _byName = types.ToDictionary(t => t.FullName!, StringComparer.Ordinal);

    public Type? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>Publishes outboxes: each document's events in order, documents side by side; then removes what the broker has confirmed.</summary>
/// <remarks>
/// Killed between publish and removal, the event is published again with the same MessageId; every reaction is guarded by version or a unique key.
/// </remarks>
public sealed partial class OutboxPublisher(OutboxStore store, IBusControl bus, OutboxTypes types, ILogger<OutboxPublisher> logger)
{
    /// <summary>After a broker is killed hard, a publish without a limit can hang for ever.</summary>
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);
    private static readonly ActivitySource Source = new(Outbox.ActivitySource);

    /// <summary>Whether it makes sense to try.</summary>
    public bool BrokerAnswers => bus.CheckHealth().Status == BusHealthStatus.Healthy;

    /// <returns>Whether every event of every document was published and removed.</returns>
    public async Task<bool> Publish(string collection, IReadOnlyCollection<OutboxStore.Pending> documents, CancellationToken ct)
    {
        var published = new ConcurrentBag<(Guid, List<Guid>)>();
        var complete = true;
        await Parallel.ForEachAsync(documents, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = ct }, async (document, token) =>
        {
            var sent = new List<Guid>(document.Entries.Count);
            foreach (var entry in document.Entries)
            {
                if (!await TryPublish(collection, document.Id, entry, token)) { complete = false; break; }   // order: what follows waits too
                sent.Add(entry.Id);
            }
            if (sent.Count > 0) published.Add((document.Id, sent));
        });
        await store.Remove(collection, published, ct);
        return complete;
    }

    /// <summary>Publishes events that lie in no outbox, in order, for whoever has other means to publish them later.</summary>
    /// <param name="within">So long the broker has for all of them.</param>
    /// <returns>Whether it has confirmed all of them; what it confirms later is published all the same.</returns>
    public async Task<bool> Publish(IReadOnlyList<object> events, TimeSpan within, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(within);
        foreach (var message in events)
        {
            var id = Guid.CreateVersion7();
            try { await Send(message, message.GetType(), id, limit.Token); }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                Log.NotPublished(logger, e, message.GetType().Name, id);
                return false;
            }
        }
        return true;
    }

    private async Task<bool> TryPublish(string collection, Guid document, OutboxStore.Entry entry, CancellationToken ct)
    {
        if (types.Find(entry.Type) is not { } type)
        {
            Log.UnknownType(logger, entry.Type, entry.Id, collection);
            return false;
        }
        var parent = ActivityContext.TryParse(entry.TraceParent, null, isRemote: true, out var given) ? given : default;
        using var activity = Source.StartActivity("outbox publish", ActivityKind.Internal, parent);
        try
        {
            await Send(JsonSerializer.Deserialize(entry.Body, type, StrictJson.Options)!, type, entry.Id, ct);
            Log.Published(logger, type.Name, entry.Id, document);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.Kept(logger, e, type.Name, entry.Id, document);
            return false;
        }
    }

    private async Task Send(object message, Type type, Guid id, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(PublishTimeout);
        await bus.Publish(message, type, Pipe.Execute<PublishContext>(c => c.MessageId = id), limit.Token);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Published {Message} {MessageId} of {Document}")]
        public static partial void Published(ILogger logger, string message, Guid messageId, Guid document);

        [LoggerMessage(LogLevel.Warning, "{Message} {MessageId} of {Document} stays in the outbox: the broker did not confirm it; the sweeper tries again")]
        public static partial void Kept(ILogger logger, Exception exception, string message, Guid messageId, Guid document);

        [LoggerMessage(LogLevel.Warning, "{Message} {MessageId} was not confirmed by the broker; it is published later")]
        public static partial void NotPublished(ILogger logger, Exception exception, string message, Guid messageId);

        [LoggerMessage(LogLevel.Error, "Outbox entry {MessageId} in {Collection} has the unknown type {Type}: it was written by a newer version; deploy that version again")]
        public static partial void UnknownType(ILogger logger, string type, Guid messageId, string collection);
    }
}
