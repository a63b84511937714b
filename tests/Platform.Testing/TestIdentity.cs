using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Platform.ServiceDefaults;

namespace Platform.Testing;

/// <summary>Signs JWTs as Accounts does, for services that are tested alone.</summary>
public static class TestIdentity
{
    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    /// <summary>A JWT for a member of staff.</summary>
    public static string Token(Guid id, string name, IEnumerable<string> roles, DateTime? expires = null) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Identity.Issuer,
        Audience = Identity.Audience,
        IssuedAt = DateTime.UtcNow.AddMinutes(-2),
        NotBefore = DateTime.UtcNow.AddMinutes(-2),
        Expires = expires ?? DateTime.UtcNow.AddHours(1),
        Claims = new Dictionary<string, object> { ["sub"] = id.ToString(), ["name"] = name, ["roles"] = roles.ToArray() },
        SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
    });

    /// <summary>Makes a service trust <see cref="Token"/> instead of asking Accounts for its keys.</summary>
    public static void Trust(IServiceCollection services) => services.Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, o =>
    {
        var configuration = new OpenIdConnectConfiguration { Issuer = Identity.Issuer };
        configuration.SigningKeys.Add(Key);
        o.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(configuration);
    });

    /// <summary>Signs the client in.</summary>
    public static HttpClient As(this HttpClient client, string token)
    {
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
