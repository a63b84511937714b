using System.Buffers;
using System.Text.Json;
using Platform.ServiceDefaults;

namespace Platform.Comments.Features;

/// <summary>Sends comments as moderators see them, one JSON object a line (NDJSON), page by page: as fast as the client reads, and with no more than a page in memory.</summary>
internal static class CommentLines
{
    public const string MediaType = "application/x-ndjson";

    /// <summary>Of the store.</summary>
    public const int PageSize = 100;

    /// <summary>Bytes that may wait for more, so that small lines go together.</summary>
    private const int Held = 16 * 1024;

    /// <remarks>What fails before the first page is a problem, as everywhere. What fails later is thrown after the answer has begun, and breaks the connection off: whoever reads it to its end has all of it.</remarks>
    public static async Task Send(HttpResponse response, string fileName, IAsyncEnumerable<IReadOnlyList<QueuedComment>> pages, CancellationToken ct)
    {
        await using var page = pages.GetAsyncEnumerator(ct);
        var more = await page.MoveNextAsync();
        response.ContentType = MediaType + "; charset=utf-8";
        response.Headers.CacheControl = "private, no-store";
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        var to = response.BodyWriter;
        await using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = StrictJson.Options.Encoder });
        for (; more; more = await page.MoveNextAsync())
        {
            foreach (var comment in page.Current)
            {
                json.Reset();
                JsonSerializer.Serialize(json, comment, StrictJson.Options);
                to.Write("\n"u8);
                if (to.UnflushedBytes > Held) await Flush();
            }
            await Flush();   // the next page may take its time
        }

        async Task Flush()
        {
            if ((await to.FlushAsync(ct)).IsCompleted) throw new OperationCanceledException("The reader is gone.");
        }
    }
}
