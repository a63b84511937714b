using System.Diagnostics;

namespace Platform.Bench;

/// <summary>What one round of requests gave.</summary>
/// <param name="Done">Answers with the expected status.</param>
/// <param name="Failed">Other answers, and none.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
public sealed record LoadResult(int Done, int Failed, double Seconds, double P50, double P99)
{
    public double PerSecond => Done / Seconds;
}

/// <summary>
/// A bounded load from blocking connections with a thread each, every one of which asks again as soon as it is answered (a closed loop).
/// Two system calls a request: on a machine that it shares with what it measures, a client should cost little.
/// </summary>
public static class Load
{
    public const int Connections = 32;

    /// <param name="request">The n-th request, complete as it goes over the wire.</param>
    /// <param name="count">No more requests than this.</param>
    /// <param name="status">What is expected.</param>
    public static LoadResult Run(int port, Func<int, byte[]> request, TimeSpan limit, int count = int.MaxValue, int status = 200)
    {
        var (next, failed) = (-1, 0);
        var times = new List<double>[Connections];
        var watch = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Connections).Select(i => new Thread(() => times[i] = One(), maxStackSize: 256 * 1024) { IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var seconds = watch.Elapsed.TotalSeconds;
        double[] sorted = [.. times.SelectMany(t => t).Order()];
        return new(sorted.Length, failed, seconds, At(sorted, 0.5), At(sorted, 0.99));

        List<double> One()
        {
            var taken = new List<double>(1024);
            using var connection = new Connection(port);
            while (watch.Elapsed < limit && Interlocked.Increment(ref next) is var n && n < count)
            {
                var bytes = request(n);
                var start = Stopwatch.GetTimestamp();
                if (connection.Exchange(bytes) == status) taken.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                else Interlocked.Increment(ref failed);
            }
            return taken;
        }
    }

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? 0 : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * part)];
}
