using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.Articles.Exports;

/// <summary>An editor takes everything out, as JSON Lines.</summary>
public static class ExportEverything
{
    public const string MediaType = "application/x-ndjson";

    /// <summary>
    /// All that this service knows, one JSON object a line, each with a <c>type</c>: <c>export</c> first, then every <c>category</c>, <c>author</c>, <c>tag</c>, <c>media</c>,
    /// <c>article</c> in any status, <c>revision</c> (the past versions of articles) and <c>log</c>; <c>end</c> last, with how many there were of each in <c>counts</c>.
    /// Where the last line is another one, the export was cut. Lines have the members of the same thing in the API, and what the API does not show: slugs it had before, old permalinks, who changed it last.
    /// </summary>
    /// <remarks>
    /// Each line is what the store held at one moment, and an article comes with every version before the one that is written. The lines have no moment in common: what is changed
    /// meanwhile is in it as it was before or after, and what is made or deleted meanwhile may be missing. Names of categories and authors are those of the moment.
    /// It goes as fast as the client reads, in flat memory, and ends when the client goes away.
    /// </remarks>
    /// <returns>200, streamed.</returns>
    public static async Task Handle(HttpContext http, CurrentUser user, Export export, Audit audit, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.Now();
        // Who takes out what nobody has seen yet is on record.
        await audit.Record(user, "exported", new AuditSubject("export", now.ToString("O", CultureInfo.InvariantCulture)), ct: ct);
        var response = http.Response;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "private, no-store";
        response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"articles-{now:yyyy-MM-dd}.jsonl\"");
        await export.Write(new JsonLines(response.BodyWriter), now, ct);
    }
}
