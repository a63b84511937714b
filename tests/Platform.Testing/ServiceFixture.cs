using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Platform.Testing;

/// <summary>
/// One service in this process, with a database and a virtual host of its own and a signing key that it trusts.
/// Use as IClassFixture; derive to add settings or to replace outside services.
/// </summary>
public class ServiceFixture<TProgram> : IAsyncLifetime where TProgram : class
{
    private Factory? _factory;

    public TestDatabase Database { get; private set; } = null!;
    public TestVirtualHost VirtualHost { get; private set; } = null!;

    /// <summary>Hears what the service publishes, and publishes as others would.</summary>
    public MessageSpy Spy { get; private set; } = null!;

    public IServiceProvider Services => _factory!.Services;

    /// <summary>The service's clock, where a test turns it; else the real one.</summary>
    protected virtual TimeProvider? Clock => null;

    /// <summary>Where the service finds its store and its broker; a test may put a <see cref="TcpProxy"/> between.</summary>
    protected virtual string StoreUri => Database.Uri;

    protected virtual string BrokerUri => VirtualHost.Uri;

    /// <summary>Settings beside the usual ones.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string?>> Settings => [];

    /// <summary>Replaces services of the container.</summary>
    protected virtual void ConfigureServices(IServiceCollection services) { }

    public virtual async ValueTask InitializeAsync()
    {
        Database = await Infrastructure.NewDatabase();
        VirtualHost = await Infrastructure.NewVirtualHost();
        Spy = await MessageSpy.Start(VirtualHost.Uri);
        await StartService();
    }

    /// <summary>Starts the service (again, over the same store and broker), and waits until it is ready.</summary>
    public async Task StartService() => _factory = await Start();

    /// <summary>Starts one more replica over the same store and broker, and waits until it is ready; it stops when it is disposed.</summary>
    public async Task<IAsyncDisposable> StartReplica() => await Start();

    public async Task StopService() => await (_factory?.DisposeAsync() ?? default);

    /// <summary>A client of the service; with roles, signed in as a new member of staff. Redirects are not followed.</summary>
    public HttpClient Client(params string[] roles) => roles is [] ? Anonymous() : Client(Guid.CreateVersion7(), roles);

    /// <summary>A client signed in as this member of staff.</summary>
    public HttpClient Client(Guid id, params string[] roles) => Anonymous().As(TestIdentity.Token(id, "Tester", roles));

    /// <summary>Listens from now on to what the service is done with; see <see cref="ConsumedMessages{T}"/>.</summary>
    public ConsumedMessages<T> Consumed<T>() where T : class => new(Services.GetRequiredService<IBusControl>());

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await StopService();
        await Spy.DisposeAsync();
        await VirtualHost.DisposeAsync();
        await Database.DisposeAsync();
    }

    private async Task<Factory> Start()
    {
        var factory = new Factory(this);
        factory.UseKestrel(0);
        factory.StartServer();
        using var client = factory.CreateClient();
        await Eventually.True(async () => (await client.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode, $"{typeof(TProgram).Assembly.GetName().Name} to be ready");
        return factory;
    }

    // Not the factory's: over Kestrel it follows redirects whatever its options say.
    private HttpClient Anonymous() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = _factory!.ClientOptions.BaseAddress };

    private sealed class Factory(ServiceFixture<TProgram> fixture) : WebApplicationFactory<TProgram>
    {
        protected override IHost CreateHost(IHostBuilder builder)
        {
            var settings = new Dictionary<string, string?>(TestSettings.Default)
            {
                ["MONGODB_URI"] = fixture.StoreUri,
                ["RABBITMQ_URI"] = fixture.BrokerUri,
            };
            foreach (var (key, value) in fixture.Settings) settings[key] = value;
            builder.ConfigureHostConfiguration(c => c.AddInMemoryCollection(settings));
            return base.CreateHost(builder);
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            builder.ConfigureLogging(l => l.SetMinimumLevel(LogLevel.Warning));
            builder.ConfigureTestServices(services =>
            {
                TestIdentity.Trust(services);
                if (fixture.Clock is { } clock) services.Replace(ServiceDescriptor.Singleton(clock));
                fixture.ConfigureServices(services);
            });
        }
    }
}
