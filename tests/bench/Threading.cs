using System.Text;
using System.Text.Json;

namespace Platform.Bench;

/// <summary>One article with very many comments: its first page, each of which has a like and nine replies in three chains, a page deep in it, the most liked, and the first page with replies to four levels, asked for at the service's own port, past the gateway's cache.</summary>
public sealed class Threading(Target platform, Options options, Commenting commenting)
{
    public async Task Run()
    {
        Table.Say("a thread");
        var article = await commenting.Thread(options.Comments);
        var path = $"/api/articles/{article}/comments";
        var next = "";
        for (var read = 0; read < options.Comments / 2; read += 100)
            next = "&cursor=" + (await Get($"{path}?limit=100{next}")).GetProperty("next").GetString();
        var total = (await Get(path)).GetProperty("total").GetInt64();
        foreach (var top in (await Get(path)).GetProperty("items").EnumerateArray().Select(c => c.GetProperty("id").GetString()!).ToList())
        {
            await platform.Reader.PutAsync(new Uri($"/api/comments/{top}/reactions/like", UriKind.Relative), null);
            for (var chain = 0; chain < 3; chain++)
                for (var (depth, parent) = (0, top); depth < 3; depth++) parent = await commenting.PostOne(article, parent);
        }
        var rows = new List<IReadOnlyList<string>>();
        foreach (var (what, query) in new[] { ("first page", ""), ("page in the middle", next.Replace("&cursor", "?cursor", StringComparison.Ordinal)), ("most liked", "?sort=top"), ("four levels", "?depth=4") })
        {
            var request = Encoding.ASCII.GetBytes($"GET {path}{query} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Load.Run(Target.PortOf("comments"), _ => request, options.Round);
            var (result, _) = Load.Paced(Target.PortOf("comments"), [.. Enumerable.Repeat(request, (int)(50 * options.Round.TotalSeconds * options.Rounds))], perSecond: 50);
            rows.Add([what, $"{result.P50:N1}", $"{result.P99:N1}", $"{result.Failed}", what == "first page" ? "50 ms p99" : ""]);
        }
        Table.Print($"{total:N0} comments, 50 requests/s", ["p50 ms", "p99 ms", "failed", "aim"], rows);
    }

    private async Task<JsonElement> Get(string path) => await Target.Json(await platform.Reader.GetAsync(new Uri($"http://127.0.0.1:{Target.PortOf("comments")}{path}")));
}
