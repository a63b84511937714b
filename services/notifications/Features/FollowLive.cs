using System.Globalization;
using Platform.Notifications.Live;
using Platform.ServiceDefaults;

namespace Platform.Notifications.Features;

/// <summary>A stream of new articles for whoever listens (server-sent events, HTML Standard 9.2).</summary>
public static class FollowLive
{
    /// <summary>An event <c>article</c> for each new article; its data is JSON. With <c>Last-Event-ID</c> what came after that one, as far as 48 hours back, comes first. A reader who does not keep up is disconnected.</summary>
    /// <param name="topics">Such as <c>category:x,tag:y</c>; also <c>author:</c> and <c>language:</c>. One match is enough; absent means all.</param>
    /// <returns>200 <c>text/event-stream</c>; 400 <c>topics</c>; 503 where there are too many readers.</returns>
    public static async Task Handle(string? topics, HttpContext http, LiveTail tail, LiveReplay replay, PlatformSettings settings, IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        var wanted = LiveTopics.Parse(topics, settings.Languages);
        if (await tail.Join(ct) is not var (reader, position)) throw Problem.Unavailable("live.full", "There are too many readers; try again shortly.");
        try { await EventStream.Send(http, reader, Missed, (entry, end) => Write(http, entry, wanted, end), lifetime.ApplicationStopping); }
        finally { tail.Leave(reader); }

        // Up to where it joined.
        async Task Missed(CancellationToken end)
        {
            var from = long.TryParse(http.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) && seen < position ? seen : position;
            while (from < position && await replay.Read(from, position, end) is { Count: > 0 } missed)
            {
                foreach (var entry in missed) await Write(http, entry, wanted, end);
                await http.Response.Body.FlushAsync(end);
                from = missed[^1].Id;
            }
        }
    }

    private static Task Write(HttpContext http, LiveEntry entry, IReadOnlySet<string>? wanted, CancellationToken ct) => entry.Data is null || wanted?.Overlaps(entry.Keys) == false ? Task.CompletedTask
        : http.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"event: article\nid: {entry.Id}\ndata: {entry.Data}\n\n"), ct);
}
