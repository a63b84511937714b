using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Notifications;

/// <summary>How often a subscriber is written to.</summary>
public enum ScheduleKind
{
    /// <summary>One mail per article, at once.</summary>
    Instant,

    /// <summary>One mail a day with all that has come since the last one.</summary>
    Daily,

    /// <summary>One mail a week.</summary>
    Weekly,
}

/// <summary>Hours of the day in which a subscriber is left alone. They may pass midnight.</summary>
/// <param name="Breaking">Whether breaking news passes all the same.</param>
public sealed record QuietHours(string From, string To, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Breaking = null);

/// <summary>When mails go out. Hours are those of the subscriber's clock, in summer and in winter.</summary>
/// <param name="At"><c>HH:mm</c> of a digest; null means <see cref="DefaultAt"/>.</param>
/// <param name="Day">Of a weekly digest, such as <c>monday</c>; null means Monday.</param>
/// <param name="TimeZone">IANA name; null means UTC.</param>
public sealed record Schedule(
    ScheduleKind Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? At = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Day = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TimeZone = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] QuietHours? Quiet = null)
{
    public const string DefaultAt = "08:00";

    [JsonIgnore]
    public bool IsDigest => Kind != ScheduleKind.Instant;

    /// <returns>Null where the text is not <c>HH:mm</c>.</returns>
    public static TimeOnly? ParseTime(string? text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <returns>Null where the text is no day's English name in lower case.</returns>
    public static DayOfWeek? ParseDay(string? text) => Enum.GetValues<DayOfWeek>().Where(d => text == NameOf(d)).Select(d => (DayOfWeek?)d).FirstOrDefault();

    /// <returns>Null where there is no such zone.</returns>
    public static TimeZoneInfo? ParseZone(string text) =>
        text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+') && TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) && zone.HasIanaId && zone.Id == text ? zone : null;

    /// <summary>When the quiet hours end in which this moment lies; null where it lies in none.</summary>
    public DateTimeOffset? QuietUntil(DateTimeOffset now, bool breaking)
    {
        if (Quiet is null || (breaking && Quiet.Breaking == true) || ParseTime(Quiet.From) is not { } from || ParseTime(Quiet.To) is not { } to) return null;
        var local = TimeZoneInfo.ConvertTime(now, Zone);
        if (!TimeOnly.FromDateTime(local.DateTime).IsBetween(from, to)) return null;
        var today = DateOnly.FromDateTime(local.DateTime);
        var end = Instant(TimeOnly.FromDateTime(local.DateTime) < to ? today : today.AddDays(1), to);
        return end > now ? end : null;   // over already: the clock was put back in autumn, and shows these hours a second time
    }

    /// <summary>The first moment after this one at which a digest goes out. One that the clock skips in spring goes out as soon as the clock goes on, one that comes twice in autumn the first time.</summary>
    public DateTimeOffset NextDigest(DateTimeOffset after)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, Zone).DateTime).AddDays(-1);
        while (!IsDay(day) || Instant(day, Time) <= after) day = day.AddDays(1);
        return Instant(day, Time);
    }

    /// <summary>The last moment up to this one at which a digest was to go out.</summary>
    public DateTimeOffset LastDigest(DateTimeOffset upTo)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(upTo, Zone).DateTime).AddDays(1);
        while (!IsDay(day) || Instant(day, Time) > upTo) day = day.AddDays(-1);
        return Instant(day, Time);
    }

    /// <summary>Names the day or week that a digest is for, such as <c>daily 2026-11-30</c>: a subscriber gets one for each, however often the hour or the zone is changed meanwhile.</summary>
    public string Period(DateTimeOffset digest)
    {
        var day = TimeZoneInfo.ConvertTime(digest, Zone).DateTime;
        return Kind == ScheduleKind.Weekly
            ? string.Create(CultureInfo.InvariantCulture, $"weekly {ISOWeek.GetYear(day):0000}-W{ISOWeek.GetWeekOfYear(day):00}")
            : string.Create(CultureInfo.InvariantCulture, $"daily {day:yyyy-MM-dd}");
    }

    /// <summary>The first day of a period, as if in UTC.</summary>
    public static DateTimeOffset FirstDay(string period) => period.Split(' ') switch
    {
        ["daily", var day] => new DateTimeOffset(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
        ["weekly", var week] => new DateTimeOffset(ISOWeek.ToDateTime(int.Parse(week[..4], CultureInfo.InvariantCulture), int.Parse(week[6..], CultureInfo.InvariantCulture), DayOfWeek.Monday), TimeSpan.Zero),
        _ => throw new ArgumentException($"Not a period: {period}", nameof(period)),
    };

    private TimeOnly Time => ParseTime(At) ?? ParseTime(DefaultAt)!.Value;
    private TimeZoneInfo Zone => TimeZone is null ? TimeZoneInfo.Utc : ParseZone(TimeZone) ?? TimeZoneInfo.Utc;

    private bool IsDay(DateOnly day) => Kind != ScheduleKind.Weekly || day.DayOfWeek == (ParseDay(Day) ?? DayOfWeek.Monday);

    private DateTimeOffset Instant(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        // Skipped: the clock goes from before it to after it; minute by minute, since jumps are of whole minutes, and of at most a day (Samoa, 2011).
        while (Zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static string NameOf(DayOfWeek day) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(day.ToString());
}
