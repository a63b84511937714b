using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Proxying;

/// <summary>The connections to the parts.</summary>
public sealed class PartClientFactory(TimeProvider clock) : ForwarderHttpClientFactory
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = TimeSpan.FromSeconds(1.5);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);   // a name may lead elsewhere by then
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) => new LifeGuard(base.WrapHandler(context, handler), clock);
}
