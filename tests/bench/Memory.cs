namespace Platform.Bench;

/// <summary>Resident memory of the platform's processes, in MB.</summary>
public static class Memory
{
    private static readonly string[] Infrastructure = ["store-gateway", "engine", "broker"];

    /// <summary>Of each process, some time after nobody has come.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> Idle()
    {
        await Task.Delay(TimeSpan.FromSeconds(5));
        return Take();
    }

    public static void Report(IReadOnlyDictionary<string, double> idle)
    {
        var after = Take();
        IReadOnlyList<string> Row(string name) => [name, $"{idle[name]:N0}", $"{after[name]:N0}", name == "engine" ? "" : $"{Machine.Resident(Target.PidOf(name)).Peak:N0}", ""];
        IReadOnlyList<string> Sum(string name, string[] of, string aim) => [name, $"{of.Sum(n => idle[n]):N0}", $"{of.Sum(n => after[n]):N0}", "", aim];
        Table.Print("resident MB", ["idle", "after load", "highest", "aim"],
            [.. Target.Services.Select(Row), Sum("all services", Target.Services, "700"), .. Infrastructure.Select(Row), Sum("store and broker", Infrastructure, "")]);
    }

    private static Dictionary<string, double> Take() =>
        Target.Services.Concat(Infrastructure).ToDictionary(n => n, n => n == "engine" ? Machine.Proportional(Target.PidOf(n)) : Machine.Resident(Target.PidOf(n)).Now);
}
