using Platform.ServiceDefaults;

namespace Platform.Notifications.Live;

/// <summary>Which articles a reader of a live stream wants: <c>category:x,tag:y</c>, also <c>author:z</c> and <c>language:ar</c>; alternatives, within the languages where any are named.</summary>
public static class LiveTopics
{
    private const int Most = 50;

    /// <returns>Keys to match articles by; null means all.</returns>
    /// <exception cref="Problem">400.</exception>
    public static IReadOnlySet<string>? Parse(string? topics, IReadOnlyList<string> languages)
    {
        if (string.IsNullOrEmpty(topics)) return null;
        var parts = topics.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > Most) throw Problem.Invalid("topics", $"1 to {Most} topics such as category:x, with commas between them.");
        var named = parts.Select(Read).ToLookup(p => p.Kind, p => p.Name, StringComparer.Ordinal);
        string[]? Of(string kind) => named[kind].ToArray() is { Length: > 0 } names ? names : null;
        if (Of("language")?.Except(languages).Any() == true) throw Problem.Invalid("topics", "The platform has no such language.");
        var wanted = new Topics(parts.Length == named["language"].Count(), Of("category"), Of("tag"), Of("author"), Of("language") ?? languages);
        return wanted.Keys(languages[0]).ToHashSet(StringComparer.Ordinal);
    }

    private static (string Kind, string Name) Read(string part) =>
        part.Split(':', 2) is ["category" or "tag" or "author" or "language", { Length: > 0 and <= Topics.MaxLength } name] and [var kind, _] && FieldErrors.IsWellFormed(name) ? (kind, name)
            : throw Problem.Invalid("topics", "Topics are category:x, tag:x, author:x or language:x.");
}
