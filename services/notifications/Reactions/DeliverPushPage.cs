using MassTransit;
using Platform.Notifications.Channels;
using Platform.Notifications.Messages;

namespace Platform.Notifications.Reactions;

/// <summary>Delivers what of a page goes by push; see <see cref="DeliverPage"/>.</summary>
public sealed class DeliverPushPage(DispatchStore dispatches, LedgerStore ledger, Deliverer deliverer, IHostApplicationLifetime lifetime) : IConsumer<PushPagePlanned>
{
    public async Task Consume(ConsumeContext<PushPagePlanned> context)
    {
        var (id, page) = (context.Message.DispatchId, context.Message.Page);
        if (await dispatches.Find(id, context.CancellationToken) is not { } dispatch) return;
        await deliverer.Deliver(dispatch, await ledger.FindPlanned(id, page, Channel.Push, context.CancellationToken), lifetime.ApplicationStopping);
        await deliverer.Finish(id, context.CancellationToken);
    }

    /// <summary>Push services are many, and one that hangs takes its 15 s: more pages at a time than with mail.</summary>
    public sealed class Definition : ConsumerDefinition<DeliverPushPage>
    {
        private const int AtOnce = 4;

        public Definition() => ConcurrentMessageLimit = AtOnce;

        protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<DeliverPushPage> consumerConfigurator, IRegistrationContext context) =>
            endpointConfigurator.PrefetchCount = AtOnce;
    }
}
