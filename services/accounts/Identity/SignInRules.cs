using Microsoft.AspNetCore.Identity;

namespace Platform.Accounts.Identity;

/// <summary>Numbers of signing in.</summary>
public static class SignInRules
{
    /// <summary>The session ends after so long without use …</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromHours(12);

    /// <summary>… and after so long in any case.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromDays(7);

    /// <summary>Use moves the idle limit at most so often: a write per page would be one too many.</summary>
    public static readonly TimeSpan ExtendEvery = TimeSpan.FromMinutes(5);

    public static void Configure(IdentityOptions options)
    {
        options.Lockout.MaxFailedAccessAttempts = 6;   // the 6th failure locks
        options.Lockout.DefaultLockoutTimeSpan = AttemptStore.Window;
        options.User.RequireUniqueEmail = true;
        options.User.AllowedUserNameCharacters = "";   // the name is the address, and that has been checked
    }
}
