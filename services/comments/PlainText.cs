using System.Globalization;
using System.Text;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Comments;

/// <summary>
/// Cleans what guests type: NFC, no control characters, and none that would reorder their neighbours on the page
/// (bidirectional embeddings, overrides and isolates, UAX #9). Ill-formed text (see <see cref="FieldErrors.IsWellFormed"/>) comes back as it is, for the caller to refuse.
/// </summary>
public static class PlainText
{
    private const int ZeroWidthNonJoiner = 0x200c, ZeroWidthJoiner = 0x200d;

    /// <summary>One line: runs of white space are one space. Of the invisible characters only those stay that join or part letters.</summary>
    /// <returns>Null where nothing visible is left.</returns>
    public static string? Line(string? text) =>
        Clean(text, r => r.Value is ZeroWidthJoiner or ZeroWidthNonJoiner || Rune.GetUnicodeCategory(r) != UnicodeCategory.Format, Normaliser.OneLine);

    /// <summary>Many lines: every kind of line break is \n. Single directional marks (LRM, RLM, ALM) stay: mixed text needs them, and they move nothing else.</summary>
    /// <returns>Null where nothing visible is left.</returns>
    public static string? Lines(string? text) =>
        Clean(text?.ReplaceLineEndings("\n"), r => r.Value is not (>= 0x202a and <= 0x202e or >= 0x2066 and <= 0x206f or 0xfeff), t => t.Trim());

    private static string? Clean(string? text, Func<Rune, bool> stays, Func<string, string> finish)
    {
        if (text is null || !FieldErrors.IsWellFormed(text)) return text;
        var clean = new StringBuilder(text.Length);
        Span<char> chars = stackalloc char[2];
        foreach (var rune in Normaliser.Nfc(text).EnumerateRunes())
            if (stays(rune)) clean.Append(chars[..rune.EncodeToUtf16(chars)]);
        return clean.ToString().EnumerateRunes().Any(IsVisible) ? finish(clean.ToString()) : null;
    }

    // Blank letters and the blank Braille pattern look like nothing, although their category says letter or symbol.
    private static bool IsVisible(Rune rune) => rune.Value is not (0x115f or 0x1160 or 0x2800 or 0x3164 or 0xffa0)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned);
}
