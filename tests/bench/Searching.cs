using System.Diagnostics;
using System.Text;

namespace Platform.Bench;

/// <summary>Reading from an archive at the service's own port, as many requests a second as its aim says; and how long the index takes to be built.</summary>
public sealed class Searching(Target platform, Options options)
{
    private const int PerSecond = 50;

    public async Task Run()
    {
        var category = await platform.NewCategory();
        Table.Say($"making {options.Articles:N0} articles");
        var archive = new Archive(category, options.Articles);
        await archive.Write();
        Table.Say("building the search index");
        var build = await Rebuild();
        var random = new Random(1);
        var rows = new List<IReadOnlyList<string>>();
        Measure("search", "one word", n => "/api/articles?q=" + Word());
        Measure("search", "two words", n => $"/api/articles?q={Word()}%20{Word()}&sort={(n % 2 == 0 ? "newest" : "relevance")}");
        Measure("search", "phrase and filters", n => $"/api/articles?q=%22{Word()}%20{Word()}%22&language=ar&category={category}");
        Measure("search", "misspelt", n => $"/api/articles?q={Word()}{Uri.EscapeDataString("ظذ")}");
        Measure("list", "newest", _ => "/api/articles?language=ar");
        Measure("list", "category", _ => $"/api/articles?category={category}&limit=20");
        Measure("related", "each another", _ => $"/api/articles/{Some()}/related?limit=4");
        Measure("get", "each another", _ => $"/api/articles/{Some()}");
        Table.Print($"{options.Articles:N0} articles, {PerSecond} a second", ["p50 ms", "p99 ms", "late", "failed", "aim p99"], rows);
        var articles = Target.PidOf("articles");
        var memory = Machine.Resident(articles);
        Table.Print("search index", ["", "aim"], [["built in s", $"{build:N1}", "300"], ["memory MB", $"{Machine.Own(articles):N0}", "300"], ["with mapped files MB", $"{memory.Now:N0}", ""], ["highest of it MB", $"{memory.Peak:N0}", ""]]);

        string Word() => Uri.EscapeDataString(archive.Searched(random));
        Guid Some() => archive.Ids[random.Next(archive.Ids.Count)];
        void Measure(string part, string what, Func<int, string> path)
        {
            if (!options.Reports(part)) return;
            Table.Say($"{part}, {what}");
            var count = PerSecond * (options.Quick ? 4 : 30);
            byte[][] requests = [.. Enumerable.Range(0, count + PerSecond).Select(n => Encoding.ASCII.GetBytes($"GET {path(n)} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n"))];
            Load.Paced(Target.PortOf("articles"), requests[count..], PerSecond);       // compiled by now
            var (result, late) = Load.Paced(Target.PortOf("articles"), requests[..count], PerSecond);
            rows.Add([$"{part}, {what}", $"{result.P50:N1}", $"{result.P99:N1}", $"{late}", $"{result.Failed}", part == "search" ? "50" : ""]);
        }
    }

    /// <returns>Seconds from the process's birth, without an index, to the first search that is answered.</returns>
    private static async Task<double> Rebuild()
    {
        await Target.Deploy("down");
        if (Directory.Exists(Target.Folder("search"))) Directory.Delete(Target.Folder("search"), recursive: true);
        await Target.Deploy("up");
        using var connection = new Connection(Target.PortOf("articles"));
        var request = "GET /api/articles?q=x HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
        for (var told = Stopwatch.GetTimestamp(); ;)
        {
            if (connection.Exchange(request) == 200) return Machine.Age(Target.PidOf("articles"));
            if (Stopwatch.GetElapsedTime(told) > TimeSpan.FromSeconds(10))
            {
                told = Stopwatch.GetTimestamp();
                if (File.ReadLines(Target.Folder("log/articles.log")).LastOrDefault(l => l.Contains("Search index:", StringComparison.Ordinal)) is { } line) Table.Say("  " + line[(line.IndexOf("Search index:", StringComparison.Ordinal) + 14)..]);
            }
            await Task.Delay(50);
        }
    }
}
