using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Mvc;
using Platform.Comments.Live;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>Readers hear of an article's comments as they come: server-sent events <c>published</c>, <c>edited</c>, <c>removed</c>, each with the comment.</summary>
public static class FollowThread
{
    /// <summary>
    /// A stream that ends when the article is withdrawn, the reader is too slow, or the service stops. With Last-Event-ID it begins with what has happened since; an event may then come
    /// again, and none is left out. Of a removed comment only its id and place are told; up to 100 replies that go with it, or come back with it, are told after it in the same way.
    /// </summary>
    /// <returns>200 text/event-stream; 400 for an id that is not ours; 404 no such published article; 503 too many follow.</returns>
    public static async Task Handle(Guid articleId, [FromHeader(Name = "Last-Event-ID")] string? lastEventId, HttpContext http, ThreadStore threads, CommentStore comments, LiveHub hub, TimeProvider clock)
    {
        var from = string.IsNullOrEmpty(lastEventId) ? null : LivePosition.Parse(lastEventId) ?? throw Problem.Invalid("Last-Event-ID", "Not an id of this stream.");
        var ct = http.RequestAborted;
        if (await threads.FindRecent(articleId, ct) is not { IsVisible: true }) throw Problem.NotFound("article");
        var thread = hub.Enter(articleId);
        var stream = new LiveStream(http.Abort);
        try
        {
            var since = clock.Now();
            var position = await thread.Join(stream);
            // Withdrawn just before this replica could be told to end the stream.
            if (await threads.Find(articleId, ct) is not { IsVisible: true }) throw Problem.NotFound("article");
            http.Response.ContentType = "text/event-stream; charset=utf-8";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            var body = http.Response.BodyWriter;
            body.Write(LiveEvent.Opening(from ?? position).Span);
            await body.FlushAsync(ct);
            var replayed = from is { } last ? await Replay(articleId, last, since, body, comments, ct) : [];
            await Follow(stream, body, replayed, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { }   // gone, or dropped
        finally
        {
            thread.Leave(stream);
            hub.Leave(thread);
        }
    }

    /// <summary>Tells what has happened since, page by page as the reader takes it.</summary>
    /// <returns>What of it the stream's queue may hold too.</returns>
    private static async Task<HashSet<(Guid, long)>> Replay(Guid articleId, LivePosition from, DateTimeOffset since, PipeWriter body, CommentStore comments, CancellationToken ct)
    {
        var known = DateTimeOffset.FromUnixTimeMilliseconds(from.At);
        var before = new LiveWindow(known - LiveWindow.Span);
        var window = new LiveWindow(known - LiveWindow.Span);
        foreach (var (id, at, version) in await comments.ToldKeys(articleId, known - LiveWindow.Span, known, ct)) before.Add(id, at.ToUnixTimeMilliseconds(), version);
        // Something of that time has come to the store since (or has changed since): then all of that time is told again.
        if (before.Position.Print != from.Print) known -= LiveWindow.Span;
        else window = before;
        var replayed = new HashSet<(Guid, long)>();
        await foreach (var (comment, seen) in comments.Told(articleId, known, ct))
        {
            var (at, stood) = (comment.ToldAt!.Value, window.Position);
            window.Add(comment.Id, at.ToUnixTimeMilliseconds(), comment.Version);
            if (LiveEvent.Kind(comment, seen, known) is not { } kind) continue;
            var beneath = LiveEvent.TakesAlong(comment, kind) ? await comments.Beneath(comment.Id, LiveEvent.MostBeneath, ct) : [];
            var live = LiveEvent.Of(comment, kind, beneath, stood, window.Position);
            if (at > since - LiveWindow.Span) replayed.Add((live.CommentId, live.At));
            body.Write(live.Bytes.Span);
            await body.FlushAsync(ct);
        }
        return replayed;
    }

    private static async Task Follow(LiveStream stream, PipeWriter body, HashSet<(Guid, long)> replayed, CancellationToken ct)
    {
        while (await stream.Waiting.WaitToReadAsync(ct))
        {
            while (stream.Waiting.TryRead(out var live))
                if (!replayed.Remove((live.CommentId, live.At))) body.Write(live.Bytes.Span);
            await body.FlushAsync(ct);
        }
    }
}
