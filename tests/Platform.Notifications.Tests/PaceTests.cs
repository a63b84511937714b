namespace Platform.Notifications.Tests;

public sealed class PaceTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_young_dispatch_is_measured_from_its_beginning()
    {
        var pace = new Pace();
        pace.Count(50, Start, Start.AddSeconds(10)).ShouldBe(5);
        pace.Count(50, Start, Start.AddSeconds(25)).ShouldBe(2);
    }

    [Fact]
    public void An_old_one_by_what_was_sent_within_the_last_half_minute()
    {
        var pace = new Pace();
        pace.Count(1_000, Start, Start.AddMinutes(5)).ShouldBeNull("one count tells nothing");
        for (var second = 1; second <= 120; second++) pace.Count(1_000 + (second * 7), Start, Start.AddMinutes(5).AddSeconds(second)).ShouldBe(7);
        for (var second = 121; second <= 160; second++) pace.Count(1_000 + (120 * 7), Start, Start.AddMinutes(5).AddSeconds(second));
        pace.Count(1_000 + (120 * 7), Start, Start.AddMinutes(5).AddSeconds(161)).ShouldBe(0, "nothing was sent for more than half a minute");
    }

    [Fact]
    public void Many_who_ask_change_nothing()
    {
        var pace = new Pace();
        pace.Count(0, Start, Start.AddMinutes(5));
        for (var i = 1; i <= 1_000; i++) pace.Count(i / 10, Start, Start.AddMinutes(5).AddMilliseconds(i * 10));
        pace.Count(100, Start, Start.AddMinutes(5).AddSeconds(10)).ShouldBe(10);
    }

    [Fact]
    public void A_row_that_is_sent_again_by_hand_makes_no_pace_below_nothing()
    {
        var pace = new Pace();
        pace.Count(100, Start, Start.AddMinutes(5));
        pace.Count(99, Start, Start.AddMinutes(5).AddSeconds(5)).ShouldBe(0);
    }
}
