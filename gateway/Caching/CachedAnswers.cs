using Platform.Gateway.Proxying;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Caching;

public static class CachedAnswers
{
    /// <summary>Answers from memory, before anything else is done: no routing, no limits, no log line. Most readers get no further.</summary>
    public static void UseCachedAnswers(this WebApplication app)
    {
        var cache = app.Services.GetRequiredService<AnswerCache>();
        var session = app.Services.GetRequiredService<PlatformSettings>().SessionCookie + "=";
        app.Use(next => http =>
        {
            var request = http.Request;
            if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) return next(http);
            if (cache.Fresh(CacheKey.Of(request, IsApi(request.Path))) is not { } answer || (answer.Api && HasCredential(request, session))) return next(http);
            cache.Hit();
            return answer.Send(http);
        });
    }

    /// <summary>Keeps what may be kept of the answers that come by, and answers from memory where the part behind is down.</summary>
    public static void UseCacheFill(this IReverseProxyApplicationBuilder proxy)
    {
        var fill = proxy.ApplicationServices.GetRequiredService<CacheFill>();
        proxy.Use((http, next) => RouteTraits.Of(http) is { Cache: true } traits && (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && http.Features.Get<Callers.Caller>() is null
            ? fill.Answer(http, next, traits.Surface == Surface.Api)
            : next(http));
    }

    private static bool IsApi(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    private static bool HasCredential(HttpRequest request, string session)
    {
        if (request.Headers.Authorization.Count > 0) return true;
        foreach (var cookie in request.Headers.Cookie)
            if (cookie?.Contains(session, StringComparison.Ordinal) == true) return true;
        return false;
    }
}
