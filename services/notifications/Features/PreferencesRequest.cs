using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>What to hear of; the kinds are alternatives.</summary>
/// <param name="All">Every article.</param>
/// <param name="Categories">Slugs; a parent takes its children along. At most 100 of each kind, each at most 200 characters.</param>
/// <param name="Authors">Slugs.</param>
/// <param name="Keywords">Words, or phrases of at most 8, of the title, the summary or the text, in any spelling and with any particle or article before them.</param>
/// <param name="Languages">Of the articles; by default that of the mails.</param>
public sealed record TopicsRequest(bool? All = null, IReadOnlyList<string>? Categories = null, IReadOnlyList<string>? Tags = null, IReadOnlyList<string>? Authors = null,
    IReadOnlyList<string>? Keywords = null, IReadOnlyList<string>? Languages = null);

/// <summary>When to be written to.</summary>
/// <param name="Kind"><c>instant</c>, <c>daily</c>, <c>weekly</c>.</param>
/// <param name="At">HH:mm of a digest; by default 08:00. Means nothing to instant mails, as <paramref name="Day"/>.</param>
/// <param name="Day">Of a weekly digest, such as <c>monday</c>, the default.</param>
/// <param name="TimeZone">IANA name, such as <c>Asia/Baghdad</c>, of all these hours; by default UTC.</param>
/// <param name="Quiet">Hours in which nothing is sent; what falls into them is sent at their end. A digest whose own hour lies in them is sent at that hour.</param>
public sealed record ScheduleRequest(ScheduleKind Kind, string? At = null, string? Day = null, string? TimeZone = null, QuietHoursRequest? Quiet = null);

/// <param name="From">HH:mm.</param>
/// <param name="To">HH:mm, another one; earlier where they pass midnight.</param>
/// <param name="Breaking">Whether breaking news passes all the same; by default not.</param>
public sealed record QuietHoursRequest(string From, string To, bool? Breaking = null);

/// <summary>Reads what a subscriber chooses.</summary>
public static class PreferencesReader
{
    /// <summary>Collects what is malformed in <paramref name="errors"/>, throws it, and then checks the rules.</summary>
    /// <exception cref="Problem">400 with everything malformed; 422 for a language that the platform has not, and for no topic at all.</exception>
    public static Preferences Read(FieldErrors errors, string language, TopicsRequest topics, ScheduleRequest schedule, PlatformSettings settings)
    {
        errors.Check(language.Length > 0, "language", "Required.");
        var categories = List(errors, topics.Categories, "topics.categories");
        var tags = List(errors, topics.Tags, "topics.tags");
        var authors = List(errors, topics.Authors, "topics.authors");
        var keywords = List(errors, topics.Keywords, "topics.keywords");
        var languages = List(errors, topics.Languages, "topics.languages");
        foreach (var keyword in keywords ?? [])
            errors.Check(Keywords.Normal(keyword) is { Length: > 0 } phrase && phrase.Count(c => c == ' ') < Keywords.MaxWords, "topics.keywords", $"Each has 1 to {Keywords.MaxWords} words.");
        CheckSchedule(errors, schedule);
        errors.ThrowIfAny();

        if (!settings.Languages.Contains(language) || languages?.All(settings.Languages.Contains) == false)
            throw Problem.Rule("subscription.language", "The platform has no such language.");
        var all = topics.All == true;
        if (!all && categories is null && tags is null && authors is null && keywords is null) throw Problem.Rule("subscription.noTopics", "Choose at least one topic, or all.");
        return new(language, new(all, categories, tags, authors, languages, keywords),
            new(schedule.Kind, schedule.At, schedule.Day, schedule.TimeZone, schedule.Quiet is { } quiet ? new(quiet.From, quiet.To, quiet.Breaking == true ? true : null) : null));
    }

    private static void CheckSchedule(FieldErrors errors, ScheduleRequest schedule)
    {
        void Time(string? text, string field) => errors.Check(Schedule.ParseTime(text) is not null, field, "HH:mm, from 00:00 to 23:59.");
        errors.Check(Enum.IsDefined(schedule.Kind), "schedule.kind", "instant, daily or weekly.");
        if (schedule.At is not null) Time(schedule.At, "schedule.at");
        errors.Check(schedule.Day is null || Schedule.ParseDay(schedule.Day) is not null, "schedule.day", "The English name of a day, in lower case.");
        errors.Check(schedule.TimeZone is null || Schedule.ParseZone(schedule.TimeZone) is not null, "schedule.timeZone", "The IANA name of a time zone, such as Asia/Baghdad.");
        if (schedule.Quiet is not { } quiet) return;
        Time(quiet.From, "schedule.quiet.from");
        Time(quiet.To, "schedule.quiet.to");
        errors.Check(quiet.From != quiet.To, "schedule.quiet.to", "Another time than from.");
    }

    /// <returns>The entries, each once; null where there are none.</returns>
    private static IReadOnlyList<string>? List(FieldErrors errors, IReadOnlyList<string>? list, string field)
    {
        if (list is not { Count: > 0 }) return null;
        errors.Check(list.Count <= Topics.MaxOfOneKind, field, $"At most {Topics.MaxOfOneKind}.");
        return [.. list.Take(Topics.MaxOfOneKind).Select(entry => errors.Text(entry, Topics.MaxLength, field)).Distinct(StringComparer.Ordinal)];
    }
}
