namespace Platform.Bench;

/// <summary>Resident memory of the platform's processes, in MB.</summary>
public static class Memory
{
    /// <summary>What the services take from the machine: .NET's own code, which all of them map from the same files, counted once (PSS).</summary>
    private const string Together = "all services together";

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
            [.. Target.Services.Select(Row), Sum("each by itself", Target.Services, ""), [Together, $"{idle[Together]:N0}", $"{after[Together]:N0}", "", "700"], .. Infrastructure.Select(Row), Sum("store and broker", Infrastructure, "")]);
    }

    private static Dictionary<string, double> Take()
    {
        var taken = Target.Services.Concat(Infrastructure).ToDictionary(n => n, n => n == "engine" ? Machine.Proportional(Target.PidOf(n)) : Machine.Resident(Target.PidOf(n)).Now);
        taken[Together] = Target.Services.Sum(n => Machine.Proportional(Target.PidOf(n)));
        return taken;
    }
}
