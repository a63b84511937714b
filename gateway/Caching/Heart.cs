using MassTransit;

namespace Platform.Gateway.Caching;

/// <summary>A message of the gateway to itself.</summary>
public sealed record Beat(long Number);

/// <summary>Sends the beats; see <see cref="BrokerTouch"/>.</summary>
public sealed partial class Heart(BrokerTouch touch, OwnQueue queue, IBus bus, TimeProvider clock, ILogger<Heart> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private long _number;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        var sending = Task.CompletedTask;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            touch.Listen();
            if (sending.IsCompleted) sending = Send(stoppingToken);
        }
    }

    private async Task Send(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(BrokerTouch.Silence);   // after a broker was killed hard, a send without a limit can hang for ever
        try
        {
            var endpoint = await bus.GetSendEndpoint(queue.Address);
            await endpoint.Send(new Beat(++_number), context => { context.Durable = false; context.TimeToLive = BrokerTouch.Silence; }, limit.Token);
        }
        catch (Exception e)
        {
            Log.NotSent(logger, e);   // the silence says the rest
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "A beat could not be sent")]
        public static partial void NotSent(ILogger logger, Exception exception);
    }
}

/// <summary>Hands the beats on.</summary>
public sealed class HearBeat(BrokerTouch touch) : IConsumer<Beat>
{
    public Task Consume(ConsumeContext<Beat> context)
    {
        touch.Hear(context.Message.Number);
        return Task.CompletedTask;
    }
}
