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

    /// <summary>So many requests a second, however long each takes (an open loop): times count from when a request was due, so that one that waits for others is slow too.</summary>
    /// <returns>What came of them, and how many began more than 10 ms late since all connections were busy.</returns>
    public static (LoadResult Result, int Late) Paced(int port, byte[][] requests, int perSecond, int status = 200)
    {
        var (next, failed, late) = (-1, 0, 0);
        var times = new double[requests.Length];
        var watch = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, Connections).Select(_ => new Thread(One, maxStackSize: 256 * 1024) { IsBackground = true }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        double[] sorted = [.. times.Where(t => t > 0).Order()];
        return (new(sorted.Length, failed, watch.Elapsed.TotalSeconds, At(sorted, 0.5), At(sorted, 0.99)), late);

        void One()
        {
            using var connection = new Connection(port);
            while (Interlocked.Increment(ref next) is var n && n < requests.Length)
            {
                var due = 1000.0 * n / perSecond;
                if (due - watch.Elapsed.TotalMilliseconds is > 0 and var wait) Thread.Sleep(TimeSpan.FromMilliseconds(wait));
                if (watch.Elapsed.TotalMilliseconds - due > 10) Interlocked.Increment(ref late);
                if (connection.Exchange(requests[n]) == status) times[n] = watch.Elapsed.TotalMilliseconds - due;
                else Interlocked.Increment(ref failed);
            }
        }
    }

    private static double At(double[] sorted, double part) => sorted.Length == 0 ? 0 : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * part)];
}
