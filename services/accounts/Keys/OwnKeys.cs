using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Platform.Accounts.Keys;

/// <summary>Accounts checks JWTs with its own keys, where the other services ask it for them.</summary>
public sealed class OwnKeys(SigningKeys keys) : IConfigurationManager<OpenIdConnectConfiguration>
{
    public static void Use(JwtBearerOptions options, SigningKeys keys)
    {
        options.ConfigurationManager = new OwnKeys(keys);
        options.Events.OnMessageReceived = context =>
        {
            // The gateway's secret is a bearer credential too, but no JWT.
            if (context.HttpContext.Request.Path.StartsWithSegments("/internal", StringComparison.Ordinal)) context.NoResult();
            return Task.CompletedTask;
        };
    }

    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        var configuration = new OpenIdConnectConfiguration { Issuer = ServiceDefaults.Identity.Issuer };
        foreach (var key in keys.Published) configuration.SigningKeys.Add(key);
        return Task.FromResult(configuration);
    }

    public void RequestRefresh() { }
}
