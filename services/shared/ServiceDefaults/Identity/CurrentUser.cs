using Microsoft.AspNetCore.Http;
using Role = Platform.ServiceDefaults.Roles;

namespace Platform.ServiceDefaults;

/// <summary>What staff may do. Roles are a set; editors may what writers may, admins may everything.</summary>
public static class Roles
{
    public const string Writer = "writer", Editor = "editor", Moderator = "moderator", Admin = "admin";
    public static readonly IReadOnlyList<string> All = [Writer, Editor, Moderator, Admin];
}

/// <summary>Who calls, from the verified JWT; as a handler's parameter it is always there, anonymous where nobody signed in.</summary>
public sealed record CurrentUser(Guid Id, string Name, IReadOnlySet<string> Roles)
{
    public static readonly CurrentUser Anonymous = new(Guid.Empty, "", new HashSet<string>());

    public bool IsAnonymous => Id == Guid.Empty;
    public bool IsWriter => Roles.Contains(Role.Writer) || IsEditor;
    public bool IsEditor => Roles.Contains(Role.Editor) || IsAdmin;
    public bool IsModerator => Roles.Contains(Role.Moderator) || IsAdmin;
    public bool IsAdmin => Roles.Contains(Role.Admin);

    public static ValueTask<CurrentUser> BindAsync(HttpContext http) => ValueTask.FromResult(From(http));

    public static CurrentUser From(HttpContext http) =>
        http.User.Identity?.IsAuthenticated == true && Guid.TryParse(http.User.FindFirst("sub")?.Value, out var id)
            ? new CurrentUser(id, http.User.FindFirst("name")?.Value ?? "", http.User.FindAll("roles").Select(c => c.Value).ToHashSet(StringComparer.Ordinal))
            : Anonymous;
}
