namespace Platform.Notifications.Tests;

/// <summary>Hours of the subscriber's clock.</summary>
public sealed class ScheduleTests
{
    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("Asia/Baghdad", "07:00", "2026-11-30T03:59:59Z", "2026-11-30T04:00:00Z")]
    [InlineData("Asia/Baghdad", "07:00", "2026-11-30T04:00:00Z", "2026-12-01T04:00:00Z")]
    [InlineData("Pacific/Kiritimati", "00:00", "2026-11-30T09:00:00Z", "2026-11-30T10:00:00Z")]
    [InlineData("America/Los_Angeles", "23:30", "2026-11-30T07:00:00Z", "2026-11-30T07:30:00Z")]
    [InlineData("Europe/Berlin", "08:00", "2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z")]   // summer begins
    [InlineData("Europe/Berlin", "08:00", "2026-10-24T06:00:00Z", "2026-10-25T07:00:00Z")]   // summer ends
    [InlineData("Europe/Berlin", "02:30", "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z")]   // skipped: when the clock goes on
    [InlineData("Europe/Berlin", "02:30", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("Europe/Berlin", "02:30", "2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z")]   // twice: the first one
    [InlineData("Europe/Berlin", "02:30", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]   // and not the second
    [InlineData("Pacific/Apia", "12:00", "2011-12-29T22:00:00Z", "2011-12-30T22:00:00Z")]    // Samoa had no 30 December
    [InlineData(null, null, "2026-11-30T08:00:00Z", "2026-12-01T08:00:00Z")]
    public void A_daily_digest_goes_out_at_its_local_hour_in_summer_and_winter(string? zone, string? at, string after, string next) =>
        new Schedule(ScheduleKind.Daily, at, null, zone).NextDigest(At(after)).ShouldBe(At(next));

    [Theory]
    [InlineData("friday", "2026-11-30T12:00:00Z", "2026-12-04T05:00:00Z")]
    [InlineData("friday", "2026-12-04T05:00:00Z", "2026-12-11T05:00:00Z")]
    [InlineData(null, "2026-11-30T04:00:00Z", "2026-11-30T05:00:00Z")]
    public void A_weekly_digest_goes_out_on_its_day(string? day, string after, string next) =>
        new Schedule(ScheduleKind.Weekly, "08:00", day, "Asia/Riyadh").NextDigest(At(after)).ShouldBe(At(next));

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Asia/Gaza")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/St_Johns")]
    public void Over_years_there_is_one_digest_for_each_local_day_and_none_lies_out_of_order(string zone)
    {
        foreach (var at in new[] { "00:00", "00:30", "01:59", "02:00", "02:30", "03:00", "23:59" })
        {
            var schedule = new Schedule(ScheduleKind.Daily, at, null, zone);
            var (moment, periods) = (At("2025-01-01T12:00:00Z"), new HashSet<string>());
            for (var i = 0; i < 1_000; i++)
            {
                var next = schedule.NextDigest(moment);
                next.ShouldBeGreaterThan(moment);
                (next - moment).ShouldBeLessThanOrEqualTo(TimeSpan.FromHours(26), $"{zone} {at} after {moment:o}");
                periods.Add(schedule.Period(next)).ShouldBeTrue($"{zone} {at}: {schedule.Period(next)} once");
                schedule.LastDigest(next).ShouldBe(next);
                schedule.LastDigest(next.AddTicks(-1)).ShouldBeLessThan(next);
                moment = next;
            }
        }
    }

    [Theory]
    [InlineData("22:00", "06:00", "2026-11-30T19:30:00Z", "2026-12-01T03:00:00Z")]   // 22:30
    [InlineData("22:00", "06:00", "2026-12-01T01:00:00Z", "2026-12-01T03:00:00Z")]   // 04:00
    [InlineData("22:00", "06:00", "2026-12-01T03:00:00Z", null)]
    [InlineData("22:00", "06:00", "2026-11-30T18:59:00Z", null)]
    [InlineData("13:00", "15:00", "2026-11-30T10:00:00Z", "2026-11-30T12:00:00Z")]
    public void Quiet_hours_end_at_their_local_end(string from, string to, string now, string? until) =>
        new Schedule(ScheduleKind.Instant, null, null, "Asia/Baghdad", new(from, to)).QuietUntil(At(now), false).ShouldBe(until is null ? null : At(until));

    [Fact]
    public void Breaking_news_passes_quiet_hours_where_the_subscriber_said_so()
    {
        var now = At("2026-11-30T23:30:00Z");
        new Schedule(ScheduleKind.Instant, null, null, null, new("22:00", "06:00", true)).QuietUntil(now, breaking: true).ShouldBeNull();
        new Schedule(ScheduleKind.Instant, null, null, null, new("22:00", "06:00", true)).QuietUntil(now, breaking: false).ShouldNotBeNull();
        new Schedule(ScheduleKind.Instant, null, null, null, new("22:00", "06:00")).QuietUntil(now, breaking: true).ShouldNotBeNull();
    }

    [Fact]
    public void Quiet_hours_that_the_clock_shows_a_second_time_in_autumn_are_over() =>
        new Schedule(ScheduleKind.Instant, null, null, "Europe/Berlin", new("01:00", "02:30")).QuietUntil(At("2026-10-25T01:10:00Z"), false).ShouldBeNull();
}
