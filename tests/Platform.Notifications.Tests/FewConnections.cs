using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MongoDB.Driver;
using Platform.Testing;

namespace Platform.Notifications.Tests;

/// <summary>A store as in operation, but with few connections to it and a short queue before them: what asks it for hundreds of things at once is refused soon.</summary>
internal static class FewConnections
{
    public const int Most = 16, Waiting = 64;

    public static void FewConnectionsTo(this IServiceCollection services, TestDatabase database)
    {
        var settings = MongoClientSettings.FromUrl(new MongoUrlBuilder(database.Uri) { MaxConnectionPoolSize = Most }.ToMongoUrl());
        settings.WaitQueueTimeout = TimeSpan.FromSeconds(1.5);
#pragma warning disable CS0618 // The driver has no other word for it.
        settings.WaitQueueSize = Waiting;
#pragma warning restore CS0618
        services.Replace(ServiceDescriptor.Singleton<IMongoClient>(_ => new MongoClient(settings)));
    }
}
