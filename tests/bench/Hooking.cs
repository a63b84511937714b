using System.Diagnostics;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Bench;

/// <summary>From an editor's publishing request to the webhooks that a local server has answered.</summary>
public sealed class Hooking(Target platform, Options options)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private int _articles = 3_000_000;

    public async Task Run()
    {
        await using var sink = await HttpSink.Start(keep: false);
        var (many, few) = (options.Quick ? 50 : 500, options.Quick ? 50 : 200);
        var rows = new List<IReadOnlyList<string>>();
        await Measure($"1 article, {many} webhooks", many, 1);
        await Measure($"{few} articles, 1 webhook", 1, few);
        await Measure($"{few} articles, 10 webhooks", 10, few);
        Table.Print("webhooks", ["sent", "first s", "last s", "webhooks/s"], rows);

        async Task Measure(string name, int webhooks, int articles)
        {
            Table.Say(name);
            var category = await platform.NewCategory();
            var ids = new List<string>();
            for (var i = 0; i < webhooks; i++)
                ids.Add((await platform.Post("/api/webhooks", new { url = new Uri(sink.Address, $"/{category}/{i}"), topics = new { categories = new[] { category } } })).GetProperty("id").GetString()!);
            await Round(sink, category, 1, webhooks);       // compiled, and connected, by now
            await Profile.Settled();
            var rounds = new List<(double First, double Last)>();
            for (var i = 0; i < options.Rounds; i++) rounds.Add(await Round(sink, category, articles, webhooks * articles));
            var last = rounds.Select(r => r.Last).Median();
            rows.Add([name, $"{webhooks * articles:N0}", $"{rounds.Select(r => r.First).Median():N2}", $"{last:N2}", $"{webhooks * articles / last:N0}"]);
            foreach (var id in ids) (await platform.Editor.DeleteAsync(new Uri("/api/webhooks/" + id, UriKind.Relative))).Dispose();
        }
    }

    /// <returns>Seconds from the first request to the first and the last webhook.</returns>
    private async Task<(double First, double Last)> Round(HttpSink sink, string category, int articles, int expected)
    {
        var drafts = new JsonElement[articles];
        for (var i = 0; i < articles; i++) drafts[i] = await platform.Draft(category, Interlocked.Increment(ref _articles));
        var (got, first, last) = (0, 0L, 0L);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sink.OnRequest = _ =>
        {
            var n = Interlocked.Increment(ref got);
            if (n == 1) first = Stopwatch.GetTimestamp();
            if (n == expected) { last = Stopwatch.GetTimestamp(); all.TrySetResult(); }
            return Task.CompletedTask;
        };
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(drafts, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (draft, _) => await platform.Publish(draft));
        await all.Task.WaitAsync(Limit);
        sink.OnRequest = null;
        return (Stopwatch.GetElapsedTime(start, first).TotalSeconds, Stopwatch.GetElapsedTime(start, last).TotalSeconds);
    }
}
