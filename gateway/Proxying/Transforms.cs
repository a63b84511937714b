using Microsoft.Net.Http.Headers;
using Platform.Gateway.Caching;
using Platform.Gateway.Callers;
using Platform.ServiceDefaults;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Platform.Gateway.Proxying;

/// <summary>
/// What parts get to see of a request: everything but credentials and whatever tells who or where the caller is. That is said anew:
/// a JWT from the introspection, and the address of the connection. And what callers see of an answer.
/// </summary>
public sealed class Transforms(PlatformSettings settings, CacheFill cache) : ITransformProvider
{
    // Names that proxies and frameworks take for the truth about a caller.
    private static readonly string[] Told = ["X-Forwarded", "Forwarded", "X-Original-", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP",
        "X-Remote-", "Remote-", "X-User", "X-Auth", "X-Identity", "X-MS-", "X-Rewrite-URL", "X-HTTP-Method", "X-Method-Override", "X-Host", "Via"];

    private static readonly string[] Conditions = [HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.Range, HeaderNames.IfRange];

    private static readonly string[] SessionCookies = ["session", "__Host-session"];

    public void ValidateRoute(TransformRouteValidationContext context) { }

    public void ValidateCluster(TransformClusterValidationContext context) { }

    public void Apply(TransformBuilderContext context)
    {
        context.UseDefaultForwarders = false;
        context.AddRequestTransform(request => { Request(request); return default; });
        context.AddResponseTransform(Response);
    }

    private void Request(RequestTransformContext context)
    {
        var (http, headers) = (context.HttpContext, context.ProxyRequest.Headers);
        foreach (var name in headers.NonValidated.Select(h => h.Key).Where(IsTold).ToList()) headers.Remove(name);
        headers.Remove(HeaderNames.Authorization);
        headers.Remove(HeaderNames.AcceptEncoding);   // compressed here, once, for all
        headers.Remove(CacheTags.Header);

        headers.TryAddWithoutValidation("X-Forwarded-For", http.Connection.RemoteIpAddress?.ToString());
        headers.TryAddWithoutValidation("X-Forwarded-Proto", settings.PublicUrl.Scheme);
        headers.TryAddWithoutValidation("X-Forwarded-Host", settings.PublicUrl.Authority);   // never what the client says: answers are kept for all

        var caller = http.Features.Get<Caller>();
        if (caller?.Authorization is { } authorization) headers.TryAddWithoutValidation(HeaderNames.Authorization, authorization);
        if (RouteTraits.Of(http)?.Credential != CredentialRule.Session) WithoutSession(http, headers);

        if (HttpMethods.IsHead(http.Request.Method)) context.ProxyRequest.Method = HttpMethod.Get;   // as good, and it can be kept
        if (cache.IsFilling(http))
        {
            // The whole answer is needed; whether the client has it already is decided here.
            foreach (var name in Conditions) headers.Remove(name);
        }
    }

    private async ValueTask Response(ResponseTransformContext context)
    {
        var (http, headers) = (context.HttpContext, context.HttpContext.Response.Headers);
        if (context.ProxyResponse is not { } answer) return;
        headers.Remove(HeaderNames.Server);
        headers.Remove("X-Powered-By");
        headers.Remove(CacheTags.Header);
        headers.Remove(CacheTags.ChangedHeader);
        await cache.Evict(http, answer);
        if (await cache.Take(http, answer, context.CancellationToken) || HttpMethods.IsHead(http.Request.Method)) context.SuppressResponseBody = true;
    }

    private static bool IsTold(string name) => Array.Exists(Told, t => name.StartsWith(t, StringComparison.OrdinalIgnoreCase));

    /// <summary>Parts see no session; other cookies (a reader's own, signed by Comments) pass.</summary>
    private static void WithoutSession(HttpContext http, System.Net.Http.Headers.HttpRequestHeaders headers)
    {
        var cookies = http.Request.Headers.Cookie;
        if (cookies.Count == 0) return;
        headers.Remove(HeaderNames.Cookie);
        var kept = cookies.SelectMany(c => (c ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(c => !SessionCookies.Contains(c.Split('=', 2)[0].TrimEnd(), StringComparer.OrdinalIgnoreCase)).ToList();
        if (kept.Count > 0) headers.TryAddWithoutValidation(HeaderNames.Cookie, string.Join("; ", kept));
    }
}
