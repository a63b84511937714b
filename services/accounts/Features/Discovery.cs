using System.Buffers.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Tokens;
using Platform.Accounts.Keys;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Features;

/// <summary>Where services find the keys: the part of OpenID Connect Discovery that the stock JwtBearer handler reads.</summary>
public static class Discovery
{
    public const string ConfigurationPath = "/.well-known/openid-configuration", KeysPath = "/.well-known/jwks.json";

    /// <summary>The names are the standard's, with underscores; so they are written as they are.</summary>
    public static JsonHttpResult<Dictionary<string, object>> Configuration(IConfiguration configuration) => TypedResults.Json(new Dictionary<string, object>
    {
        ["issuer"] = ServiceDefaults.Identity.Issuer,
        ["jwks_uri"] = new Uri(PlatformSettings.Absolute(configuration, "ACCOUNTS_URL"), KeysPath).ToString(),
        ["id_token_signing_alg_values_supported"] = new[] { SecurityAlgorithms.EcdsaSha256 },
    });

    /// <summary>The published keys as a JWK set (RFC 7517).</summary>
    public static JsonHttpResult<Dictionary<string, object>> Keys(SigningKeys keys) => TypedResults.Json(new Dictionary<string, object> { ["keys"] = keys.Published.Select(Jwk).ToArray() });

    private static Dictionary<string, string> Jwk(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["kty"] = "EC",
            ["use"] = "sig",
            ["alg"] = SecurityAlgorithms.EcdsaSha256,
            ["kid"] = key.KeyId,
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }
}
