using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Accounts.Identity;
using Platform.Accounts.Keys;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Features;

/// <summary>INTROSPECTION_SECRET: what the gateway proves itself with.</summary>
public sealed class IntrospectionSettings
{
    private readonly byte[] _secretHash;

    public IntrospectionSettings(IConfiguration configuration)
    {
        if (configuration["INTROSPECTION_SECRET"] is not { Length: >= 32 } secret)
            throw new SettingException("INTROSPECTION_SECRET is missing or too short: at least 32 random characters, the same for the gateway and Accounts.");
        _secretHash = SHA256.HashData(Encoding.UTF8.GetBytes("Bearer " + secret));
    }

    public bool Accepts(string authorization) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(authorization)), _secretHash);
}

/// <summary>The gateway asks who holds a credential (RFC 7662), and gets a JWT to forward (the idea of RFC 9701).</summary>
public static class Introspect
{
    /// <param name="Exp">Unix time when the credential itself ends, or absent.</param>
    /// <param name="Jwt">Says who it is, for 60 s.</param>
    public sealed record IntrospectionView(bool Active,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sub = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Exp = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Jwt = null);

    private static readonly IntrospectionView Inactive = new(false);

    /// <summary>Form body <c>token</c>, and <c>token_type_hint</c> (which the token's prefix makes needless).</summary>
    /// <returns>200, with <c>active: false</c> for whatever is unknown, over, revoked or of a deactivated member; 401 without the gateway's secret.</returns>
    public static async Task<Ok<IntrospectionView>> Handle(HttpContext http, IntrospectionSettings settings, CredentialStore credentials, StaffStore staff, SigningKeys keys, TimeProvider clock, CancellationToken ct)
    {
        if (!settings.Accepts(http.Request.Headers.Authorization.ToString())) throw Problem.Unauthenticated();
        if (!http.Request.HasFormContentType) throw new Problem(415, "request.mediaType", "Send application/x-www-form-urlencoded.");
        var token = (await http.Request.ReadFormAsync(ct))["token"].ToString();
        var now = clock.Now();
        var found = token.StartsWith(Secret.Session, StringComparison.Ordinal) ? await FromSession(Secret.Hash(token), credentials, staff, now, ct)
            : token.StartsWith(Secret.Token, StringComparison.Ordinal) ? await FromToken(Secret.Hash(token), credentials, staff, now, ct)
            : null;
        return TypedResults.Ok(found is var (member, roles, end) ? new IntrospectionView(true, member.Id.ToString(), end?.ToUnixTimeSeconds(), keys.Sign(member.Id, member.Name, roles)) : Inactive);
    }

    private sealed record Holder(StaffMember Member, IEnumerable<string> Roles, DateTimeOffset? End);

    private static async Task<Holder?> FromSession(string hash, CredentialStore credentials, StaffStore staff, DateTimeOffset now, CancellationToken ct)
    {
        if (await credentials.FindSession(hash, ct) is not { } session || session.ExpiresAt <= now || session.Until <= now) return null;
        if (await staff.Find(session.MemberId, ct) is not { Active: true } member || session.CreatedAt < member.SessionsFrom) return null;
        var next = now + SignInRules.IdleLimit < session.Until ? now + SignInRules.IdleLimit : session.Until;
        if (next - session.ExpiresAt >= SignInRules.ExtendEvery) await credentials.Extend(hash, next, ct);
        return new(member, member.Roles, next);
    }

    private static async Task<Holder?> FromToken(string hash, CredentialStore credentials, StaffStore staff, DateTimeOffset now, CancellationToken ct)
    {
        if (await credentials.FindToken(hash, ct) is not { } token || token.ExpiresAt <= now) return null;
        if (await staff.Find(token.MemberId, ct) is not { Active: true } member) return null;
        return new(member, token.Roles.Where(r => member.Roles.Reaches(r)), token.ExpiresAt);
    }
}
