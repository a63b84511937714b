using System.Globalization;

namespace Platform.Web;

/// <summary>
/// Dates and times as the newsroom writes them: Gregorian, day before month, months by the names most Arab newsrooms use
/// (يناير, فبراير …), digits 0–9 and the 24-hour clock, in GMT and said so. All of it is set here: cultures
/// differ between machines (ar-SA counts by the Hijri calendar, ar-EG writes other digits).
/// </summary>
public sealed class Dates(Words words)
{
    private readonly string[] _months = words["Months"].Split('|');
    private readonly string[] _days = words["Days"].Split('|');
    private readonly string _format = words["DateAndTime"];

    /// <summary><c>23 نوفمبر 2026</c></summary>
    public string Day(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return string.Create(CultureInfo.InvariantCulture, $"{utc.Day} {_months[utc.Month - 1]} {utc.Year}");
    }

    /// <summary><c>الاثنين 23 نوفمبر 2026</c></summary>
    public string WeekDay(DateTimeOffset time) => string.Format(CultureInfo.InvariantCulture, words["WeekDay"], _days[(int)time.UtcDateTime.DayOfWeek], Day(time));

    /// <summary><c>23 نوفمبر 2026، 14:05 بتوقيت غرينتش</c></summary>
    public string Full(DateTimeOffset time) => string.Format(CultureInfo.InvariantCulture, _format, Day(time), Clock(time));

    /// <summary><c>14:05</c>, GMT.</summary>
    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>For machines, as in <c>&lt;time datetime&gt;</c>: <c>2026-11-23T14:05:00Z</c>.</summary>
    public static string Machine(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
