using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Platform.Contracts;
using Platform.ServiceDefaults.DeadLetters;

namespace Platform.ServiceDefaults;

/// <summary>MassTransit over RabbitMQ: quorum queues, publisher confirms, dead letters; the same for every part.</summary>
public static class Bus
{
    /// <summary>Deliveries of one message before it goes to the dead letters (a consumer that dies with it, say). RabbitMQ before 4 has no limit of its own.</summary>
    private const int DeliveryLimit = 20;

    /// <summary>Registers the bus with the part's reactions; queues are named <c>{service}-{reaction}</c>.</summary>
    /// <param name="service">The part's name and queue prefix.</param>
    /// <param name="consumers">Adds the consumers.</param>
    /// <param name="endpoints">Adds endpoints that are not one durable queue per consumer, such as a queue of each replica's own.</param>
    public static IHostApplicationBuilder AddBus(this IHostApplicationBuilder builder, string service, Action<IBusRegistrationConfigurator>? consumers = null,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator>? endpoints = null)
    {
        var broker = BrokerAddress.Read(builder.Configuration);
        var queues = new ReactionQueues();
        builder.Services.AddSingleton(broker).AddSingleton(queues);
        builder.Services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(service, includeNamespace: false));
            x.AddConfigureEndpointsCallback((_, name, endpoint) =>
            {
                // While the store is away, messages wait here unacknowledged instead of piling up as errors.
                endpoint.UseMessageRetry(r => { r.Handle<Exception>(StoreFailure.IsTransient); r.Exponential(10_000, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500)); });
                // Anything else gets a few tries, then the _error queue.
                endpoint.UseMessageRetry(r => { r.Ignore<Exception>(StoreFailure.IsTransient); r.Exponential(5, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(400)); });
                if (endpoint is not IRabbitMqReceiveEndpointConfigurator rabbit) return;
                queues.Add(name);
                rabbit.SetQuorumQueue();
                rabbit.SetQueueArgument("x-delivery-limit", DeliveryLimit);
                rabbit.BindDeadLetterQueue(name + "_dead", name + "_dead", d => d.SetQuorumQueue());
            });
            consumers?.Invoke(x);
            x.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(broker.Host, broker.Port, broker.VirtualHost, service, host =>
                {
                    host.Username(broker.User);
                    host.Password(broker.Password);
                    host.PublisherConfirmation = true;
                    host.RequestedConnectionTimeout(TimeSpan.FromSeconds(5));
                    if (broker.IsSecure) host.UseSsl(s => s.ServerName = broker.Host);
                });
                rabbit.ConfigureJsonSerializerOptions(json => { json.Converters.Insert(0, new System.Text.Json.Serialization.JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase)); return json; });
                endpoints?.Invoke(context, rabbit);
                rabbit.ConfigureEndpoints(context);
            });
            // Our own readiness: a broker that goes away later does not take the service away from its readers.
            x.ConfigureHealthCheckOptions(h => { h.Name = "bus"; h.Tags.Clear(); h.Tags.Add("bus"); });
        });
        builder.Services.AddSingleton<BusWasUp>();
        builder.Services.AddHealthChecks().AddCheck<BusWasUp>("topology", tags: ["ready"]);
        return builder;
    }

    /// <summary>Registers the outbox of these collections: relay, sweeper, publisher.</summary>
    /// <param name="messages">Message types beside those of Platform.Contracts.</param>
    public static IServiceCollection AddOutbox(this IServiceCollection services, IEnumerable<string> collections, params IEnumerable<Type> messages)
    {
        services.AddSingleton(new OutboxCollections([.. collections]));
        services.AddSingleton(new OutboxTypes(typeof(ArticlePublished).Assembly.GetExportedTypes().Concat(messages)));
        services.AddSingleton<OutboxStore>().AddSingleton<OutboxPublisher>().AddSingleton<OutboxRelay>();
        services.AddHostedService(p => p.GetRequiredService<OutboxRelay>());
        services.AddHostedService<OutboxSweeper>();
        return services;
    }

    /// <summary>Ready once the bus has been up: then its queues exist, and no message can pass them by.</summary>
    private sealed class BusWasUp(IBusControl bus) : IHealthCheck
    {
        private volatile bool _wasUp;

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            _wasUp = _wasUp || bus.CheckHealth().Status == BusHealthStatus.Healthy;
            return Task.FromResult(_wasUp ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the broker has not answered yet"));
        }
    }
}
