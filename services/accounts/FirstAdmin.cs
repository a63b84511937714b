using Microsoft.AspNetCore.Identity;
using Platform.Accounts.Identity;
using Platform.ServiceDefaults;

namespace Platform.Accounts;

/// <summary>PLATFORM_ADMIN_EMAIL and PLATFORM_ADMIN_PASSWORD: both or neither.</summary>
public sealed class FirstAdminSettings
{
    public FirstAdminSettings(IConfiguration configuration)
    {
        Email = configuration["PLATFORM_ADMIN_EMAIL"] is { Length: > 0 } email ? EmailAddress.Normalise(email) : null;
        Password = configuration["PLATFORM_ADMIN_PASSWORD"] is { Length: > 0 } password ? PasswordRules.Normalise(password) : null;
        if (Email is null && Password is null) return;
        if (Email is null || !EmailAddress.IsValid(Email)) throw new SettingException("PLATFORM_ADMIN_EMAIL must be an e-mail address such as editor@example.org.");
        if (Password is null || PasswordRules.Check(Password, Email) is not [])
            throw new SettingException($"PLATFORM_ADMIN_PASSWORD must have {PasswordRules.MinLength} to {PasswordRules.MaxLength} characters and be hard to guess.");
    }

    public string? Email { get; }
    public string? Password { get; }
}

/// <summary>Makes the first admin at start. Whoever has the address already stays as they are, so a start more, or a replica more, changes nothing.</summary>
/// <remarks>An operator who has locked every admin out sets another PLATFORM_ADMIN_EMAIL and starts again.</remarks>
public sealed partial class FirstAdmin(FirstAdminSettings settings, StaffStore staff, IPasswordHasher<StaffMember> hasher, TimeProvider clock, ILogger<FirstAdmin> logger)
{
    public async Task Ensure(CancellationToken ct)
    {
        await staff.CreateIndexes(ct);   // the unique address is what decides between replicas
        if (settings is not { Email: { } email, Password: { } password })
        {
            if (!await staff.AnotherAdmin(Guid.Empty, ct)) Log.NoAdmin(logger);
            return;
        }
        if (await staff.FindByEmail(email, ct) is not null) return;
        var admin = new StaffMember { Id = Guid.CreateVersion7(), Email = email, Name = "Admin", Roles = [Roles.Admin], CreatedAt = clock.Now() };
        admin.PasswordHash = hasher.HashPassword(admin, password);
        if (await staff.Insert(admin, ct)) Log.Made(logger, admin.Id);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Made the first admin {MemberId}")]
        public static partial void Made(ILogger logger, Guid memberId);

        [LoggerMessage(LogLevel.Warning, "There is no active admin: set PLATFORM_ADMIN_EMAIL and PLATFORM_ADMIN_PASSWORD and start again")]
        public static partial void NoAdmin(ILogger logger);
    }
}
