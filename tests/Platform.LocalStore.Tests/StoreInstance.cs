using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MongoDB.Driver;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(Platform.LocalStore.Tests.StoreInstance))]

namespace Platform.LocalStore.Tests;

/// <summary>A local store of the tests' own, brought up by the script that the platform uses: a data folder, an engine, a gateway.</summary>
public class StoreInstance : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("store-").FullName;
    private readonly int _base = FreeBase();
    private int _databases;

    public IMongoClient Client { get; private set; } = null!;

    public IPEndPoint Gateway => new(IPAddress.Loopback, _base + 20);

    /// <summary>The connection string of a service for its database, or of the administrator.</summary>
    public string Uri(string user) => Script("uri", user).Trim();

    public string Password(string user) => new MongoUrl(Uri(user)).Password;

    /// <summary>A database that no other test uses.</summary>
    public IMongoDatabase NewDatabase() => Client.GetDatabase($"test{Interlocked.Increment(ref _databases)}");

    public IMongoCollection<T> NewCollection<T>() => NewDatabase().GetCollection<T>("things");

    public async ValueTask InitializeAsync()
    {
        await Task.Run(Up);
        Client = new MongoClient(Uri("admin"));
    }

    /// <summary>Starts what does not run; what a user does after something died.</summary>
    public void Up() => Script("up");

    public void Down() => Script("down");

    /// <summary>For tests that put the gateway's own parts on the engine.</summary>
    public string EngineConnection => $"Host={Path.Combine(_data, "store", "run")};Username=postgres;Database=postgres";

    public int Pid(string process) => int.Parse(File.ReadAllText(Path.Combine(_data, "run", process + ".pid")).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>kill -9 of <c>engine</c> or <c>store-gateway</c>; returns when it is dead.</summary>
    public void Kill(string process)
    {
        using var victim = Process.GetProcessById(Pid(process));
        victim.Kill();
        victim.WaitForExit(TimeSpan.FromSeconds(10)).ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await Task.Run(Down);
        Directory.Delete(_data, recursive: true);
        GC.SuppressFinalize(this);
    }

    private string Script(params string[] arguments)
    {
        var (ok, output) = Infrastructure.Run("/usr/bin/env",
            [$"PLATFORM_DATA={_data}", $"PLATFORM_PORT={_base}", Path.Combine(Infrastructure.Root, "deploy", "local", "store"), .. arguments], TimeSpan.FromMinutes(5));
        return ok ? output : throw new InvalidOperationException($"deploy/local/store {string.Join(' ', arguments)} failed:\n{output}");
    }

    /// <summary>Below the ports that the kernel gives to clients: there a client that tries a closed port can end up connected to itself.</summary>
    public static int FreeBase()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port - 20;
            }
            catch (SocketException)
            {
                // taken: another one
            }
        }
    }
}

/// <summary>A second store, for tests that kill it; they run one after another.</summary>
[CollectionDefinition(nameof(KilledStore))]
public sealed class KilledStore : ICollectionFixture<KilledStore.Instance>
{
    public sealed class Instance : StoreInstance;
}
