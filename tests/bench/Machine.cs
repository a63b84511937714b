using System.Globalization;

namespace Platform.Bench;

/// <summary>What /proc tells of this machine and its processes (proc(5)).</summary>
public static class Machine
{
    /// <summary>Ticks of /proc, on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>One line on what the numbers were taken on; watches for a second what others do meanwhile.</summary>
    public static string Describe()
    {
        var before = Cpu();
        Thread.Sleep(1000);
        var after = Cpu();
        var busy = 1 - ((after.Idle - before.Idle) / (after.All - before.All));
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        return $"on {Environment.ProcessorCount} cores ({model}), {busy:P0} busy before the start";
    }

    /// <summary>CPU seconds that a process and its descendants, those that have ended too, have used so far.</summary>
    public static double CpuSeconds(int pid) => Tree(pid).Sum(p => OrNone(() => Stat(p)[11..15].Sum(Number))) / TicksPerSecond;

    /// <summary>Seconds since a process was born.</summary>
    public static double Age(int pid) => Number(File.ReadAllText("/proc/uptime").Split(' ')[0]) - (Number(Stat(pid)[19]) / TicksPerSecond);

    /// <summary>Resident memory now, and the highest ever, in MB.</summary>
    public static (double Now, double Peak) Resident(int pid)
    {
        var lines = File.ReadAllLines($"/proc/{pid}/status");
        return (Kilobytes(lines, "VmRSS:") / 1024, Kilobytes(lines, "VmHWM:") / 1024);
    }

    /// <summary>Memory that is the process's own, in MB: without the pages of mapped files, which the system takes back when it wants memory.</summary>
    public static double Own(int pid)
    {
        var lines = File.ReadAllLines($"/proc/{pid}/status");
        return (Kilobytes(lines, "RssAnon:") + Kilobytes(lines, "RssShmem:")) / 1024;
    }

    /// <summary>A process with all of its descendants, pages that they share counted once, in MB.</summary>
    public static double Proportional(int pid) => Tree(pid).Sum(p => OrNone(() => Kilobytes(File.ReadAllLines($"/proc/{p}/smaps_rollup"), "Pss:") / 1024));

    private static IEnumerable<int> Tree(int pid)
    {
        var children = Directory.GetDirectories("/proc").Select(d => Path.GetFileName(d)).Where(name => char.IsAsciiDigit(name[0])).Select(name => (int)Number(name))
            .ToLookup(id => OrNone(() => (int)Number(Stat(id)[1])));
        return Below(pid);
        IEnumerable<int> Below(int id) => children[id].SelectMany(Below).Prepend(id);
    }

    /// <summary>What is read of a process, unless it has just ended.</summary>
    private static T? OrNone<T>(Func<T> read)
    {
        try { return read(); }
        catch (IOException) { return default; }
    }

    /// <summary>The fields after the name, beginning with the state.</summary>
    private static string[] Stat(int pid)
    {
        var text = File.ReadAllText($"/proc/{pid}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static double Kilobytes(IEnumerable<string> lines, string name) =>
        lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line ? Number(line[name.Length..^3]) : 0;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static (double Idle, double All) Cpu()
    {
        double[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Number)];
        return (ticks[3] + ticks[4], ticks.Sum());
    }
}
