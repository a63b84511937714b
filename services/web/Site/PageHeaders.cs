using Microsoft.AspNetCore.Http.Extensions;

namespace Platform.Web;

/// <summary>What every answer says to browsers, also where Web is reached without the gateway.</summary>
public static class PageHeaders
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Nothing is kept unless a page says that it may be (<see cref="Pages.Cacheable"/>).</summary>
    public static void Set(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
    }
}

/// <summary>
/// Forms are taken from the platform's own pages only. Browsers say where a request comes from (Sec-Fetch-Site, else Origin)
/// and pages cannot forge either; readers have no session, so no token is needed, and pages can be the same for all.
/// </summary>
public static class SameSite
{
    public static bool Allows(HttpContext http, Uri publicUrl)
    {
        var request = http.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<FromAnywhere>() is not null) return true;
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0) return site is "same-origin" or "none";
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || string.Equals(origin, publicUrl.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
            || string.Equals(origin, UriHelper.BuildAbsolute(request.Scheme, request.Host).TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>The route takes forms from any site: the secret in its address is all it asks for.</summary>
public sealed record FromAnywhere;
