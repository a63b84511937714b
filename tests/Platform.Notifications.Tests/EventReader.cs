using System.Net;
using System.Text.Json.Nodes;

namespace Platform.Notifications.Tests;

public sealed record ReadEvent(string Id, JsonNode Data);

/// <summary>Reads a stream of server-sent events as a browser does.</summary>
public sealed class EventReader(HttpClient client, HttpResponseMessage answer, StreamReader reader, string type) : IAsyncDisposable
{
    public static Task<EventReader> Articles(HttpClient client, string? topics, string? lastEventId = null) => Open(client, "/api/live" + (topics is null ? "" : "?topics=" + topics), "article", lastEventId);

    public static Task<EventReader> Dispatches(HttpClient client, string? lastEventId = null) => Open(client, "/api/dispatches/live", "dispatch", lastEventId);

    /// <exception cref="EndOfStreamException">The server has ended it.</exception>
    public async Task<ReadEvent> Next()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length > 0 && line[0] != ':') fields[line.Split(':', 2)[0]] = line.Split(':', 2)[1].TrimStart();
            if (line.Length > 0) continue;
            if (fields.TryGetValue("event", out var name))
            {
                name.ShouldBe(type);
                return new(fields["id"], JsonNode.Parse(fields["data"])!);
            }
            fields.Clear();
        }
        throw new EndOfStreamException();
    }

    /// <summary>The next one that satisfies the condition.</summary>
    public async Task<ReadEvent> Next(Func<JsonNode, bool> which)
    {
        while (true)
            if (await Next() is var read && which(read.Data)) return read;
    }

    public ValueTask DisposeAsync()
    {
        reader.Dispose();
        answer.Dispose();
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<EventReader> Open(HttpClient client, string path, string type, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new(client, answer, new StreamReader(await answer.Content.ReadAsStreamAsync()), type);
    }
}
