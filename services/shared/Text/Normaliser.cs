using System.Buffers;
using System.Globalization;
using System.Text;

namespace Platform.Text;

/// <summary>
/// The one normaliser of Arabic and other text. Total and linear: any UTF-16 goes in, also hostile one.
/// <see cref="Nfc"/> is what is kept and shown, <see cref="Fold"/> what is compared and never shown.
/// </summary>
public static class Normaliser
{
    /// <summary>
    /// Combining marks kept in a row. Real text stays far below (UAX #15, 13: Stream-Safe Text Format); beyond it, normalising takes quadratic time.
    /// </summary>
    public const int MaxMarks = 30;

    /// <summary>Text to keep: well-formed, in NFC, without control characters other than tab and line ends, at most <see cref="MaxMarks"/> marks in a row.</summary>
    public static string Nfc(string text) => Safe(text).Normalize(NormalizationForm.FormC);

    /// <summary>As <see cref="Nfc"/>, on one line: runs of white space become one space, none at the ends.</summary>
    public static string OneLine(string text) => Collapse(Nfc(text));

    /// <summary>
    /// The comparison form: NFKD without marks (harakat, hamza on its seats) and invisible characters, no tatweel, ٱ→ا ة→ه ى→ي ک→ك ی→ي,
    /// digits of every script in ASCII, lower case, single spaces. Idempotent; at most 18 times as long as the text (U+FDFA is).
    /// </summary>
    public static string Fold(string text) => FoldPlain(text) ?? FoldAny(text);

    /// <summary>All characters that <see cref="TryFold"/> knows lie below it.</summary>
    public const int PlainEnd = '٩' + 1;

    /// <summary>What the usual characters of Arabic and English text become, one by one: they are nearly all there is, and none of them changes what its neighbours become.</summary>
    private static readonly char[] Plain = MakePlain();

    /// <summary>In <see cref="Plain"/>: leaves nothing, is white space, must be looked at in its text.</summary>
    private const char Nothing = '\0', Space = ' ', Unknown = '\uFFFF';

    private static char[] MakePlain()
    {
        var plain = new char[PlainEnd];
        Array.Fill(plain, Unknown);
        foreach (var c in "\t\n\r ") plain[c] = Space;
        for (var c = '!'; c <= '~'; c++) plain[c] = Only(c);
        foreach (var c in "«»،؛؟") plain[c] = Only(c);
        for (var c = 'ء'; c < plain.Length; c++) plain[c] = c is 'ـ' or (>= '\u0621' and <= '\u0652') or (>= '٠' and <= '٩') ? Only(c) : Unknown;
        return plain;

        static char Only(char c) => FoldAny(c.ToString()) is [var only] ? only : Nothing;
    }

    /// <summary>What one of the usual characters of Arabic and English text becomes.</summary>
    /// <param name="folded">A space for white space, NUL where it leaves nothing.</param>
    /// <returns>False for any other character: what that becomes may depend on its neighbours.</returns>
    public static bool TryFold(char character, out char folded)
    {
        folded = character < Plain.Length ? Plain[character] : Unknown;
        return folded != Unknown;
    }

    /// <returns>Null where there is anything else in the text.</returns>
    private static string? FoldPlain(string text)
    {
        var pooled = text.Length > 256 ? ArrayPool<char>.Shared.Rent(text.Length) : null;
        Span<char> folded = pooled is null ? stackalloc char[256] : pooled;
        try
        {
            var length = 0;
            foreach (var c in text)
            {
                if (!TryFold(c, out var plain)) return null;
                if (plain == Nothing || (plain == Space && (length == 0 || folded[length - 1] == Space))) continue;
                folded[length++] = plain;
            }
            if (length > 0 && folded[length - 1] == Space) length--;
            return folded[..length].ToString();
        }
        finally
        {
            if (pooled is not null) ArrayPool<char>.Shared.Return(pooled);
        }
    }

