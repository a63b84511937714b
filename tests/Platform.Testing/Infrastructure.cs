using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using MongoDB.Driver;
using Testcontainers.MongoDb;
using Testcontainers.RabbitMq;

namespace Platform.Testing;

/// <summary>
/// The real store and broker that tests run against: what the environment names (MONGODB_URI, RABBITMQ_URI, RABBITMQ_MANAGEMENT_URI),
/// else containers where Docker answers, else the local run's own (deploy/local/infra). Started once per process.
/// </summary>
public static class Infrastructure
{
    private static readonly Lazy<Task<Addresses>> Started = new(Start);

    /// <param name="Mongo">Store, without a database.</param>
    /// <param name="Rabbit">Broker, with the credentials of a user who may do all.</param>
    /// <param name="RabbitManagement">The broker's management interface, with the same credentials.</param>
    public sealed record Addresses(string Mongo, Uri Rabbit, Uri RabbitManagement);

    public static Task<Addresses> Get() => Started.Value;

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A database that nobody else uses; dropped when disposed.</summary>
    public static async Task<TestDatabase> NewDatabase()
    {
        var addresses = await Get();
        return new TestDatabase(addresses.Mongo, "test_" + Guid.NewGuid().ToString("N"));
    }

    /// <summary>A virtual host that nobody else uses; deleted when disposed.</summary>
    public static async Task<TestVirtualHost> NewVirtualHost()
    {
        var addresses = await Get();
        var host = new TestVirtualHost(addresses, "test-" + Guid.NewGuid().ToString("N"));
        await host.Create();
        return host;
    }

    private static async Task<Addresses> Start()
    {
        if (FromEnvironment(Environment.GetEnvironmentVariable) is { } given) return given;
        return DockerAnswers() ? await StartContainers() : await StartLocal();
    }

    private static Addresses? FromEnvironment(Func<string, string?> get)
    {
        if (get("MONGODB_URI") is not { Length: > 0 } mongo || get("RABBITMQ_URI") is not { Length: > 0 } rabbit) return null;
        if (get("RABBITMQ_MANAGEMENT_URI") is not { Length: > 0 } management)
            throw new InvalidOperationException("RABBITMQ_MANAGEMENT_URI is not set: tests make a virtual host each, through http://user:password@host:15672.");
        return new Addresses(mongo, new Uri(rabbit), new Uri(management));
    }

    private static bool DockerAnswers()
    {
        try { return Run("docker", ["info", "--format", "{{.ServerVersion}}"], TimeSpan.FromSeconds(5)).Ok; }
        catch (System.ComponentModel.Win32Exception) { return false; }   // no such program
    }

    private static async Task<Addresses> StartContainers()
    {
        var mongo = new MongoDbBuilder("mongo:8.0").WithReplicaSet().Build();
        var rabbit = new RabbitMqBuilder("rabbitmq:4-management").WithPortBinding(15672, assignRandomHostPort: true).Build();
        await Task.WhenAll(mongo.StartAsync(), rabbit.StartAsync());
        var amqp = new Uri(rabbit.GetConnectionString());
        return new Addresses(mongo.GetConnectionString(), amqp, new Uri($"http://{amqp.UserInfo}@{rabbit.Hostname}:{rabbit.GetMappedPublicPort(15672)}"));
    }

    private static async Task<Addresses> StartLocal()
    {
        var script = Path.Combine(Root, "deploy", "local", "infra");
        var up = await Task.Run(() => Run(script, ["up"], TimeSpan.FromMinutes(5)));
        if (!up.Ok) throw new InvalidOperationException($"'{script} up' failed:\n{up.Output}");
        var lines = Run(script, ["env"], TimeSpan.FromSeconds(20)).Output.Split('\n').SelectMany(l => l.Replace("export ", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(l => l.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1].Trim('\'', '"'));
        return FromEnvironment(name => lines.GetValueOrDefault(name)) ?? throw new InvalidOperationException($"'{script} env' did not name a store and a broker.");
    }

    /// <summary>Runs a program to its end, or until the limit.</summary>
    public static (bool Ok, string Output) Run(string program, IEnumerable<string> arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Root };
        using var process = Process.Start(start)!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(limit)) { process.Kill(entireProcessTree: true); return (false, $"(stopped after {limit})"); }
        // The streams end with the program, unless it left a daemon behind that holds them.
        return (process.ExitCode == 0, output.Wait(TimeSpan.FromSeconds(10)) ? string.Concat(output.Result) : "(its output never ended)");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Platform.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Tests run from inside the repository.");
    }
}

/// <summary>A database of a test class's own.</summary>
public sealed class TestDatabase(string server, string name) : IAsyncDisposable
{
    // Documents are written as services write them, whoever is first in the process.
    static TestDatabase() => System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(ServiceDefaults.MongoStore).TypeHandle);

    private readonly MongoClient _client = new(server);

    public string Name => name;

    /// <summary>MONGODB_URI for a service.</summary>
    public string Uri { get; } = With(server, name);

    public IMongoDatabase Database => _client.GetDatabase(name);

    public async ValueTask DisposeAsync()
    {
        await _client.DropDatabaseAsync(name);
        _client.Dispose();
    }

    private static string With(string server, string database)
    {
        var builder = new MongoUrlBuilder(server);
        if (builder.Username is not null) builder.AuthenticationSource ??= builder.DatabaseName ?? "admin";
        builder.DatabaseName = database;
        return builder.ToString();
    }
}

/// <summary>A virtual host of a test class's own.</summary>
public sealed class TestVirtualHost(Infrastructure.Addresses addresses, string name) : IAsyncDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = new Uri(addresses.RabbitManagement.GetLeftPart(UriPartial.Scheme) + addresses.RabbitManagement.Authority),
        DefaultRequestHeaders = { Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(System.Uri.UnescapeDataString(addresses.RabbitManagement.UserInfo)))) },
    };

    /// <summary>RABBITMQ_URI for a service.</summary>
    public string Uri { get; } = $"{addresses.Rabbit.Scheme}://{addresses.Rabbit.UserInfo}@{addresses.Rabbit.Host}:{addresses.Rabbit.Port}/{name}";

    public string Name => name;

    /// <summary>The management interface, for tests that look into queues: paths such as <c>api/queues/{Name}</c>.</summary>
    public HttpClient Management => _http;

    public async Task Create()
    {
        (await _http.PutAsJsonAsync($"api/vhosts/{name}", new { })).EnsureSuccessStatusCode();
        var user = System.Uri.UnescapeDataString(addresses.Rabbit.UserInfo.Split(':')[0]);
        (await _http.PutAsJsonAsync($"api/permissions/{name}/{user}", new { configure = ".*", write = ".*", read = ".*" })).EnsureSuccessStatusCode();
    }

    /// <summary>Cuts every connection to this virtual host, as a broker that goes away does.</summary>
    public async Task CutConnections()
    {
        foreach (var connection in await _http.GetFromJsonAsync<Connection[]>($"api/vhosts/{name}/connections") ?? [])
            await _http.DeleteAsync(new Uri($"api/connections/{System.Uri.EscapeDataString(connection.Name)}", UriKind.Relative));
    }

    public async ValueTask DisposeAsync()
    {
        await _http.DeleteAsync(new Uri($"api/vhosts/{name}", UriKind.Relative));
        _http.Dispose();
    }

    private sealed record Connection(string Name);
}
