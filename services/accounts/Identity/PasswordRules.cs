using System.Text;
using Microsoft.AspNetCore.Identity;
using Platform.ServiceDefaults;

namespace Platform.Accounts.Identity;

/// <summary>What a password must be (NIST SP 800-63B, 5.1.1.2): long, and not one that everyone tries first. No rules about kinds of characters.</summary>
public sealed class PasswordRules : IPasswordValidator<StaffMember>
{
    public const int MinLength = 12, MaxLength = 128;

    // Beginnings of the long passwords in every list of leaked ones; what follows them is digits and signs.
    private static readonly string[] Common =
    [
        "password", "passw0rd", "p@ssword", "p@ssw0rd", "qwerty", "qwertyuiop", "azerty", "letmein", "welcome", "iloveyou", "admin", "administrator", "root", "master",
        "dragon", "monkey", "football", "baseball", "sunshine", "princess", "superman", "batman", "trustno", "changeme", "default", "secret", "test", "guest", "user", "login",
        "abc", "abcdef", "abcdefghijkl", "asdfgh", "asdfghjkl", "zxcvbn", "zxcvbnm", "qazwsx", "qazwsxedc", "qwertyuiopasdfghjkl", "qwertyuiopasdfghjklzxcvbnm", "newsroom", "journalist", "platform",
    ];

    public Task<IdentityResult> ValidateAsync(UserManager<StaffMember> manager, StaffMember user, string? password)
    {
        var errors = Check(password ?? "", user.Email);
        return Task.FromResult(errors.Count == 0 ? IdentityResult.Success : IdentityResult.Failed([.. errors.Select(e => new IdentityError { Code = "Password", Description = e })]));
    }

    /// <summary>Passwords are compared in NFC, as typed on any keyboard.</summary>
    public static string Normalise(string password) => FieldErrors.IsWellFormed(password) ? password.Normalize(NormalizationForm.FormC) : "";

    /// <summary>What is wrong with the password, in English; empty when nothing is.</summary>
    public static IReadOnlyList<string> Check(string password, string email)
    {
        var length = password.EnumerateRunes().Count();
        if (length is < MinLength or > MaxLength) return [$"From {MinLength} to {MaxLength} characters."];
        return IsGuessable(password.ToLowerInvariant(), email) ? ["Too easy to guess: choose several words, or let a program choose."] : [];
    }

    private static bool IsGuessable(string password, string email)
    {
        if (password.Distinct().Count() < 5) return true;
        if (IsRun(password)) return true;
        var local = email.Split('@')[0];
        // Only what is left beside a common word or the address protects: less than 6 characters of it is nothing.
        return Common.Append(local).Append(email).Where(w => w.Length > 2).Any(w => password.Replace(w, "", StringComparison.Ordinal) is var rest
            && rest.Length < password.Length && (rest.Count(char.IsLetter) == 0 || rest.Length < 6));
    }

    /// <summary>123456789012, abcdefghijkl, and the same backwards.</summary>
    private static bool IsRun(string password)
    {
        var steps = password.Zip(password.Skip(1), (a, b) => b - a).ToList();
        return steps.Count(s => s is 1 or -1 or 0 or 9 or -9) >= steps.Count - 1;
    }
}
