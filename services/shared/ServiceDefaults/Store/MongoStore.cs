using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Conventions;
using MongoDB.Bson.Serialization.Serializers;
using MongoDB.Driver;

namespace Platform.ServiceDefaults;

/// <summary>The service's own database, and how documents are written into it.</summary>
public static class MongoStore
{
    /// <summary>Where the driver reports its calls.</summary>
    public const string ActivitySource = "MongoDB.Driver";

    static MongoStore()
    {
        ConventionRegistry.Register("platform", new ConventionPack
        {
            new CamelCaseElementNameConvention(),
            new EnumRepresentationConvention(BsonType.String),
            new IgnoreExtraElementsConvention(ignoreExtraElements: true),
        }, _ => true);
        BsonSerializer.RegisterSerializer(new GuidSerializer(GuidRepresentation.Standard));
        // Milliseconds in UTC, comparable by index; see Clock.Now.
        BsonSerializer.RegisterSerializer(new DateTimeOffsetSerializer(BsonType.DateTime));
    }

    /// <summary>Registers <see cref="IMongoDatabase"/> from MONGODB_URI: the database it names, else one named as the service.</summary>
    public static IHostApplicationBuilder AddStore(this IHostApplicationBuilder builder, string service)
    {
        var text = builder.Configuration["MONGODB_URI"] is { Length: > 0 } given ? given : throw new SettingException("MONGODB_URI is not set: give the address of this service's database, such as mongodb://127.0.0.1:27017/" + service + ".");
        MongoUrl url;
        try { url = MongoUrl.Create(text); }
        catch (MongoConfigurationException) { throw new SettingException("MONGODB_URI is not a MongoDB connection string: mongodb://[user:password@]host:port/database."); }
        builder.Services.AddSingleton<IMongoClient>(_ =>
        {
            var client = MongoClientSettings.FromUrl(url);
            client.ApplicationName = service;
            client.WriteConcern = WriteConcern.WMajority;
            client.RetryWrites = true;
            // A store that is away is a 503 within two seconds, not a hang.
            client.ServerSelectionTimeout = TimeSpan.FromSeconds(1.5);
            client.ConnectTimeout = TimeSpan.FromSeconds(1.5);
            client.WaitQueueTimeout = TimeSpan.FromSeconds(1.5);
            client.SocketTimeout = TimeSpan.FromSeconds(30);
            return new MongoClient(client);
        });
        builder.Services.AddSingleton(provider => provider.GetRequiredService<IMongoClient>().GetDatabase(url.DatabaseName ?? service));
        builder.Services.AddSingleton<LeaseStore>();
        builder.Services.AddHealthChecks().AddCheck<StoreCheck>("store", tags: ["ready"], timeout: TimeSpan.FromSeconds(2));
        return builder;
    }

    /// <summary>Creates the service's indexes at start, before it is ready; tries again while the store is away. A <see cref="SettingException"/> ends the process as <see cref="Defaults.Run"/> does: what is set does not fit what is stored.</summary>
    /// <typeparam name="TStore">The service's store.</typeparam>
    public static IServiceCollection AddStoreInitialiser<TStore>(this IServiceCollection services, Func<TStore, CancellationToken, Task> initialise) where TStore : class
    {
        services.AddSingleton<StoreInitialised<TStore>>();
        services.AddHostedService(provider => new Initialiser<TStore>(provider.GetRequiredService<TStore>(), initialise, provider.GetRequiredService<StoreInitialised<TStore>>(), provider.GetRequiredService<IHostApplicationLifetime>(), provider.GetRequiredService<ILogger<TStore>>()));
        services.AddHealthChecks().AddCheck<StoreInitialised<TStore>>($"indexes:{typeof(TStore).Name}", tags: ["ready"]);
        return services;
    }

    /// <summary>Takes away indexes of before, into which each write would have to be made too. Call it where those that take their place are there; another replica may do the same at the same moment.</summary>
    public static async Task DropFormer<T>(this IMongoIndexManager<T> indexes, IEnumerable<string> names, CancellationToken ct)
    {
        const int namespaceNotFound = 26, indexNotFound = 27;
        foreach (var name in names)
        {
            try { await indexes.DropOneAsync(name, ct); }
            catch (MongoCommandException e) when (e.Code is indexNotFound or namespaceNotFound) { }
        }
    }

    private sealed class StoreCheck(IMongoDatabase database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }

    private sealed class StoreInitialised<TStore> : IHealthCheck
    {
        public volatile bool Done;

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(Done ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("indexes are being created"));
    }

    private sealed class Initialiser<TStore>(TStore store, Func<TStore, CancellationToken, Task> initialise, StoreInitialised<TStore> state, IHostApplicationLifetime lifetime, ILogger<TStore> logger) : BackgroundService
        where TStore : class
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (true)
            {
                try
                {
                    await initialise(store, stoppingToken);
                    state.Done = true;
                    return;
                }
                catch (SettingException e)
                {
                    await Console.Error.WriteLineAsync(e.Message);
                    Environment.ExitCode = Defaults.WrongSetting;
                    lifetime.StopApplication();
                    return;
                }
                catch (Exception e) when (StoreFailure.IsTransient(e) || e is MongoException)
                {
                    Log.NotYet(logger, e, typeof(TStore).Name);
                    await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
                }
            }
        }
    }
}

/// <summary>Tells failures of the store that pass by themselves from those that mean a defect.</summary>
public static class StoreFailure
{
    public static bool IsTransient(Exception? exception) => exception switch
    {
        null => false,
        MongoConnectionException or MongoNotPrimaryException or MongoNodeIsRecoveringException or MongoConnectionPoolPausedException or MongoWaitQueueFullException or MongoExecutionTimeoutException => true,
        TimeoutException when exception.Source?.StartsWith("MongoDB", StringComparison.Ordinal) == true => true,
        MongoException e when e.HasErrorLabel("RetryableWriteError") => true,
        AggregateException all => all.InnerExceptions.Any(IsTransient),
        _ => IsTransient(exception.InnerException),
    };

    /// <summary>Whether a unique index refused the write.</summary>
    public static bool IsDuplicateKey(Exception exception) => exception switch
    {
        MongoWriteException { WriteError.Category: ServerErrorCategory.DuplicateKey } => true,
        MongoDuplicateKeyException => true,
        MongoCommandException { Code: 11000 } => true,
        MongoBulkWriteException bulk => bulk.WriteErrors.Any() && bulk.WriteErrors.All(e => e.Category == ServerErrorCategory.DuplicateKey),
        _ => false,
    };
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "{Store}: the store is not ready yet; trying again in a second")]
    public static partial void NotYet(ILogger logger, Exception exception, string store);
}
