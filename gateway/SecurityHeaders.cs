using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Platform.ServiceDefaults;

namespace Platform.Gateway;

/// <summary>What every answer tells browsers, whichever part it comes from: nothing runs, frames or loads but our own.</summary>
public sealed class SecurityHeaders
{
    private const string ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public SecurityHeaders(PlatformSettings settings)
    {
        var headers = new List<KeyValuePair<string, StringValues>>
        {
            new(HeaderNames.ContentSecurityPolicy, ContentSecurityPolicy),
            new(HeaderNames.XContentTypeOptions, "nosniff"),
            // Other sites learn where a reader comes from, but no path: some hold a reader's secret.
            new("Referrer-Policy", "strict-origin-when-cross-origin"),
            new("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"),
            new("Cross-Origin-Opener-Policy", "same-origin"),
        };
        if (settings.PublicUrl.Scheme == Uri.UriSchemeHttps) headers.Add(new(HeaderNames.StrictTransportSecurity, "max-age=31536000"));
        All = headers;
    }

    public IReadOnlyList<KeyValuePair<string, StringValues>> All { get; }
}

public static class SecurityHeadersPipeline
{
    /// <summary>Sets them last, over what a part may have said.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        var headers = app.Services.GetRequiredService<SecurityHeaders>().All;
        app.Use(next => http =>
        {
            http.Response.OnStarting(() =>
            {
                foreach (var (name, value) in headers) http.Response.Headers[name] = value;
                return Task.CompletedTask;
            });
            return next(http);
        });
    }
}
