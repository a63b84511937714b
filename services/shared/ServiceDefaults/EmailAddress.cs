using System.Globalization;
using System.Text;

namespace Platform.ServiceDefaults;

/// <summary>E-mail addresses in their common form (RFC 5321, RFC 6531): no quotes, no comments, no address literals, a domain with a dot.</summary>
public static class EmailAddress
{
    /// <summary>In characters, and in octets of the form that mail is sent with.</summary>
    public const int MaxLength = 254;
    private const int MaxLocalLength = 64;
    private static readonly IdnMapping Idna = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    /// <summary>Whether mail could be sent there; whether it arrives, only mail can tell.</summary>
    public static bool IsValid(string email)
    {
        var at = email.IndexOf('@');
        if (at < 1 || at != email.LastIndexOf('@') || email.Length > MaxLength || !FieldErrors.IsWellFormed(email)) return false;
        var local = email[..at];
        return Encoding.UTF8.GetByteCount(local) <= MaxLocalLength && !local.StartsWith('.') && !local.EndsWith('.') && !local.Contains("..", StringComparison.Ordinal)
            && local.EnumerateRunes().All(MayStandInLocal)
            && Ascii(email[(at + 1)..]) is { } domain && domain.Contains('.') && local.Length + 1 + domain.Length <= MaxLength;
    }

    /// <summary>One spelling for one mailbox, to compare by: NFC, lower case, the domain in ASCII (IDNA).</summary>
    /// <param name="email">A valid address.</param>
    public static string Normalise(string email)
    {
        email = email.Trim().Normalize(NormalizationForm.FormC).ToLowerInvariant();
        var at = email.LastIndexOf('@');
        return at < 0 ? email : email[..(at + 1)] + (Ascii(email[(at + 1)..]) ?? email[(at + 1)..]);
    }

    private static bool MayStandInLocal(Rune rune) => rune.IsAscii
        ? Rune.IsLetterOrDigit(rune) || "!#$%&'*+-/=?^_`{|}~.".Contains((char)rune.Value)
        : Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static string? Ascii(string domain)
    {
        try { return Idna.GetAscii(domain).ToLowerInvariant() is var ascii && !ascii.EndsWith('.') ? ascii : null; }
        catch (ArgumentException) { return null; }
    }
}
