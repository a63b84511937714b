using System.Collections.Concurrent;
using System.Text.Json;
using Platform.Testing;
using Shouldly;

namespace Platform.Comments.Tests.Live;

/// <summary>A reader who follows a thread, as a browser's EventSource does.</summary>
public sealed class Follower : IAsyncDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly ConcurrentQueue<Heard> _heard = new();
    private readonly HttpResponseMessage _answer;
    private readonly Task _reading;

    public sealed record Heard(string Kind, JsonElement Comment, string Id);

    private Follower(HttpResponseMessage answer)
    {
        _answer = answer;
        _reading = Task.Run(Read);
    }

    public string? LastId { get; private set; }

    public bool Ended => _reading.IsCompleted;

    public IReadOnlyList<Heard> All => [.. _heard];

    /// <summary>What was heard, each as its kind and its comment's body.</summary>
    public IEnumerable<string> Told => All.Select(h => $"{h.Kind} {h.Comment.Text("body")}");

    /// <summary>Opens the stream; returns once it has begun.</summary>
    public static async Task<Follower> Of(HttpClient http, Guid article, string? lastId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/articles/{article}/comments/live");
        if (lastId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var follower = new Follower(answer);
        await Eventually.True(() => follower.LastId is not null, "the stream to begin");
        return follower;
    }

    public Task<Heard> Hears(string kind, Guid comment) =>
        Eventually.Get(() => Task.FromResult(_heard.FirstOrDefault(h => h.Kind == kind && h.Comment.Id() == comment)), $"{kind} {comment}; heard: {string.Join(", ", Told)}");

    private async Task Read()
    {
        var (id, kind, data) = ("", "", "");
        try
        {
            using var reader = new StreamReader(await _answer.Content.ReadAsStreamAsync(_gone.Token));
            while (await reader.ReadLineAsync(_gone.Token) is { } line)
            {
                if (line.Length > 0 && line.Split(": ", 2) is [var field, var value])
                {
                    if (field == "id") id = value;
                    if (field == "event") kind = value;
                    if (field == "data") data = value;
                    continue;
                }
                if (id.Length > 0) LastId = id;
                if (data.Length > 0) _heard.Enqueue(new(kind, JsonSerializer.Deserialize<JsonElement>(data), id));
                (kind, data) = ("", "");
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or HttpRequestException) { }   // ended
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        await _reading;
        _answer.Dispose();
        _gone.Dispose();
    }
}
