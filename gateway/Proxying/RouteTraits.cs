using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Platform.Gateway.Proxying;

/// <summary>For whom a route is; decides how callers are known and how failures look.</summary>
public enum Surface
{
    /// <summary>Programs and scripts: credentials are checked, changes by cookie need X-Requested-With, failures are problem+json.</summary>
    Api,

    /// <summary>Readers: whoever comes is anonymous, cookies or not; forms come from our own pages.</summary>
    Page,

    /// <summary>Pictures within pages: a good session or token is known, so that staff see those of drafts; a bad one is none.</summary>
    Picture,

    /// <summary>Staff with a browser: a good session is known, a bad one is none; forms come from our own pages.</summary>
    Newsroom,

    /// <summary>Whoever holds the address (one-click unsubscribe): anonymous, from anywhere.</summary>
    Open,
}

/// <summary>How a route takes credentials of its own kind; mostly it does not.</summary>
public enum CredentialRule
{
    /// <summary>Session cookie or API token.</summary>
    Usual,

    /// <summary>Signing in: an old cookie must not be in the way.</summary>
    Ignored,

    /// <summary>Signing out: as usual, and Accounts is told the session itself.</summary>
    Session,

    /// <summary>As usual, or <c>Authorization: Subscription …</c>, which Notifications checks.</summary>
    Subscription,
}

/// <summary>What a route's metadata in appsettings.json says.</summary>
/// <param name="Cache">Whether answers that carry Cache-Tag are kept.</param>
/// <param name="Watched">Whether an answer ends when the credential does: it goes on for long, and is not for everybody.</param>
public sealed record RouteTraits(string Part, Surface Surface, CredentialRule Credential, bool Cache, bool Watched)
{
    private static readonly ConditionalWeakTable<RouteConfig, RouteTraits> Known = [];

    /// <summary>The traits of the route that the request leads to, or null where the gateway answers itself.</summary>
    public static RouteTraits? Of(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is { } route ? Known.GetValue(route.Config, Read) : null;

    private static RouteTraits Read(RouteConfig route) => new(
        route.ClusterId!.Split('-')[0],
        Enum.Parse<Surface>(route.Metadata!["Surface"], ignoreCase: true),
        route.Metadata.TryGetValue("Credential", out var rule) ? Enum.Parse<CredentialRule>(rule, ignoreCase: true) : CredentialRule.Usual,
        route.Metadata.ContainsKey("Cache"),
        route.Metadata.ContainsKey("Watched"));
}
