using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Testing;

namespace Platform.Bench;

/// <summary>Guests post comments through the gateway, with all rules on; every one is published at once, told to the other services, and counted.</summary>
public sealed class Commenting(Target platform, Options options)
{
    private int _guests;

    public async Task Run()
    {
        Table.Say("comments");
        await PublishAtOnce();
        var category = await platform.NewCategory();
        var articles = new List<string>();
        for (var i = 0; i < 20; i++) articles.Add((await platform.Publish(await platform.Draft(category, 1_000_000 + i))).GetProperty("id").GetString()!);
        await Eventually.True(async () => (await platform.Reader.GetAsync(new Uri($"/api/articles/{articles[^1]}/comments", UriKind.Relative))).IsSuccessStatusCode, "Comments to know the articles");
        Post(articles);     // compiled by now
        await Profile.Settled();
        List<IReadOnlyList<string>> rows = [await Measure("comments to 20 articles", articles), await Measure("comments to one article", articles[..1])];
        if (options.Reports("comments")) Table.Print($"{Load.Connections} connections", ["posts/s", "p50 ms", "p99 ms", "failed", "counted after s", "aim"], rows);
    }

    /// <summary>A new article with this many comments, or some more.</summary>
    public async Task<string> Thread(int comments)
    {
        await PublishAtOnce();
        var article = (await platform.Publish(await platform.Draft(await platform.NewCategory(), 2_000_000 + _guests))).GetProperty("id").GetString()!;
        await Eventually.True(async () => (await platform.Reader.GetAsync(new Uri($"/api/articles/{article}/comments", UriKind.Relative))).IsSuccessStatusCode, "Comments to know the article");
        while (await Total(article) < comments) Post([article]);
        return article;
    }

    /// <returns>Its id.</returns>
    public async Task<string> PostOne(string article, string? parent = null)
    {
        var guest = Interlocked.Increment(ref _guests);
        var posted = await Target.Json(await platform.Reader.PostAsync(new Uri($"/api/articles/{article}/comments", UriKind.Relative), JsonContent.Create(new { name = "قارئ", email = $"reader{guest}-{Environment.ProcessId}@readers.example", body = $"{Words.Sentence(guest, 25)} {guest}", parentId = parent })));
        return posted.GetProperty("id").GetString()!;
    }

    private async Task<IReadOnlyList<string>> Measure(string what, IReadOnlyList<string> articles)
    {
        var (rounds, counted) = (new List<LoadResult>(), new List<double>());
        await Counted(articles, 0);
        for (var i = 0; i < options.Rounds; i++)
        {
            // What follows a post, to the last count, is part of what the posts cost.
            await Profile.During(what, async () =>
            {
                var before = (await Task.WhenAll(articles.Select(Count))).Sum();
                rounds.Add(Post(articles));
                counted.Add(await Counted(articles, before + rounds[^1].Done));
                return rounds[^1];
            }, r => r.Done);
        }
        return [what, $"{rounds.Select(r => r.PerSecond).Median():N0}", $"{rounds.Select(r => r.P50).Median():N1}", $"{rounds.Select(r => r.P99).Median():N1}", $"{rounds.Sum(r => r.Failed)}", $"{counted.Median():N1}", "1,500/s"];
    }

    private LoadResult Post(IReadOnlyList<string> articles) => Load.Run(Target.Port, n =>
    {
        var guest = Interlocked.Increment(ref _guests);
        var body = JsonSerializer.SerializeToUtf8Bytes(new { name = $"قارئ {guest}", email = $"reader{guest}-{Environment.ProcessId}@readers.example", body = $"{Words.Sentence(guest, 25)} {guest}" });
        return [.. Encoding.ASCII.GetBytes($"POST /api/articles/{articles[n % articles.Count]}/comments HTTP/1.1\r\nHost: localhost:{Target.Port}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
    }, options.Round, status: 201);

    /// <summary>Waits until the articles' counts add up to this, or where 0, to what Comments itself says.</summary>
    /// <returns>Seconds.</returns>
    private async Task<double> Counted(IReadOnlyList<string> articles, long sum)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        if (sum == 0) sum = (await Task.WhenAll(articles.Select(Total))).Sum();
        await Eventually.True(async () => (await Task.WhenAll(articles.Select(Count))).Sum() >= sum, "the articles' counts of comments", TimeSpan.FromMinutes(5));
        return watch.Elapsed.TotalSeconds;
    }

    private async Task<long> Count(string article) =>
        (await Target.Json(await platform.Reader.GetAsync(new Uri($"http://127.0.0.1:{Target.PortOf("articles")}/api/articles/{article}")))).GetProperty("commentCount").GetInt64();

    private async Task<long> Total(string article) =>
        (await Target.Json(await platform.Reader.GetAsync(new Uri($"http://127.0.0.1:{Target.PortOf("comments")}/api/articles/{article}/comments?limit=1")))).GetProperty("total").GetInt64();

    private async Task PublishAtOnce()
    {
        var address = new Uri("/api/moderation/settings", UriKind.Relative);
        using var current = await platform.Editor.GetAsync(address);
        var settings = (await current.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!;
        settings["mode"] = "post";
        settings["minSecondsBetween"] = 1;      // every guest comments once
        settings["maxLinks"] = 2;
        var words = Judging.MadeUp();
        settings["bannedWords"] = new JsonArray([.. words.Take(words.Count / 2).Select(w => JsonValue.Create(w))]);
        settings["suspectWords"] = new JsonArray([.. words.Skip(words.Count / 2).Select(w => JsonValue.Create(w))]);
        await Target.Json(await platform.Editor.SendAsync(new HttpRequestMessage(HttpMethod.Put, address) { Content = JsonContent.Create(settings), Headers = { { "If-Match", current.Headers.ETag!.ToString() } } }));
    }
}
