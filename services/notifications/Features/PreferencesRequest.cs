using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>What to hear of; the kinds are alternatives.</summary>
/// <param name="All">Every article.</param>
/// <param name="Categories">Slugs; a parent takes its children along. At most 100 of each kind, each at most 200 characters.</param>
/// <param name="Authors">Slugs.</param>
/// <param name="Keywords">Not offered yet: 422 <c>subscription.keywordsNotOffered</c>.</param>
/// <param name="Languages">Of the articles; by default that of the mails.</param>
public sealed record TopicsRequest(bool? All = null, IReadOnlyList<string>? Categories = null, IReadOnlyList<string>? Tags = null, IReadOnlyList<string>? Authors = null,
    IReadOnlyList<string>? Keywords = null, IReadOnlyList<string>? Languages = null);

/// <summary>When to be written to.</summary>
/// <param name="Kind"><c>instant</c>; <c>daily</c> and <c>weekly</c> are not offered yet: 422 <c>subscription.scheduleNotOffered</c>, as for At, Day and Quiet.</param>
/// <param name="At">HH:mm.</param>
/// <param name="Day">Such as <c>monday</c>.</param>
/// <param name="TimeZone">IANA name; means nothing to instant mails.</param>
public sealed record ScheduleRequest(ScheduleKind Kind, string? At = null, string? Day = null, string? TimeZone = null, QuietHoursRequest? Quiet = null);

/// <param name="From">HH:mm.</param>
/// <param name="To">HH:mm.</param>
public sealed record QuietHoursRequest(string From, string To);

/// <summary>Reads what a subscriber chooses.</summary>
public static class PreferencesReader
{
    /// <summary>Collects what is malformed in <paramref name="errors"/>, throws it, and then checks the rules.</summary>
    /// <exception cref="Problem">400 with everything malformed; 422 for a language that the platform has not, for no topic at all, and for what is not offered.</exception>
    public static Preferences Read(FieldErrors errors, string language, TopicsRequest topics, ScheduleRequest schedule, PlatformSettings settings)
    {
        errors.Check(language.Length > 0, "language", "Required.");
        var categories = List(errors, topics.Categories, "topics.categories");
        var tags = List(errors, topics.Tags, "topics.tags");
        var authors = List(errors, topics.Authors, "topics.authors");
        var keywords = List(errors, topics.Keywords, "topics.keywords");
        var languages = List(errors, topics.Languages, "topics.languages");
        errors.ThrowIfAny();

        if (!settings.Languages.Contains(language) || languages?.All(settings.Languages.Contains) == false)
            throw Problem.Rule("subscription.language", "The platform has no such language.");
        if (keywords is not null) throw Problem.Rule("subscription.keywordsNotOffered", "Keywords are not offered yet.");
        if (schedule is not { Kind: ScheduleKind.Instant, At: null, Day: null, Quiet: null }) throw Problem.Rule("subscription.scheduleNotOffered", "Only instant mails are offered yet.");
        var all = topics.All == true;
        if (!all && categories is null && tags is null && authors is null) throw Problem.Rule("subscription.noTopics", "Choose at least one topic, or all.");
        return new(language, new(all, categories, tags, authors, languages), new(schedule.Kind));
    }

    /// <returns>The entries, each once; null where there are none.</returns>
    private static IReadOnlyList<string>? List(FieldErrors errors, IReadOnlyList<string>? list, string field)
    {
        if (list is not { Count: > 0 }) return null;
        errors.Check(list.Count <= Topics.MaxOfOneKind, field, $"At most {Topics.MaxOfOneKind}.");
        return [.. list.Take(Topics.MaxOfOneKind).Select(entry => errors.Text(entry, Topics.MaxLength, field)).Distinct(StringComparer.Ordinal)];
    }
}
