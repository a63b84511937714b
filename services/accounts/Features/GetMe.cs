using Microsoft.AspNetCore.Http.HttpResults;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Features;

/// <summary>Who a caller is.</summary>
/// <param name="Roles">What the credential reaches: an API token's roles may be fewer than its owner's.</param>
public sealed record MeView(Guid Id, string Email, string Name, IReadOnlyList<string> Roles)
{
    public static MeView From(StaffMember member, IEnumerable<string> roles) => new(member.Id, member.Email, member.Name, [.. roles.Order(StringComparer.Ordinal)]);
}

public static class GetMe
{
    /// <summary>Who the caller is.</summary>
    /// <returns>200; 401.</returns>
    public static async Task<Ok<MeView>> Handle(CurrentUser user, StaffStore staff, CancellationToken ct) => TypedResults.Ok(MeView.From(await Member(user, staff, ct), user.Roles));

    /// <summary>The signed-in member's own document.</summary>
    public static async Task<StaffMember> Member(CurrentUser user, StaffStore staff, CancellationToken ct) => await staff.Find(user.Id, ct) ?? throw Problem.Unauthenticated();
}
