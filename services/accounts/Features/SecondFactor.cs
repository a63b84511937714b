using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Platform.Accounts.Identity;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Features;

/// <summary>A member's second factor: time-based one-time codes (RFC 6238) from an app on their phone.</summary>
public static class SecondFactor
{
    /// <param name="Code">Six digits.</param>
    public sealed record SecondFactorRequest(string Code);

    /// <param name="Secret">For typing in; base32 (RFC 4648), 160 bits.</param>
    /// <param name="Uri">The same as <c>otpauth:</c> address, for a QR code.</param>
    public sealed record SecondFactorView(string Secret, string Uri);

    /// <summary>Makes a secret; codes are asked for only once <see cref="Enable"/> has seen one. Asking again makes another.</summary>
    /// <returns>200; 409 <c>secondFactor.on</c> when it is on already.</returns>
    public static async Task<Ok<SecondFactorView>> Begin(CurrentUser user, StaffStore staff, UserManager<StaffMember> users, PlatformSettings settings, CancellationToken ct)
    {
        var member = await GetMe.Member(user, staff, ct);
        if (member.SecondFactor) throw Problem.Conflict("secondFactor.on", "The second factor is on; switch it off first.");
        Require(await users.ResetAuthenticatorKeyAsync(member));
        var secret = (await users.GetAuthenticatorKeyAsync(member))!;
        var issuer = Uri.EscapeDataString(settings.PublicUrl.Host);
        return TypedResults.Ok(new SecondFactorView(secret, $"otpauth://totp/{issuer}:{Uri.EscapeDataString(member.Email)}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"));
    }

    /// <summary>Switches the second factor on, with a code as proof that the app has the secret.</summary>
    /// <returns>204; 409 <c>secondFactor.on</c>; 422 <c>secondFactor.notBegun</c> or <c>secondFactor.wrongCode</c>; 429.</returns>
    public static async Task<NoContent> Enable(SecondFactorRequest request, CurrentUser user, StaffStore staff, UserManager<StaffMember> users, SecondFactorCheck check, CancellationToken ct)
    {
        var member = await GetMe.Member(user, staff, ct);
        if (member.SecondFactor) throw Problem.Conflict("secondFactor.on", "The second factor is on already.");
        await Switch(on: true, member, request, users, check, ct);
        return TypedResults.NoContent();
    }

    /// <summary>Switches the second factor off, with a code: who finds a browser signed in can't.</summary>
    /// <returns>204, also where it was off; 422 <c>secondFactor.wrongCode</c>; 429.</returns>
    public static async Task<NoContent> Disable([FromBody] SecondFactorRequest request, CurrentUser user, StaffStore staff, UserManager<StaffMember> users, SecondFactorCheck check, CancellationToken ct)
    {
        var member = await GetMe.Member(user, staff, ct);
        if (member.SecondFactor) await Switch(on: false, member, request, users, check, ct);
        return TypedResults.NoContent();
    }

    private static async Task Switch(bool on, StaffMember member, SecondFactorRequest request, UserManager<StaffMember> users, SecondFactorCheck check, CancellationToken ct)
    {
        if (member.SecondFactorSecret is null) throw Problem.Rule("secondFactor.notBegun", "Ask for a secret first.");
        if (!await check.IsRight(member, request.Code, ct)) throw Problem.Rule("secondFactor.wrongCode", "The code is wrong, old or used.");
        Require(await users.SetTwoFactorEnabledAsync(member, on));
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded) throw Problem.Conflict("staff.changedMeanwhile", "The account was changed at the same moment; try again.");
    }
}
