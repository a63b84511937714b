using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Platform.ServiceDefaults;

/// <summary>Collects what is wrong with a request's fields, so that the caller hears of everything at once.</summary>
public sealed class FieldErrors
{
    private readonly Dictionary<string, List<string>> _errors = [];

    public FieldErrors Add(string field, string message)
    {
        if (!_errors.TryGetValue(field, out var list)) _errors[field] = list = [];
        list.Add(message);
        return this;
    }

    public FieldErrors Check(bool ok, string field, string message) => ok ? this : Add(field, message);

    /// <summary>The text must be there and, counted in Unicode code points, at most so long. Returns it trimmed and in NFC, or "".</summary>
    public string Text(string? value, int max, [CallerArgumentExpression(nameof(value))] string field = "") =>
        OptionalText(value, max, field) ?? Missing(Field(field));

    /// <summary>As <see cref="Text"/>, but absent or blank gives null without an error.</summary>
    public string? OptionalText(string? value, int max, [CallerArgumentExpression(nameof(value))] string field = "")
    {
        field = Field(field);
        if (string.IsNullOrWhiteSpace(value)) return null;
        if (!IsWellFormed(value)) { Add(field, "Contains NUL, a lone surrogate, or too many combining marks in a row."); return null; }
        var text = value.Trim().Normalize(NormalizationForm.FormC);
        if (text.Length > max && text.EnumerateRunes().Count() > max) Add(field, $"At most {max} characters.");
        return text;
    }

    /// <summary>An e-mail address (see <see cref="EmailAddress"/>) must be there. Returns it trimmed and in NFC, as it was typed.</summary>
    public string Email(string? value, [CallerArgumentExpression(nameof(value))] string field = "")
    {
        var email = Text(value, EmailAddress.MaxLength, field);
        if (email.Length > 0 && !EmailAddress.IsValid(email) && !_errors.ContainsKey(Field(field))) Add(Field(field), "Not an e-mail address.");
        return email;
    }

    /// <exception cref="Problem">400 with every error collected.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0) throw Problem.Invalid(_errors.ToDictionary(e => e.Key, e => e.Value.ToArray()));
    }

    /// <summary>
    /// Whether the text can be stored and normalised: valid UTF-16 without NUL or U+FFFE (string.Normalize throws), at most 30 combining marks in a row
    /// (Stream-Safe Text Format, UAX #15, 13: normalising longer runs takes quadratic time, minutes for a megabyte).
    /// </summary>
    public static bool IsWellFormed(string text)
    {
        const int maxMarks = 30;
        var marks = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\0' or '\ufffe') return false;
            marks = text[i] >= '\u0300' && CharUnicodeInfo.GetUnicodeCategory(text, i) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark ? marks + 1 : 0;
            if (marks > maxMarks) return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }

    private string Missing(string field)
    {
        if (!_errors.ContainsKey(field)) Add(field, "Required.");
        return "";
    }

    /// <summary>request.Title → title; a path that is given, such as dateline.place, stays.</summary>
    private static string Field(string expression)
    {
        var name = expression[(expression.LastIndexOf('.') + 1)..];
        return char.IsUpper(name[0]) ? char.ToLowerInvariant(name[0]) + name[1..] : expression;
    }
}
