using MassTransit;
using Platform.Notifications.Messages;

namespace Platform.Notifications.Reactions;

/// <summary>Delivers a page of breaking news by mail, beside whatever else is on its way; see <see cref="DeliverPage"/>.</summary>
public sealed class DeliverBreakingPage(DispatchStore dispatches, LedgerStore ledger, Deliverer deliverer, IHostApplicationLifetime lifetime) : IConsumer<BreakingPagePlanned>
{
    public async Task Consume(ConsumeContext<BreakingPagePlanned> context)
    {
        var (id, page) = (context.Message.DispatchId, context.Message.Page);
        if (await dispatches.Find(id, context.CancellationToken) is not { } dispatch) return;
        await deliverer.Deliver(dispatch, await ledger.FindPlanned(id, page, null, context.CancellationToken), lifetime.ApplicationStopping);
        await deliverer.Finish(id, context.CancellationToken);
    }

    /// <summary>As <see cref="DeliverPage.Definition"/>.</summary>
    public sealed class Definition : ConsumerDefinition<DeliverBreakingPage>
    {
        private const int AtOnce = 2;

        public Definition() => ConcurrentMessageLimit = AtOnce;

        protected override void ConfigureConsumer(IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<DeliverBreakingPage> consumerConfigurator, IRegistrationContext context) =>
            endpointConfigurator.PrefetchCount = AtOnce;
    }
}
