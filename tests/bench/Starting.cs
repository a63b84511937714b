using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Platform.Bench;

/// <summary>How long a stopped platform takes to be ready, when nothing is to be built.</summary>
public static class Starting
{
    public static async Task Run()
    {
        Table.Say("stopping and starting");
        var (down, up) = (await Time("down"), 0.0);
        var ready = new ConcurrentDictionary<string, double>();
        using (var stop = new CancellationTokenSource())
        {
            var watchers = Target.Services.Select(service => Task.Run(() => Watch(service, ready, stop.Token))).ToList();
            up = await Time("up");
            await stop.CancelAsync();
            await Task.WhenAll(watchers);
        }
        Table.Print("start", ["seconds", "aim"], [["deploy/up, warm", $"{up:N1}", "30"], .. Target.Services.Select(s => (string[])[$"  {s} ready after", $"{ready.GetValueOrDefault(s):N1}", ""]), ["deploy/down", $"{down:N1}", ""]]);
    }

    private static async Task<double> Time(string script)
    {
        var watch = Stopwatch.StartNew();
        await Target.Deploy(script);
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Asks until the service is ready; then its process's age is the time it took.</summary>
    private static async Task Watch(string service, ConcurrentDictionary<string, double> ready, CancellationToken stop)
    {
        var request = Encoding.ASCII.GetBytes("GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        using var connection = new Connection(Target.PortOf(service));
        while (!stop.IsCancellationRequested)
        {
            if (connection.Exchange(request) == 200) { ready[service] = Machine.Age(Target.PidOf(service)); return; }
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
