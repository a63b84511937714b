using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Identity;

/// <summary>Checks one-time codes (TOTP, RFC 6238): each works once, and guessing ends after 30 wrong ones in a quarter of an hour, wherever they come from.</summary>
/// <remarks>Whoever guesses codes at sign-in knows the password already; a limit for the whole account is right here, while it would not be for passwords.</remarks>
public sealed partial class SecondFactorCheck(UserManager<StaffMember> users, AttemptStore attempts, ILogger<SecondFactorCheck> logger)
{
    private const int MaxFailures = 30;

    /// <exception cref="Problem">429 when too many were wrong.</exception>
    public async Task<bool> IsRight(StaffMember member, string? code, CancellationToken ct)
    {
        var subject = $"code:{member.Id}";
        if (await attempts.Failures(subject, ct) >= MaxFailures) throw TooManyAttempts(AttemptStore.Window);
        if (code is { Length: 6 } && code.All(char.IsAsciiDigit) && await Matches(member, code) && await attempts.UseCode(member.Id, code, ct)) return true;
        await attempts.Fail(subject, ct);
        return false;
    }

    public static Problem TooManyAttempts(TimeSpan wait) => new(429, "session.tooManyAttempts", "Too many failed attempts; try again later.") { RetryAfter = wait };

    private async Task<bool> Matches(StaffMember member, string code)
    {
        try
        {
            return await users.VerifyTwoFactorTokenAsync(member, TokenOptions.DefaultAuthenticatorProvider, code);
        }
        catch (CryptographicException e)
        {
            Log.Unreadable(logger, e, member.Id);   // SERVICE_SECRET was replaced: an operator must know, a guesser need not
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The second factor of {MemberId} was sealed under another SERVICE_SECRET and can't be read")]
        public static partial void Unreadable(ILogger logger, Exception exception, Guid memberId);
    }
}
