using System.Text;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Bench;

/// <summary>An editor publishes drafts through the gateway, by many connections at once; every one is told to the other services, cached pages go, the search index takes it in.</summary>
public sealed class Publishing(Target platform, Options options)
{
    private int _made;

    public async Task Run()
    {
        Table.Say("publishing");
        var category = await platform.NewCategory();
        await Round(category);      // compiled by now
        await Profile.Settled();
        var rounds = new List<(LoadResult Result, double Searched)>();
        for (var i = 0; i < options.Rounds; i++) rounds.Add(await Round(category));
        Table.Print($"{Load.Connections} connections", ["publishes/s", "p50 ms", "p99 ms", "failed", "all listed and found after s"],
            [["publish", $"{rounds.Select(r => r.Result.PerSecond).Median():N0}", $"{rounds.Select(r => r.Result.P50).Median():N1}", $"{rounds.Select(r => r.Result.P99).Median():N1}", $"{rounds.Sum(r => r.Result.Failed)}", $"{rounds.Select(r => r.Searched).Median():N1}"]]);
    }

    private async Task<(LoadResult, double)> Round(string category)
    {
        var mark = $"قياس{Interlocked.Increment(ref _made)}";
        var drafts = new JsonElement[options.Distinct];
        await Parallel.ForEachAsync(Enumerable.Range(0, drafts.Length), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => drafts[i] = await platform.Post("/api/articles", new
        {
            language = "ar",
            title = $"{Words.Sentence(i, 8)} {mark} {i}",
            summary = Words.Sentence(i + 1, 30),
            body = Words.Body(i),
            categories = new[] { category },
        }));
        var authorization = platform.Editor.DefaultRequestHeaders.Authorization!.ToString();
        byte[][] requests = [.. drafts.Select(d => Encoding.ASCII.GetBytes($"POST /api/articles/{d.GetProperty("id").GetString()}/publish HTTP/1.1\r\nHost: localhost:{Target.Port}\r\nAuthorization: {authorization}\r\n"
            + $"If-Match: \"{d.GetProperty("version").GetInt64()}\"\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"))];
        var result = Load.Run(Target.Port, n => requests[n], TimeSpan.FromMinutes(2), requests.Length);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Eventually.True(async () => await Pages($"/api/articles?q={Uri.EscapeDataString(mark)}&limit=100") >= result.Done, "all of them to be found", TimeSpan.FromMinutes(1));
        return (result, watch.Elapsed.TotalSeconds);
    }

    /// <summary>How many there are on all pages of a list.</summary>
    private async Task<int> Pages(string path)
    {
        var count = 0;
        for (string? next = ""; next is not null;)
        {
            var page = await platform.Get(path + (next.Length == 0 ? "" : "&cursor=" + next));
            count += page.GetProperty("items").GetArrayLength();
            next = page.GetProperty("next").GetString();
        }
        return count;
    }
}
