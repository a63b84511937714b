using System.Globalization;
using System.Text;

namespace Platform.Text;

/// <summary>
/// Unicode slugs such as <c>واشنطن-تريد-الانسحاب</c>: letters, their marks and digits in NFKC (so that a presentation form is its letter) and lower case,
/// one hyphen between words, never transliterated.
/// </summary>
public static class Slug
{
    /// <summary>In code points.</summary>
    public const int MaxLength = 100;

    /// <summary>Kept free for the number of <see cref="Numbered"/>.</summary>
    private const int NumberLength = 6;

    /// <summary>
    /// Makes a slug from a title: cut at a word where it is long; invisible characters and tatweel out, digits in ASCII. Of any spelling that differs
    /// in these alone it makes the same slug, so that it leads from an address that somebody typed otherwise to the right one.
    /// </summary>
    /// <returns>The slug; empty where the title has neither letter nor digit.</returns>
    public static string From(string title)
    {
        var slug = new StringBuilder();
        var hyphen = false;
        foreach (var rune in Normaliser.WithoutSpacedMarks(Normaliser.Nfc(title)).Normalize(NormalizationForm.FormKC).EnumerateRunes())
        {
            if (Normaliser.IsInvisible(rune) || rune.Value == Normaliser.Tatweel) continue;
            var mark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (mark ? slug.Length > 0 && !hyphen : Rune.IsLetterOrDigit(rune))
            {
                if (hyphen && slug.Length > 0) slug.Append('-');
                hyphen = false;
                slug.Append(Normaliser.Digit(Rune.ToLowerInvariant(rune)));
            }
            // An apostrophe stands inside a word; everything else ends it.
            else if (rune.Value is not ('\'' or '’')) hyphen = true;
        }
        return Cut(slug.ToString().Normalize(NormalizationForm.FormKC), MaxLength);
    }

    /// <summary>Whether the text is a slug exactly as <see cref="From"/> would make it.</summary>
    public static bool IsSlug(string text) => text.Length is > 0 and <= 2 * MaxLength && From(text) == text;

    /// <summary>The slug with <c>-2</c>, <c>-3</c> … behind it, cut at a word before that where it would grow too long.</summary>
    public static string Numbered(string slug, int number) => Cut(slug, MaxLength - NumberLength) + "-" + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the slug is what <see cref="From"/> makes of the title, numbered or not.</summary>
    public static bool IsMadeFrom(string slug, string title)
    {
        var made = From(title);
        var hyphen = slug.LastIndexOf('-');
        return slug == made || (hyphen > 0 && int.TryParse(slug.AsSpan(hyphen + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && slug == Numbered(made, number));
    }

    /// <summary>At most so many code points: whole words, or of a single long word whole characters as readers see them.</summary>
    private static string Cut(string slug, int max)
    {
        if (slug.Length <= max) return slug;
        int length = 0, count = 0;
        foreach (var rune in slug.EnumerateRunes())
        {
            if (++count > max) break;
            length += rune.Utf16SequenceLength;
        }
        if (length == slug.Length) return slug;
        var word = slug[length] == '-' ? length : slug.LastIndexOf('-', length - 1);
        if (word > 0) return slug[..word];
        var elements = StringInfo.ParseCombiningCharacters(slug);
        return slug[..elements.Last(e => e <= length)];
    }
}
