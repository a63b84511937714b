using System.Globalization;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Look;

public sealed class DatesTests
{
    private static readonly Dates Arabic = new(Words.In(CultureInfo.GetCultureInfo("ar"))), English = new(Words.In(CultureInfo.GetCultureInfo("en")));

    [Theory]
    [InlineData("2026-11-23T14:05:00Z", "23 نوفمبر 2026، 14:05 بتوقيت غرينتش", "23 November 2026, 14:05 GMT")]
    [InlineData("2026-01-01T00:30:00+03:00", "31 ديسمبر 2025، 21:30 بتوقيت غرينتش", "31 December 2025, 21:30 GMT")]
    [InlineData("2024-02-29T23:59:59Z", "29 فبراير 2024، 23:59 بتوقيت غرينتش", "29 February 2024, 23:59 GMT")]
    public void A_time_is_Gregorian_with_names_of_months_whatever_the_machine_thinks(string time, string arabic, string english)
    {
        foreach (var culture in new[] { "ar-SA", "ar-EG", "fa-IR", "th-TH", "en-US" })
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Arabic.Full(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)).ShouldBe(arabic);
            English.Full(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)).ShouldBe(english);
        }
    }

    [Fact]
    public void All_months_and_days_have_their_names()
    {
        var months = Enumerable.Range(1, 12).Select(m => Arabic.Day(new DateTimeOffset(2026, m, 1, 0, 0, 0, TimeSpan.Zero)).Split(' ')[1]);
        months.ShouldBe(["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]);
        Arabic.WeekDay(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero)).ShouldBe("الاثنين 23 نوفمبر 2026");
        English.WeekDay(new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero)).ShouldBe("Sunday 29 November 2026");
    }
}
