using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Platform.Accounts.Identity;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Features;

/// <summary>A member as admins see them.</summary>
/// <param name="SecondFactor">Whether signing in asks for a code.</param>
public sealed record StaffView(Guid Id, long Version, string Email, string Name, IReadOnlyList<string> Roles, bool Active, bool SecondFactor, DateTimeOffset CreatedAt)
{
    public static StaffView From(StaffMember m) => new(m.Id, m.Version, m.Email, m.Name, m.Roles, m.Active, m.SecondFactor, m.CreatedAt);
}

public static class ListStaff
{
    /// <summary>All members, in the order they were added.</summary>
    /// <returns>200; 400 for a wrong cursor or limit.</returns>
    public static async Task<Ok<Page<StaffView>>> Handle(PageRequest page, StaffStore staff, Cursors cursors, CancellationToken ct) =>
        TypedResults.Ok(page.Cut(await staff.List(PageKey.Read(page), page.Limit, ct), cursors, m => [m.Id.ToString()], StaffView.From));
}

public static class GetStaff
{
    /// <summary>One member, with the ETag that a change asks for.</summary>
    /// <returns>200; 304; 404.</returns>
    public static async Task<Versioned<StaffView>> Handle(Guid id, StaffStore staff, CancellationToken ct) =>
        await staff.Find(id, ct) is { } member ? new(StaffView.From(member), member.Version) : throw Problem.NotFound("staff");
}

/// <summary>An admin takes someone on.</summary>
public static class AddStaff
{
    /// <param name="Email">At most 254 characters; nobody else's here.</param>
    /// <param name="Name">At most 80 characters.</param>
    /// <param name="Roles">Perhaps none.</param>
    /// <param name="Password">See <see cref="PasswordRules"/>.</param>
    public sealed record AddStaffRequest(string? Email = null, string? Name = null, IReadOnlyList<string?>? Roles = null, string? Password = null);

    /// <summary>Adds a member, who can sign in at once.</summary>
    /// <returns>201; 400; 409 <c>staff.emailTaken</c>.</returns>
    public static async Task<Versioned<StaffView>> Handle(AddStaffRequest request, NewId newId, UserManager<StaffMember> users, StaffAnnouncer announcer, PlatformSettings settings, TimeProvider clock)
    {
        var errors = new FieldErrors();
        var email = errors.Email(request.Email);
        var (name, roles) = (errors.Text(request.Name, 80), RoleSet.Read(request.Roles, errors));
        var password = PasswordRules.Normalise(request.Password ?? "");
        foreach (var error in PasswordRules.Check(password, email)) errors.Add("password", error);
        errors.ThrowIfAny();

        var member = new StaffMember { Id = newId.Value, Email = EmailAddress.Normalise(email), Name = name, Roles = roles, CreatedAt = clock.Now() };
        var result = await users.CreateAsync(member, password);
        if (!result.Succeeded) throw Problem.Conflict("staff.emailTaken", "Another member has this address.");
        announcer.Changed();
        return new(StaffView.From(member), member.Version, StatusCodes.Status201Created, settings.Public($"/api/staff/{member.Id}"));
    }
}

/// <summary>An admin changes what someone is called and may do, or whether they may sign in at all.</summary>
public static class ChangeStaff
{
    public sealed record ChangeStaffRequest(string? Name = null, IReadOnlyList<string?>? Roles = null, bool? Active = null);

    /// <summary>Changes a member; felt everywhere within 5 s. Deactivating ends the member's sessions for good, and their tokens for as long.</summary>
    /// <returns>200; 400; 404; 412; 422 <c>staff.lastAdmin</c>; 428.</returns>
    public static async Task<Versioned<StaffView>> Handle(Guid id, ChangeStaffRequest request, IfMatch expected, StaffStore staff, LastAdmin lastAdmin, StaffAnnouncer announcer, TimeProvider clock, CancellationToken ct)
    {
        var errors = new FieldErrors();
        var name = errors.Text(request.Name, 80);
        var roles = RoleSet.Read(request.Roles, errors);
        errors.Check(request.Active is not null, "active", "Required.").ThrowIfAny();

        var member = await staff.Find(id, ct) ?? throw Problem.NotFound("staff");
        expected.Check(member.Version, "staff");
        var next = member.Change(name, roles, request.Active!.Value, clock.Now());
        var saved = member.IsActiveAdmin() && !next.IsActiveAdmin()
            ? await lastAdmin.WhileAnotherRemains(id, () => staff.Save(next, ct), ct)
            : await staff.Save(next, ct);
        if (!saved) throw Problem.Stale("staff");
        announcer.Changed();
        return new(StaffView.From(next), next.Version);
    }
}
