using System.Globalization;
using Platform.Notifications.Live;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>The newsroom watches mails go out (server-sent events, HTML Standard 9.2).</summary>
public static class FollowDispatches
{
    /// <summary>Who comes back later than this looks into the list.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>
    /// An event <c>dispatch</c> for each change of a dispatch, at most about one a second for each; its data is what <c>GET /api/dispatches/{id}</c> shows. First come those that are under way, and
    /// with <c>Last-Event-ID</c> those that have changed since then, as they stand now. A reader who does not keep up is disconnected, and so is one whose credential ends: browsers come back by themselves.
    /// </summary>
    /// <returns>200 <c>text/event-stream</c>; 401; 403; 503 where there are too many readers.</returns>
    public static async Task Handle(HttpContext http, DispatchTail tail, IHostApplicationLifetime lifetime, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? since = long.TryParse(http.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) && seen <= now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(seen) : null;
        if (since < now - Longest) since = now - Longest;
        if (tail.Join(since) is not { } reader) throw Problem.Unavailable("live.full", "There are too many readers; try again shortly.");
        using var credential = new CancellationTokenSource(Left(http.User.FindFirst("exp")?.Value));
        try { await EventStream.Send(http, reader, _ => Task.CompletedTask, (events, end) => http.Response.WriteAsync(events, end), lifetime.ApplicationStopping, credential.Token); }
        finally { tail.Leave(reader); }
    }

    /// <summary>How long the token holds that the caller came with; the gateway gives a new one to whoever comes back.</summary>
    private static TimeSpan Left(string? expires)
    {
        var left = long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) - TimeProvider.System.GetUtcNow() : TimeSpan.Zero;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left > Longest ? Longest : left;
    }
}
