using Platform.Gateway;
using Platform.Gateway.Caching;
using Platform.Gateway.Callers;
using Platform.Gateway.Docs;
using Platform.Gateway.Limits;
using Platform.Gateway.Proxying;
using Platform.ServiceDefaults;
using Yarp.ReverseProxy.Forwarder;

await Defaults.Run(args, Build);

static WebApplication Build(string[] args)
{
    var builder = WebApplication.CreateBuilder(args);
    builder.AddServiceDefaults("gateway");
    builder.AddBus("gateway", bus => { bus.AddConsumer<EvictChanged>(); bus.AddConsumer<HearBeat>(); }, OwnQueue.Configure);
    builder.WebHost.ConfigureKestrel(k =>
    {
        k.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        k.ConfigureEndpointDefaults(RawTargets.UseRawTargets);
    });
    builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5));   // live streams never end by themselves

    var parts = new Parts(builder.Configuration);
    builder.Services.AddSingleton(parts).AddSingleton<SecurityHeaders>().AddSingleton<ErrorPage>().AddSingleton<Failures>();
    builder.Services.AddSingleton(new CacheSettings(builder.Configuration)).AddSingleton<AnswerCache>().AddSingleton<CacheFill>();
    builder.Services.AddSingleton<OwnQueue>().AddSingleton<BrokerTouch>().AddHostedService<Heart>();
    builder.Services.AddSingleton<Evictions>().AddHostedService(p => p.GetRequiredService<Evictions>());
    builder.Services.AddSingleton(new IntrospectionSettings(builder.Configuration)).AddSingleton<Introspection>().AddSingleton<Credentials>();
    builder.Services.AddSingleton<ApiDocs>().AddSingleton(new RateSettings(builder.Configuration)).AddSingleton<RateLimits>();

    builder.Services.AddSingleton<IForwarderHttpClientFactory, PartClientFactory>();
    builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy")).AddConfigFilter<Parts>().AddTransforms<Transforms>();
    builder.Services.AddTextCompression();

    var app = builder.Build();
    app.UsePrivateMetrics();
    app.UseCachedAnswers();
    app.UseFailures();
    app.UseSecurityHeaders();
    app.UseKnownMethods();
    app.UseRateLimits();
    app.UseRouting();
    app.UseCredentials();
    app.UseTextCompression();
    app.MapHealth();
    app.MapApiDocs();
    app.MapClosed();
    app.MapReverseProxy(proxy =>
    {
        proxy.UseBodyLimits();
        proxy.UseCacheFill();
        proxy.UseLoadBalancing();
        proxy.UsePassiveHealthChecks();
    });
    return app;
}

/// <summary>The gateway: the platform's only door.</summary>
public partial class Program;
