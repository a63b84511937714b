using MassTransit;

namespace Platform.Gateway.Caching;

/// <summary>The queue of this replica alone: every replica hears every change, and a queue goes with its replica.</summary>
public sealed class OwnQueue
{
    public string Name { get; } = "gateway-" + Guid.NewGuid().ToString("N");

    /// <summary>Where to send what only this replica is to hear.</summary>
    public Uri Address => new($"exchange:{Name}?durable=false&autodelete=true");

    public static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit)
    {
        var touch = context.GetRequiredService<BrokerTouch>();
        rabbit.ReceiveEndpoint(context.GetRequiredService<OwnQueue>().Name, queue =>
        {
            queue.Durable = false;
            queue.AutoDelete = true;
            queue.QueueExpiration = TimeSpan.FromMinutes(1);   // goes when nobody has listened for so long, also where nobody ever did
            queue.PrefetchCount = 256;
            queue.ConfigureMessageTopology<Beat>(false);       // sent to this queue, never published
            queue.DiscardFaultedMessages();
            queue.DiscardSkippedMessages();
            queue.ConnectReceiveEndpointObserver(touch);
            queue.ConfigureConsumer<EvictChanged>(context);
            queue.ConfigureConsumer<HearBeat>(context);
        });
    }
}
