namespace Platform.ServiceDefaults;

public static class Clock
{
    /// <summary>Now in UTC, in whole milliseconds: what the store keeps, so that an answer and a later read agree.</summary>
    public static DateTimeOffset Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }
}
