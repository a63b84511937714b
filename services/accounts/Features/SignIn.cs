using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Platform.Accounts.Identity;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Features;

/// <summary>A member of the newsroom signs in with a browser.</summary>
public static partial class SignIn
{
    /// <param name="Email">The account's address; case does not matter.</param>
    /// <param name="Password">At most 1,024 characters.</param>
    /// <param name="Code">The second factor's six digits, where it is on.</param>
    public sealed record SignInRequest(string Email, string Password, string? Code = null);

    /// <summary>Checks the credentials and begins a session, whose secret is in the cookie alone.</summary>
    /// <returns>200; 401 <c>session.wrong</c>, the same for every cause; 401 <c>session.secondFactor</c> when a code is due; 429 from the 6th failure in 15 min for one account from one address.</returns>
    public static async Task<Ok<MeView>> Handle(SignInRequest request, UserManager<StaffMember> users, UnknownAccount unknown, SecondFactorCheck secondFactor, SignInTurns turns,
        CredentialStore credentials, PlatformSettings settings, TimeProvider clock, HttpContext http, ILogger<SignInTurns> logger, CancellationToken ct)
    {
        var errors = new FieldErrors().Check(request.Password.Length <= 1024, "password", "At most 1024 characters.");
        var typed = errors.Text(request.Email, EmailAddress.MaxLength);
        errors.ThrowIfAny();
        var email = EmailAddress.Normalise(typed);

        StaffMember member;
        using (await turns.Take(email + ClientAddress.Network(ClientAddress.Of(http)), ct))
        {
            member = await users.FindByEmailAsync(email) ?? unknown.For(email);
            await ThrowIfLocked(users, member, clock);
            if (!await IsRight(request, member, users, secondFactor, ct))
            {
                Log.Failed(logger, member.Id);
                await users.AccessFailedAsync(member);
                await ThrowIfLocked(users, member, clock);
                throw Problem.Unauthenticated("session.wrong", "The address, the password or the code is wrong.");
            }
            await users.ResetAccessFailedCountAsync(member);
        }
        await BeginSession(member.Id, credentials, settings, clock.Now(), http, ct);
        Log.SignedIn(logger, member.Id);
        return TypedResults.Ok(MeView.From(member, member.Roles));
    }

    private static async Task<bool> IsRight(SignInRequest request, StaffMember member, UserManager<StaffMember> users, SecondFactorCheck secondFactor, CancellationToken ct)
    {
        // The password is checked whoever it is for: every failure takes the same time.
        if (!await users.CheckPasswordAsync(member, PasswordRules.Normalise(request.Password)) || !member.Active) return false;
        if (!member.SecondFactor) return true;
        if (request.Code is null) throw Problem.Unauthenticated("session.secondFactor", "Send the code of the second factor too.");
        return await secondFactor.IsRight(member, request.Code, ct);
    }

    private static async Task ThrowIfLocked(UserManager<StaffMember> users, StaffMember member, TimeProvider clock)
    {
        if (await users.IsLockedOutAsync(member)) throw SecondFactorCheck.TooManyAttempts((await users.GetLockoutEndDateAsync(member) ?? default) - clock.GetUtcNow());
    }

    private static async Task BeginSession(Guid memberId, CredentialStore credentials, PlatformSettings settings, DateTimeOffset now, HttpContext http, CancellationToken ct)
    {
        var secret = Secret.New(Secret.Session);
        await credentials.Add(new Session(Secret.Hash(secret), memberId, now, now + SignInRules.Limit, now + SignInRules.IdleLimit), ct);
        http.Response.Cookies.Append(settings.SessionCookie, secret, Cookie(settings, SignInRules.Limit));
    }

    /// <summary>The session cookie's attributes: not for scripts, not for other sites' requests save plain links.</summary>
    public static CookieOptions Cookie(PlatformSettings settings, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = settings.PublicUrl.Scheme == Uri.UriSchemeHttps,
        Path = "/",
        MaxAge = maxAge,
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{MemberId} signed in")]
        public static partial void SignedIn(ILogger logger, Guid memberId);

        [LoggerMessage(LogLevel.Information, "A sign-in failed for {MemberId} (all zeros: no such account)")]
        public static partial void Failed(ILogger logger, Guid memberId);
    }
}