    private static string FoldAny(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in WithoutSpacedMarks(Safe(text)).Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (rune.IsAscii) folded.Append(char.ToLowerInvariant((char)rune.Value));
            else if (!IsMark(rune) && !IsInvisible(rune) && rune.Value != Tatweel) Append(folded, Letter(rune));
        }
        return Collapse(folded.ToString());
    }

    /// <summary>The words of a text in comparison form, in order: runs of letters and digits.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var folded = Fold(text);
        var start = 0;
        var i = 0;
        foreach (var rune in folded.EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(rune))
            {
                if (i > start) yield return folded[start..i];
                start = i + rune.Utf16SequenceLength;
            }
            i += rune.Utf16SequenceLength;
        }
        if (i > start) yield return folded[start..];
    }

    /// <summary>Zero-width, bidi control and other characters that leave no trace on paper (Default_Ignorable_Code_Point, UAX #44; and the Braille blank).</summary>
    internal static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0000 and <= 0xE0FFF);

    internal static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    internal const int Tatweel = 'ـ';

    /// <summary>The digit's ASCII form, or the rune itself.</summary>
    internal static Rune Digit(Rune rune) =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber ? new Rune('0' + (int)Rune.GetNumericValue(rune)) : rune;

    private static Rune Letter(Rune rune) => rune.Value switch
    {
        'ٱ' => new Rune('ا'),
        'ة' => new Rune('ه'),
        'ى' or 'ی' => new Rune('ي'),
        'ک' => new Rune('ك'),
        // White on black circles and squares, which Unicode does not decompose as it does those in outline.
        >= 0x1F150 and <= 0x1F169 => new Rune('a' + (rune.Value - 0x1F150)),
        >= 0x1F170 and <= 0x1F189 => new Rune('a' + (rune.Value - 0x1F170)),
        _ => Digit(Rune.ToLowerInvariant(rune)),
    };

    /// <summary>Presentation forms of harakat alone become a space and a mark in NFKD, which would cut the word that they stand in.</summary>
    internal static string WithoutSpacedMarks(string text) => text.AsSpan().IndexOfAnyInRange('\uFC5E', '\uFE7F') < 0 ? text : string.Concat(text.Where(c => !IsSpacedMark(c)));

    private static bool IsSpacedMark(char c) => c is (>= '\uFC5E' and <= '\uFC63') or (>= '\uFCF2' and <= '\uFCF4') or (>= '\uFE70' and <= '\uFE7F' and not '\uFE73' and not '\uFE75');

    private static void Append(StringBuilder text, Rune rune)
    {
        Span<char> chars = stackalloc char[2];
        text.Append(chars[..rune.EncodeToUtf16(chars)]);
    }

    /// <summary>Makes normalisation safe: lone surrogates → U+FFFD, control and non-characters out, long runs of marks cut.</summary>
    private static string Safe(string text)
    {
        if (Ascii.IsValid(text) && text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 && !text.Contains('\x7f')) return text;
        var safe = new StringBuilder(text.Length);
        var marks = 0;
        foreach (var rune in text.EnumerateRunes())   // lone surrogates come as U+FFFD
        {
            var category = Rune.GetUnicodeCategory(rune);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark ? marks + 1 : 0;
            if (marks > MaxMarks || (category == UnicodeCategory.Control && rune.Value is not ('\t' or '\n' or '\r')) || IsNonCharacter(rune.Value)) continue;
            Append(safe, rune);
        }
        return safe.ToString();
    }

    /// <summary>Code points that stand for no character, ever (Unicode 23.7); string.Normalize refuses U+FFFE.</summary>
    private static bool IsNonCharacter(int value) => (value & 0xFFFE) == 0xFFFE || value is >= 0xFDD0 and <= 0xFDEF;

    private static string Collapse(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c)) line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }
        if (line.Length > 0 && line[^1] == ' ') line.Length--;
        return line.ToString();
    }
}
