using System.Text;
using System.Text.Json;

namespace Platform.Notifications.Features;

/// <summary>An admin takes all subscriptions away as a table.</summary>
public static class ExportSubscriptions
{
    private const int FlushEvery = 200;
    private static readonly string[] Columns = ["id", "channel", "address", "status", "language", "schedule", "all", "categories", "tags", "authors", "keywords", "articleLanguages", "createdAt", "confirmedAt", "suppressed"];

    /// <summary>CSV (RFC 4180) in UTF-8, streamed in the order of the ids; lists have semicolons between their entries. A cell that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    /// <returns>200 <c>text/csv</c>.</returns>
    public static async Task Handle(HttpContext http, SubscriptionStore subscriptions, CancellationToken ct)
    {
        http.Response.ContentType = "text/csv; charset=utf-8; header=present";
        http.Response.Headers.ContentDisposition = "attachment; filename=subscriptions.csv";
        http.Response.Headers.CacheControl = "no-store";
        var lines = new StringBuilder().AppendJoin(',', Columns).Append("\r\n");
        var count = 0;
        await foreach (var s in subscriptions.All(ct))
        {
            var (preferences, topics) = (s.Preferences ?? s.Wish?.Preferences, (s.Preferences ?? s.Wish?.Preferences)?.Topics);
            lines.AppendJoin(',', new[]
            {
                s.Id.ToString(), Name(s.Channel ?? Channels.Channel.Email), s.Address, Name(s.Status), preferences?.Language, preferences is null ? null : Name(preferences.Schedule.Kind), topics?.All == true ? "true" : "false",
                List(topics?.Categories), List(topics?.Tags), List(topics?.Authors), List(topics?.Keywords), List(topics?.Languages), Time(s.CreatedAt), Time(s.ConfirmedAt), s.Suppressed == true ? "true" : "false",
            }.Select(Cell)).Append("\r\n");
            if (++count % FlushEvery == 0) await Flush();
        }
        await Flush();

        async Task Flush()
        {
            await http.Response.WriteAsync(lines.ToString(), ct);
            await http.Response.Body.FlushAsync(ct);
            lines.Clear();
        }
    }

    /// <summary>One cell, quoted where it must be, and never a formula (OWASP, CSV Injection).</summary>
    public static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if ("=+-@\t\r\n＝＋－＠".Contains(text[0])) text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n'") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static string? List(IReadOnlyList<string>? entries) => entries is null ? null : string.Join(';', entries);

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
