using System.Net;
using Platform.ServiceDefaults;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Platform.Gateway.Proxying;

/// <summary>Where the parts are (ACCOUNTS_URL and so on), and what holds for every way to them. Clusters named <c>part-something</c> lead to the same part on other terms.</summary>
public sealed class Parts : IProxyConfigFilter
{
    private static readonly string[] Names = ["accounts", "articles", "comments", "notifications", "web"];
    private readonly Dictionary<string, Uri> _addresses;

    public Parts(IConfiguration configuration) => _addresses = Names.ToDictionary(n => n, n => PlatformSettings.Absolute(configuration, n.ToUpperInvariant() + "_URL"));

    public Uri Address(string part) => _addresses[part];

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        var part = cluster.ClusterId.Split('-')[0];
        return new(cluster with
        {
            // More replicas than one are named in the configuration: ReverseProxy__Clusters__articles__Destinations__b__Address.
            Destinations = cluster.Destinations is { Count: > 0 } given ? given : new Dictionary<string, DestinationConfig> { ["main"] = new() { Address = _addresses[part].ToString() } },
            HttpRequest = new ForwarderRequestConfig
            {
                Version = HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                // The last resort, for one request that hangs in a part that lives; a part that hangs is found in 2 s (see LifeGuard).
                ActivityTimeout = cluster.HttpRequest?.ActivityTimeout ?? TimeSpan.FromSeconds(30),
            },
            // Kestrel takes UTF-8 in request headers, so it must be able to go on as such.
            HttpClient = (cluster.HttpClient ?? new HttpClientConfig()) with { RequestHeaderEncoding = "utf-8" },
            HealthCheck = new HealthCheckConfig
            {
                // Replicas that fail are left out. Where none is left all are tried: a refusal is as quick as ours, and the first success is not missed.
                AvailableDestinationsPolicy = "HealthyOrPanic",
                Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(5) },
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = cluster.HealthCheck?.Active?.Enabled,
                    Interval = TimeSpan.FromSeconds(5),
                    Timeout = TimeSpan.FromSeconds(1),
                    Policy = "ConsecutiveFailures",
                    Path = "/health/ready",
                },
            },
        });
    }

    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => new(route);
}
