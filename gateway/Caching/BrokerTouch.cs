using MassTransit;

namespace Platform.Gateway.Caching;

/// <summary>
/// Knows whether changes are heard of. The gateway sends itself a beat through the broker every half second (<see cref="Heart"/>); as long as beats come back,
/// in time and in turn, so does everything else. Without one for 3 s the cache is out of touch (<see cref="AnswerCache.InTouch"/>). When the queue was made anew,
/// a beat was lost or the silence ends, something else may have been lost too: then all that is kept is outdated.
/// </summary>
public sealed partial class BrokerTouch(AnswerCache cache, TimeProvider clock, ILogger<BrokerTouch> logger) : IReceiveEndpointObserver
{
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);
    private readonly Lock _lock = new();
    private long _heard, _heardAt;

    /// <summary>A beat has come back.</summary>
    public void Hear(long number)
    {
        lock (_lock)
        {
            var inTurn = number == _heard + 1;
            (_heard, _heardAt) = (Math.Max(_heard, number), clock.GetTimestamp());
            if (cache.InTouch && inTurn) return;
            cache.OutdateAll();
            if (cache.InTouch) return;
            cache.InTouch = true;
            Log.InTouch(logger);
        }
    }

    /// <summary>Looks whether it has been silent for too long.</summary>
    public void Listen()
    {
        lock (_lock)
        {
            if (!cache.InTouch || clock.GetElapsedTime(_heardAt) < Silence) return;
            cache.InTouch = false;
            Log.OutOfTouch(logger);
        }
    }

    /// <summary>The queue is there, perhaps anew: what was published before is not in it.</summary>
    public Task Ready(ReceiveEndpointReady ready)
    {
        cache.OutdateAll();
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "In touch with the broker: answers are kept")]
        public static partial void InTouch(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "Out of touch with the broker: answers are asked for anew each second, and kept ones serve where a part is down")]
        public static partial void OutOfTouch(ILogger logger);
    }
}
