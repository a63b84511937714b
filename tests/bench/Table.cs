namespace Platform.Bench;

/// <summary>Tables on standard output, progress on standard error.</summary>
public static class Table
{
    public static void Say(string line) => Console.Error.WriteLine(line);

    /// <param name="title">Stands over the first column, which is aligned to the left; the others are aligned to the right.</param>
    public static void Print(string title, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        IReadOnlyList<string>[] all = [[title, .. columns], .. rows];
        var widths = Enumerable.Range(0, columns.Count + 1).Select(i => all.Max(r => r[i].Length)).ToArray();
        Console.WriteLine();
        foreach (var row in all)
            Console.WriteLine(string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
        Console.Out.Flush();
    }

    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
