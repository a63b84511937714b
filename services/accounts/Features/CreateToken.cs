using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Features;

/// <summary>An API token as its owner sees it, without its secret.</summary>
public sealed record TokenView(Guid Id, string Name, IReadOnlyList<string> Roles, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    public static TokenView From(ApiToken token) => new(token.Id, token.Name, token.Roles, token.CreatedAt, token.ExpiresAt);
}

/// <summary>A member makes a token for a program that acts for them.</summary>
public static class CreateToken
{
    private const int MaxPerMember = 100;

    /// <param name="Name">What it is for; at most 80 characters.</param>
    /// <param name="Roles">At most what the caller's own reach.</param>
    /// <param name="ExpiresAt">In the future; absent: until revoked.</param>
    public sealed record CreateTokenRequest(string? Name = null, IReadOnlyList<string?>? Roles = null, DateTimeOffset? ExpiresAt = null);

    /// <param name="Token">The secret, shown this once.</param>
    public sealed record CreatedTokenView(Guid Id, string Name, IReadOnlyList<string> Roles, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string Token);

    /// <summary>Makes a token.</summary>
    /// <returns>201; 400; 403 when a role is beyond the caller's; 422 <c>token.expiryInPast</c> or <c>token.tooMany</c>.</returns>
    public static async Task<Created<CreatedTokenView>> Handle(CreateTokenRequest request, NewId newId, CurrentUser user, CredentialStore credentials, PlatformSettings settings, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var name = errors.Text(request.Name, 80);
        var roles = RoleSet.Read(request.Roles, errors);
        errors.ThrowIfAny();
        if (roles.Any(r => !user.Roles.Reaches(r))) throw Problem.Forbidden("token.roles", "A token's roles can't reach further than your own.");
        var now = clock.Now();
        if (request.ExpiresAt <= now) throw Problem.Rule("token.expiryInPast", "The token would be over already.");
        if (await credentials.CountTokens(user.Id, ct) >= MaxPerMember) throw Problem.Rule("token.tooMany", $"At most {MaxPerMember} tokens; revoke one first.");

        var secret = Secret.New(Secret.Token);
        await credentials.Put(new ApiToken(newId.Value, Secret.Hash(secret), user.Id, name, roles, now, request.ExpiresAt), ct);
        return TypedResults.Created(settings.Public($"/api/tokens/{newId.Value}"), new CreatedTokenView(newId.Value, name, roles, now, request.ExpiresAt, secret));
    }
}
