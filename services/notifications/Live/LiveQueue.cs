using MassTransit;
using Platform.Notifications.Messages;

namespace Platform.Notifications.Live;

/// <summary>The queue of this replica alone: every replica hears that the log has grown, and the queue goes with its replica.</summary>
public sealed class LiveQueue(Signals signals) : IConsumer<ArticleLogged>
{
    public Task Consume(ConsumeContext<ArticleLogged> context)
    {
        signals.Live.Raise();
        return Task.CompletedTask;
    }

    public static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit) => rabbit.ReceiveEndpoint("notifications-live-" + Guid.NewGuid().ToString("N"), queue =>
    {
        queue.Durable = false;
        queue.AutoDelete = true;
        queue.QueueExpiration = TimeSpan.FromMinutes(1);   // also where nobody ever listened
        queue.DiscardFaultedMessages();
        queue.DiscardSkippedMessages();
        queue.ConfigureConsumer<LiveQueue>(context);
    });
}
