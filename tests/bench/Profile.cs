namespace Platform.Bench;

/// <summary>CPU time of each process of the platform, per thing done: where the time goes that a number was made of.</summary>
public static class Profile
{
    private static readonly string[] Processes = [.. Target.Services, "store-gateway", "engine", "broker"];
    private static readonly List<(string What, int Done, double[] Seconds)> Rows = [];

    /// <summary>Runs one of several equal rounds.</summary>
    /// <param name="done">How many things a round did.</param>
    public static T Of<T>(string what, Func<T> round, Func<T, int> done)
    {
        var before = Used();
        var result = round();
        Add(what, done(result), before);
        return result;
    }

    /// <inheritdoc cref="Of{T}(string, Func{T}, Func{T, int})"/>
    public static async Task<T> During<T>(string what, Func<Task<T>> round, Func<T, int> done)
    {
        var before = Used();
        var result = await round();
        Add(what, done(result), before);
        return result;
    }

    /// <summary>Waits until nothing of what was done before goes on behind the scenes (messages, indexes, the store's housekeeping): all processes together use little CPU.</summary>
    public static async Task Settled()
    {
        Table.Say("waiting for quiet");
        for (var second = 0; second < 180; second++)
        {
            var before = Used().Sum();
            await Task.Delay(1000);
            if (Used().Sum() - before < 0.25) return;
        }
        Table.Say("  it does not get quiet: what follows is measured beside other work");
    }

    public static void Report()
    {
        if (Rows.Count == 0) return;
        Table.Print("CPU µs for each", [.. Processes, "all"], Rows.GroupBy(r => r.What).Select(g =>
        {
            double[] each = [.. Processes.Select((_, i) => g.Sum(r => r.Seconds[i]) * 1e6 / Math.Max(1, g.Sum(r => r.Done)))];
            return (IReadOnlyList<string>)[g.Key, .. each.Append(each.Sum()).Select(e => $"{e:N0}")];
        }));
    }

    private static void Add(string what, int done, double[] before) => Rows.Add((what, done, [.. Used().Zip(before, (a, b) => Math.Max(0, a - b))]));

    private static double[] Used() => [.. Processes.Select(name => Machine.CpuSeconds(Target.PidOf(name)))];
}
