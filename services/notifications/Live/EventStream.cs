namespace Platform.Notifications.Live;

/// <summary>Server-sent events (HTML Standard 9.2) of what a reader hears, until he leaves or falls behind, the process stops, or his right to it ends.</summary>
public static class EventStream
{
    /// <summary>A comment goes out so often where nothing else does, or nobody would notice that the reader is gone.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <param name="missed">Writes what comes before what the reader hears.</param>
    /// <param name="write">Writes what he has heard.</param>
    /// <param name="end">Ends it.</param>
    public static async Task Send<T>(HttpContext http, LiveReader<T> reader, Func<CancellationToken, Task> missed, Func<T, CancellationToken, Task> write, params CancellationToken[] end)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource([http.RequestAborted, reader.Dropped, .. end]);
        try
        {
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            await http.Response.WriteAsync("retry: 2000\n\n", over.Token);
            await http.Response.Body.FlushAsync(over.Token);
            await missed(over.Token);
            while (true)
            {
                using var beat = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
                beat.CancelAfter(Beat);
                try
                {
                    await reader.Entries.WaitToReadAsync(beat.Token);
                    while (reader.Entries.TryRead(out var entry)) await write(entry, over.Token);
                }
                catch (OperationCanceledException) when (!over.IsCancellationRequested) { await http.Response.WriteAsync(":\n\n", over.Token); }
                await http.Response.Body.FlushAsync(over.Token);
            }
        }
        catch (OperationCanceledException) { if (reader.Dropped.IsCancellationRequested) http.Abort(); }
        catch (IOException) { }   // the reader is gone
    }
}
