using System.Text;
using System.Text.Json;
using Platform.Testing;

namespace Platform.Bench;

/// <summary>One article as a page and as JSON: from the gateway's memory, through everything, and at the service's own port.</summary>
public sealed class Reading(Target platform, Options options)
{
    private readonly List<IReadOnlyList<string>> _rows = [];

    public async Task Run()
    {
        var articles = await Publish(options.Distinct * (options.Rounds + 1));
        await Profile.Settled();
        if (options.Measures("pages")) await Measure("article page", "web", [.. articles.Select(a => Get(new Uri(a.GetProperty("url").GetString()!).AbsolutePath, "text/html"))]);
        if (options.Measures("api")) await Measure("API article", "articles", [.. articles.Select(a => Get("/api/articles/" + a.GetProperty("id").GetString(), "application/json"))]);
        if (options.Reports("pages") || options.Reports("api"))
            Table.Print($"{Load.Connections} connections", ["requests/s", "p50 ms", "p99 ms", "failed", "server µs", "bare/s", "bare p99", "bare µs", "ratio", "aim"], _rows);
    }

    private async Task Measure(string what, string service, byte[][] requests)
    {
        Table.Say($"{what}, cached");
        await Cached($"{what}, cached", requests[^1]);
        Table.Say($"{what}, uncached");
        Distinct(what, requests, round: 0, _ => { });      // compiled by now
        var uncached = new List<LoadResult>();
        for (var round = 1; round <= options.Rounds; round++) Distinct(what, requests, round, uncached.Add);
        Row($"{what}, uncached", uncached, ["", "", "", "", "", "1,000/s"]);
        Table.Say($"{what}, direct");
        Load.Run(Target.PortOf(service), _ => requests[^1], options.Round);
        var direct = Enumerable.Range(0, options.Rounds).Select(_ => Profile.Of($"{what}, direct", () => Load.Run(Target.PortOf(service), _ => requests[^1], options.Round), r => r.Done)).ToList();
        Row($"{what}, direct", direct, ["", "", "", "", "", ""]);
    }

    /// <summary>In turns with a bare server, so that what else happens on the machine meets both.</summary>
    private async Task Cached(string what, byte[] request)
    {
        using var connection = new Connection(Target.Port);
        await Eventually.True(() => connection.Exchange(request) == 200 && connection.Exchange(request) == 200, what);
        using var bare = new BareServer(Target.Port + 28, connection.Answer);
        await bare.Ready();
        var gateway = Target.PidOf("gateway");
        var (ours, theirs) = (new List<LoadResult>(), new List<LoadResult>());
        var (ourCpu, theirCpu) = (0.0, 0.0);
        for (var round = -1; round < options.Rounds; round++)
        {
            var (b, o) = (Machine.CpuSeconds(bare.Pid), Machine.CpuSeconds(gateway));
            var (one, two) = (Load.Run(bare.Port, _ => request, options.Round), Load.Run(Target.Port, _ => request, options.Round));
            if (round < 0) continue;        // compiled by now
            theirs.Add(one);
            ours.Add(two);
            theirCpu += Machine.CpuSeconds(bare.Pid) - b;
            ourCpu += Machine.CpuSeconds(gateway) - o;
        }
        var rate = theirs.Select(r => r.PerSecond).Median();
        Row(what, ours, [$"{ourCpu * 1e6 / ours.Sum(r => r.Done):N1}", $"{rate:N0}", $"{theirs.Select(r => r.P99).Median():N1}",
            $"{theirCpu * 1e6 / theirs.Sum(r => r.Done):N1}", $"{ours.Select(r => r.PerSecond).Median() / rate:N2}", "0.70"]);
    }

    private void Distinct(string what, byte[][] requests, int round, Action<LoadResult> keep)
    {
        LoadResult One() => Load.Run(Target.Port, n => requests[(round * options.Distinct) + n], TimeSpan.FromMinutes(1), options.Distinct);
        keep(round == 0 ? One() : Profile.Of($"{what}, uncached", One, r => r.Done));
    }

    private void Row(string what, List<LoadResult> rounds, string[] rest) =>
        _rows.Add([what, $"{rounds.Select(r => r.PerSecond).Median():N0}", $"{rounds.Select(r => r.P50).Median():N1}", $"{rounds.Select(r => r.P99).Median():N1}", $"{rounds.Sum(r => r.Failed)}", .. rest]);

    /// <summary>Articles, each of which has been asked for by nobody.</summary>
    private async Task<IReadOnlyList<JsonElement>> Publish(int count)
    {
        Table.Say($"publishing {count} articles");
        var category = await platform.NewCategory();
        var articles = new JsonElement[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => articles[i] = await platform.Publish(await platform.Draft(category, i)));
        // Once Comments knows the last ones, pages are complete.
        foreach (var article in articles[^16..])
            await Eventually.True(async () => (await platform.Reader.GetAsync(new Uri($"/api/articles/{article.GetProperty("id").GetString()}/comments", UriKind.Relative))).IsSuccessStatusCode, "Comments to know the articles", TimeSpan.FromMinutes(2));
        return articles;
    }

    private static byte[] Get(string path, string accept) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost:{Target.Port}\r\nUser-Agent: bench\r\nAccept: {accept}\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n");
}
