using Platform.Gateway.Proxying;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Callers;

/// <summary>A caller who is known, or will be to the part behind.</summary>
/// <param name="Authorization">What the part gets as Authorization.</param>
/// <param name="Credential">What the gateway was shown, where Accounts knows it.</param>
public sealed record Caller(string Authorization, string? Credential = null);

/// <summary>
/// Finds out who calls, as the surface of the route demands (<see cref="Surface"/>). A bad credential is a 401 on every call under /api, public ones too;
/// readers' pages look at none. Changes that a browser could be tricked into are refused.
/// </summary>
public sealed class Credentials(Introspection introspection, PlatformSettings settings, Failures failures)
{
    /// <summary>How often a watched credential is looked at; Accounts is asked less often (see <see cref="Introspection"/>).</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public async Task Check(HttpContext http, RequestDelegate next)
    {
        if (RouteTraits.Of(http) is not { } traits)
        {
            await next(http);
            return;
        }
        var changes = !(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method));
        if (traits.Surface == Surface.Picture) await Picture(http);
        var refused = traits.Surface switch
        {
            Surface.Api => await Api(http, traits, changes),
            Surface.Newsroom => await Newsroom(http, changes),
            Surface.Page => changes ? CrossSite(http) : null,
            _ => null,
        };
        if (refused is not null)
        {
            await failures.Write(http, refused);
            return;
        }
        if (traits.Watched && http.Features.Get<Caller>() is { Credential: { } credential }) await Watch(http, credential, next);
        else await next(http);
        if (changes && traits.Part == "accounts" && http.Features.Get<Caller>() is not null) introspection.ForgetAll();
    }

    private async Task<Problem?> Api(HttpContext http, RouteTraits traits, bool changes)
    {
        if (traits.Credential == CredentialRule.Ignored) return null;
        var authorization = http.Request.Headers.Authorization;
        if (authorization.Count > 0)
        {
            var (scheme, credential) = Split(authorization.ToString());
            if (scheme.Equals("Subscription", StringComparison.OrdinalIgnoreCase) && traits.Credential == CredentialRule.Subscription)
            {
                http.Features.Set(new Caller(authorization.ToString()));
                return null;
            }
            return scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) && await Known(http, credential) ? null
                : Problem.Unauthenticated("credential.invalid", "The token is unknown, expired or revoked.");
        }
        if (http.Request.Cookies[settings.SessionCookie] is not { Length: > 0 } session) return null;
        if (!await Known(http, session))
        {
            // Scripts can't take the cookie away, and with it the next call would fail too.
            http.Response.Cookies.Delete(settings.SessionCookie, new CookieOptions { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = settings.PublicUrl.Scheme == Uri.UriSchemeHttps });
            return Problem.Unauthenticated("session.over", "The session is over; sign in again.");
        }
        // A header that forms of other sites can't set.
        return changes && http.Request.Headers.XRequestedWith != "platform"
            ? Problem.Forbidden("request.crossSite", "Changes with a session cookie need the header X-Requested-With: platform.") : null;
    }

    private async Task<Problem?> Newsroom(HttpContext http, bool changes)
    {
        if (changes && CrossSite(http) is { } refused) return refused;
        if (http.Request.Cookies[settings.SessionCookie] is { Length: > 0 } session) await Known(http, session);   // a bad one is none: the page asks to sign in
        return null;
    }

    /// <summary>A bad credential is none here, and so is one that nobody can check: what readers see is given from memory, without a look at anybody's.</summary>
    private async Task Picture(HttpContext http)
    {
        var (scheme, token) = Split(http.Request.Headers.Authorization.ToString());
        var credential = scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) && token.Length > 0 ? token : http.Request.Cookies[settings.SessionCookie];
        if (string.IsNullOrEmpty(credential)) return;
        try { await Known(http, credential); }
        catch (Problem e) when (e.Status == 503) { }   // without Accounts
    }

    private async Task<bool> Known(HttpContext http, string credential)
    {
        if (await introspection.Jwt(credential, http.RequestAborted) is not { } jwt) return false;
        http.Features.Set(new Caller("Bearer " + jwt, credential));
        return true;
    }

    /// <summary>A long answer breaks off within seconds when its credential is over. While nobody can say whether it is, it goes on.</summary>
    private async Task Watch(HttpContext http, string credential, RequestDelegate next)
    {
        using var over = new CancellationTokenSource();
        var watching = AbortWhenOver(http, credential, over.Token);
        try { await next(http); }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task AbortWhenOver(HttpContext http, string credential, CancellationToken over)
    {
        while (true)
        {
            try
            {
                await Task.Delay(Look, over);
                if (await introspection.Jwt(credential, over) is not null) continue;
                http.Abort();
                return;
            }
            catch (OperationCanceledException) { return; }
            catch (Problem e) when (e.Status == 503) { }
        }
    }

    /// <summary>Forms are taken from our own pages. Browsers say where they come from (Sec-Fetch-Site, else Origin), and pages can't forge it; programs need not say.</summary>
    private Problem? CrossSite(HttpContext http)
    {
        var headers = http.Request.Headers;
        var own = headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site ? site is "same-origin" or "none"
            : headers.Origin.ToString() is not { Length: > 0 } origin
                || origin.Equals(settings.PublicUrl.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
                || origin.Equals($"{http.Request.Scheme}://{http.Request.Host}", StringComparison.OrdinalIgnoreCase);
        return own ? null : Problem.Forbidden("request.crossSite", "Forms of other sites are not taken.");
    }

    private static (string Scheme, string Credential) Split(string authorization) =>
        authorization.IndexOf(' ') is > 0 and var space ? (authorization[..space], authorization[(space + 1)..].Trim()) : (authorization, "");
}

public static class CredentialsPipeline
{
    public static void UseCredentials(this WebApplication app)
    {
        var credentials = app.Services.GetRequiredService<Credentials>();
        app.Use(next => http => credentials.Check(http, next));
    }
}
