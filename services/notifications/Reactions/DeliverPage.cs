using MassTransit;
using Platform.Notifications.Messages;

namespace Platform.Notifications.Reactions;

/// <summary>Delivers a page of a dispatch. Workers of all replicas take pages in competition; a page that comes again finds only what was not begun.</summary>
public sealed class DeliverPage(DispatchStore dispatches, LedgerStore ledger, Deliverer deliverer, IHostApplicationLifetime lifetime) : IConsumer<PagePlanned>
{
    public async Task Consume(ConsumeContext<PagePlanned> context)
    {
        var (id, page) = (context.Message.DispatchId, context.Message.Page);
        if (await dispatches.Find(id, context.CancellationToken) is not { } dispatch) return;
        var rows = await ledger.FindPlanned(id, page, null, context.CancellationToken);
        await deliverer.Deliver(dispatch, rows, lifetime.ApplicationStopping);
        await deliverer.Finish(id, context.CancellationToken);
    }

    /// <summary>Two pages at a time: while one writes into the ledger, the other sends. More would wait for the same connections.</summary>
    public sealed class Definition : ConsumerDefinition<DeliverPage>
    {
        private const int AtOnce = 2;

        public Definition() => ConcurrentMessageLimit = AtOnce;

        protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<DeliverPage> consumerConfigurator, IRegistrationContext context) =>
            endpointConfigurator.PrefetchCount = AtOnce;
    }
}
