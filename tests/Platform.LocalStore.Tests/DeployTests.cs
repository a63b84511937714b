using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Platform.Testing;

namespace Platform.LocalStore.Tests;

/// <summary>What `deploy/up` refuses before anything starts: one line that names the cause and what to do.</summary>
public sealed class DeployTests : IDisposable
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));

    [Theory]
    [InlineData("PLATFORM_PORT", "http")]
    [InlineData("PLATFORM_PORT", "65530")]
    [InlineData("PLATFORM_PUBLIC_URL", "news.example")]
    [InlineData("PLATFORM_PUBLIC_URL", "https://user:password@news.example")]
    [InlineData("PLATFORM_LANGUAGES", "ar,")]
    [InlineData("PLATFORM_LANGUAGES", "Arabic")]
    [InlineData("PLATFORM_ADMIN_EMAIL", "admin")]
    [InlineData("PLATFORM_ADMIN_PASSWORD", "short")]
    [InlineData("MONGODB_URI", "localhost:27017")]
    [InlineData("RABBITMQ_URI", "http://localhost")]
    [InlineData("SMTP_URI", "localhost:25")]
    [InlineData("MAIL_FROM", "News")]
    [InlineData("PLATFORM_RATE_READS", "-1")]
    [InlineData("PLATFORM_RATE_WRITES", "many")]
    [InlineData("PLATFORM_ALLOWED_NETWORKS", "10.0.0.0")]
    [InlineData("BOUNCE_SECRET", "x")]
    [InlineData("DKIM_DOMAIN", "news.example")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector")]
    public void A_wrong_setting_is_named_in_one_line_and_nothing_starts(string name, string value)
    {
        var (ok, output) = Up($"{name}={value}");

        ok.ShouldBeFalse();
        output.Trim().Split('\n').ShouldHaveSingleItem().ShouldStartWith("error: ");
        output.ShouldContain(name);
        output.ShouldContain("set ");
        Directory.Exists(_data).ShouldBeFalse();
    }

    [Fact]
    public void A_busy_port_is_named_and_nothing_starts()
    {
        var port = StoreInstance.FreeBase();
        using var stranger = new TcpListener(IPAddress.Loopback, port);
        stranger.Start();

        var (ok, output) = Up($"PLATFORM_PORT={(port - 2).ToString(CultureInfo.InvariantCulture)}");

        ok.ShouldBeFalse();
        output.ShouldContain($"port {port.ToString(CultureInfo.InvariantCulture)} (articles)");
        Directory.EnumerateFiles(Path.Combine(_data, "run"), "*.pid").ShouldBeEmpty();
    }

    [Fact]
    public void A_missing_program_is_named_and_nothing_starts()
    {
        var programs = Directory.CreateTempSubdirectory();
        foreach (var program in (string[])["bash", "dirname", "realpath", "mkdir", "flock", "cat", "cut", "sed", "uname", "df", "awk", "setsid", "setpriv", "sha256sum", "id"])
            File.CreateSymbolicLink(Path.Combine(programs.FullName, program), Find(program));

        var (ok, output) = Up($"PATH={programs.FullName}");

        ok.ShouldBeFalse();
        output.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("the program dotnet is missing");
        programs.Delete(recursive: true);
    }

    [Theory]
    [InlineData("mongodb://host:27017", "mongodb://host:27017/articles")]
    [InlineData("mongodb://host:27017/?w=1", "mongodb://host:27017/articles?w=1")]
    [InlineData("mongodb://u:p@host/", "mongodb://u:p@host/articles?authSource=admin")]
    [InlineData("mongodb://u:p@host/news?w=1", "mongodb://u:p@host/articles?w=1&authSource=news")]
    [InlineData("mongodb+srv://u:p@host/?authSource=x", "mongodb+srv://u:p@host/articles?authSource=x")]
    public void Each_service_gets_its_own_database_of_a_given_store(string given, string expected) =>
        Infrastructure.Run("bash", ["-c", ". deploy/lib/common.sh; . deploy/lib/settings.sh; database_in \"$1\" articles", "-", given], TimeSpan.FromSeconds(10)).Output.Trim().ShouldBe(expected);

    [Fact]
    public void Every_script_tells_what_it_is_for()
    {
        foreach (var script in (string[])["up", "down", "status", "broker-definitions", "returned-mail", "local/infra", "local/store", "local/broker", "local/watch"])
        {
            var (ok, output) = Infrastructure.Run(Path.Combine(Infrastructure.Root, "deploy", script), ["--help"], TimeSpan.FromSeconds(10));
            ok.ShouldBeTrue(script);
            output.ShouldContain("usage: deploy/" + script);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_data)) Directory.Delete(_data, recursive: true);
    }

    /// <summary>Without Docker, whatever this machine has.</summary>
    private (bool Ok, string Output) Up(string setting) => Infrastructure.Run("/usr/bin/env",
        ["-u", "MONGODB_URI", "-u", "RABBITMQ_URI", "DOCKER_HOST=unix:///nowhere", $"PLATFORM_DATA={_data}", setting, Path.Combine(Infrastructure.Root, "deploy", "up")], TimeSpan.FromMinutes(1));

    private static string Find(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).First(File.Exists);
}
