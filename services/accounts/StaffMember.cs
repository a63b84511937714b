using Platform.ServiceDefaults;

namespace Platform.Accounts;

/// <summary>A member of the newsroom who can sign in. Settable where ASP.NET Core Identity sets; changes by people go through <see cref="Change"/>.</summary>
public sealed record StaffMember : IDocument
{
    public required Guid Id { get; init; }

    /// <summary>Raised by every write; the ETag of the staff document.</summary>
    public long Version { get; set; } = 1;

    /// <summary>As <see cref="EmailAddress.Normalise"/> makes it; unique.</summary>
    public required string Email { get; init; }

    /// <summary>At most 80 characters; readers see it where staff comment.</summary>
    public required string Name { get; init; }

    /// <summary>See <see cref="Roles"/>; sorted, each once, perhaps none.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    public bool Active { get; init; } = true;

    /// <summary>ASP.NET Core Identity's format 3 (PBKDF2).</summary>
    public string? PasswordHash { get; set; }

    /// <summary>The second factor's shared secret, sealed; there before <see cref="SecondFactor"/> is on.</summary>
    public byte[]? SecondFactorSecret { get; set; }

    /// <summary>Whether signing in asks for a code.</summary>
    public bool SecondFactor { get; set; }

    /// <summary>Sessions that began before this are over: whoever was deactivated signs in anew.</summary>
    public DateTimeOffset SessionsFrom { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public bool IsActiveAdmin() => Active && Roles.Contains(ServiceDefaults.Roles.Admin);

    /// <summary>What an admin decides about a member.</summary>
    public StaffMember Change(string name, IReadOnlyList<string> roles, bool active, DateTimeOffset now) => this with
    {
        Version = Version + 1,
        Name = name,
        Roles = roles,
        Active = active,
        SessionsFrom = Active && !active ? now : SessionsFrom,
    };
}

/// <summary>Sets of roles: how they are given, and what one reaches of another.</summary>
public static class RoleSet
{
    /// <summary>The roles asked for, sorted and each once; an unknown or absent one is an error of the field.</summary>
    public static IReadOnlyList<string> Read(IReadOnlyList<string?>? roles, FieldErrors errors)
    {
        if (roles is null) errors.Add("roles", "Required.");
        else if (roles.Any(r => r is null || !Roles.All.Contains(r))) errors.Add("roles", $"Of {string.Join(", ", Roles.All)}.");
        else return [.. roles.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return [];
    }

    /// <summary>Whether someone with these roles may do what the role may: admins everything, editors what writers may.</summary>
    public static bool Reaches(this IEnumerable<string> own, string role) =>
        own.Any(r => r == role || r == Roles.Admin || (r == Roles.Editor && role == Roles.Writer));
}
