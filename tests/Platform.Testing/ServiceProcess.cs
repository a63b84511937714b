using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Platform.Testing;

/// <summary>A service in a process of its own, for tests that kill it.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private static readonly ConcurrentDictionary<int, byte> Given = new();

    private ServiceProcess(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
        process.OutputDataReceived += (_, e) => { if (e.Data is not null) _output.Enqueue(e.Data); };
        process.ErrorDataReceived += (_, e) => { if (e.Data is not null) _output.Enqueue(e.Data); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    /// <summary>What the process printed so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts the program that a type's assembly is, on a free port, and waits until it is ready.</summary>
    public static async Task<ServiceProcess> Start(Type program, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var (address, service) = Launch(program, settings);
        await Eventually.True(async () =>
        {
            if (service._process.HasExited) throw new InvalidOperationException(service.Output);
            return (await service.Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode;
        }, $"{program.Assembly.GetName().Name} at {address} to be ready");
        return service;
    }

    /// <summary>Starts a program that is to end by itself, and waits for that.</summary>
    /// <returns>Its exit code and what it printed.</returns>
    public static async Task<(int Code, string Output)> Fails(Type program, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        await using var service = Launch(program, settings).Service;
        await service._process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (service._process.ExitCode, service.Output);
    }

    private static (Uri Address, ServiceProcess Service) Launch(Type program, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        // The test's own output folder has the assembly and its dependencies, but the runtime files stand beside the program's own.
        var assembly = program.Assembly.GetName().Name!;
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name;
        var path = Path.Combine(Infrastructure.Root, ".artifacts", "bin", assembly, configuration, assembly + ".dll");
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [path]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path.GetDirectoryName(path) };
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        foreach (var (key, value) in TestSettings.Default.Concat(settings)) start.Environment[key] = value;
        return (address, new ServiceProcess(Process.Start(start)!, address));
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: it ends in good order.</summary>
    public async Task Stop()
    {
        Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Kill();
        _process.Dispose();
        Http.Dispose();
    }

    /// <summary>A port that nobody listens on now, below those that the system gives to outgoing connections: nobody gets it by chance before the process binds it.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (!Given.TryAdd(port, 0)) continue;   // to a process that may not have bound it yet
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException) { }   // taken: another one
        }
    }
}
