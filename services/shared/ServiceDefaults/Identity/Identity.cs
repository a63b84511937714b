using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace Platform.ServiceDefaults;

/// <summary>
/// Services trust only a short-lived JWT (RFC 7519, ES256) that Accounts signed, checked against its JWKS by the stock handler.
/// The gateway exchanges what callers hold for such a token; a service reached directly asks for one too.
/// </summary>
public static class Identity
{
    public const string Issuer = "platform", Audience = "platform";

    /// <summary>JWT authentication, and the policies writer, editor, moderator and admin.</summary>
    public static IHostApplicationBuilder AddIdentity(this IHostApplicationBuilder builder)
    {
        var accounts = PlatformSettings.Absolute(builder.Configuration, "ACCOUNTS_URL");
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(o =>
        {
            o.MetadataAddress = accounts + ".well-known/openid-configuration";
            o.RequireHttpsMetadata = false;   // inside the platform's own network
            o.MapInboundClaims = false;
            o.RefreshInterval = TimeSpan.FromSeconds(10);   // an unknown key asks Accounts again, at most so often
            o.BackchannelTimeout = TimeSpan.FromSeconds(1.5);
            o.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = Issuer,
                ValidAudience = Audience,
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                ClockSkew = TimeSpan.FromSeconds(10),
                NameClaimType = "name",
                RoleClaimType = "roles",
            };
            o.Events = new JwtBearerEvents
            {
                // Not a bad token but no keys to check it with: Accounts is away.
                OnAuthenticationFailed = c => c.Exception is InvalidOperationException or IOException or HttpRequestException or OperationCanceledException
                    ? throw Problem.Unavailable("accounts.unavailable", "Accounts is away; try again shortly.")
                    : Task.CompletedTask,
                OnChallenge = c => { c.HandleResponse(); return ProblemHandler.Write(c.HttpContext, Problem.Unauthenticated()); },
                OnForbidden = c => ProblemHandler.Write(c.HttpContext, Problem.Forbidden()),
            };
        });
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(Roles.Writer, p => p.RequireAuthenticatedUser().RequireRole(Roles.Writer, Roles.Editor, Roles.Admin))
            .AddPolicy(Roles.Editor, p => p.RequireAuthenticatedUser().RequireRole(Roles.Editor, Roles.Admin))
            .AddPolicy(Roles.Moderator, p => p.RequireAuthenticatedUser().RequireRole(Roles.Moderator, Roles.Admin))
            .AddPolicy(Roles.Admin, p => p.RequireAuthenticatedUser().RequireRole(Roles.Admin));
        return builder;
    }

    /// <summary>Only callers with this role (see <see cref="Roles"/>).</summary>
    public static TBuilder For<TBuilder>(this TBuilder builder, string role) where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(role);
}
