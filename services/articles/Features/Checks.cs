using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles.Features;

/// <summary>What categories and authors have in common: a slug that is given, and names by language.</summary>
internal static class Checks
{
    public static string Slug(FieldErrors errors, string? slug)
    {
        var text = errors.Text(slug, Text.Slug.MaxLength, "slug");
        if (text.Length > 0) errors.Check(Text.Slug.IsSlug(text), "slug", "Lower-case letters, digits and single hyphens.");
        return text;
    }

    public static Dictionary<string, string> Names(FieldErrors errors, Dictionary<string, string>? names)
    {
        errors.Check(names is { Count: > 0 and <= 50 }, "names", "Required: a name in one language at least.");
        return (names ?? []).Take(50).ToDictionary(n => n.Key, n => Normaliser.OneLine(errors.Text(n.Value, 80, "names")));
    }

    /// <exception cref="Problem">422 <c>{what}.unknownLanguage</c>.</exception>
    public static void Languages(Dictionary<string, string> names, PlatformSettings settings, string what)
    {
        if (!names.Keys.All(settings.Languages.Contains)) throw Problem.Rule(what + ".unknownLanguage", "The platform's languages are " + string.Join(", ", settings.Languages) + ".");
    }
}
