using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Features;

/// <summary>The browser's session ends, at once and for good.</summary>
public static class SignOut
{
    /// <summary>Ends the session whose cookie is sent, and takes the cookie back. A caller with an API token has no session; nothing happens then.</summary>
    /// <returns>204.</returns>
    public static async Task<NoContent> Handle(CredentialStore credentials, PlatformSettings settings, HttpContext http, CancellationToken ct)
    {
        if (http.Request.Cookies[settings.SessionCookie] is { Length: > 0 } secret)
        {
            await credentials.EndSession(Secret.Hash(secret), ct);
            http.Response.Cookies.Delete(settings.SessionCookie, SignIn.Cookie(settings, null));
        }
        return TypedResults.NoContent();
    }
}
