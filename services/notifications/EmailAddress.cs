using System.Globalization;
using System.Text;

namespace Platform.Notifications;

/// <summary>An e-mail address that mail can be sent to (RFC 5321 dot-string, with RFC 6531's letters; no quoted local part, no IP literal).</summary>
/// <param name="Given">As the reader wrote it.</param>
/// <param name="Mailbox">What goes on the wire: the domain in ASCII (IDNA).</param>
/// <param name="Key">The same for every way of writing one mailbox: lower case, NFC, domain in ASCII. No host of today tells mailboxes apart by case.</param>
public sealed record EmailAddress(string Given, string Mailbox, string Key)
{
    public const int MaxLength = 254;
    private const int MaxLocal = 64, MaxDomain = 253;
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <returns>Null where no mail could go there.</returns>
    public static EmailAddress? TryParse(string text)
    {
        if (text.Length is 0 or > MaxLength) return null;
        text = text.Trim().Normalize(NormalizationForm.FormC);
        var at = text.LastIndexOf('@');
        if (at <= 0 || !IsLocal(text[..at]) || Ascii(text[(at + 1)..]) is not { } domain) return null;
        var mailbox = text[..at] + "@" + domain;
        return mailbox.Length > MaxLength ? null : new(text, mailbox, mailbox.ToLowerInvariant().Normalize(NormalizationForm.FormC));
    }

    /// <summary>For people who may know that there is such a subscriber, but not who: <c>a•••@example.org</c>.</summary>
    public static string Mask(string address)
    {
        var at = address.LastIndexOf('@');
        return at <= 0 ? "•••" : string.Concat(address.EnumerateRunes().First().ToString(), "•••", address.AsSpan(at));
    }

    private static bool IsLocal(string local) =>
        Encoding.UTF8.GetByteCount(local) <= MaxLocal && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal)
        && local.EnumerateRunes().All(r => r.IsAscii ? Rune.IsLetterOrDigit(r) || ".!#$%&'*+-/=?^_`{|}~".Contains((char)r.Value) : Rune.IsLetterOrDigit(r) || Rune.GetUnicodeCategory(r) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static string? Ascii(string domain)
    {
        try
        {
            var ascii = Idn.GetAscii(domain).ToLowerInvariant();
            var last = ascii[(ascii.LastIndexOf('.') + 1)..];
            return ascii.Length <= MaxDomain && last.Length > 1 && last.Length < ascii.Length && !last.All(char.IsAsciiDigit) ? ascii : null;
        }
        catch (ArgumentException) { return null; }
    }
}
