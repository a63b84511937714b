using System.Text.RegularExpressions;
using System.Xml.Linq;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Architecture.Tests;

/// <summary>The rules that keep the parts apart; services/README.md says why.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] Deployed = ["services/accounts", "services/articles", "services/comments", "services/notifications", "services/web", "gateway"];

    [Fact]
    public void No_part_refers_to_another()
    {
        foreach (var part in Deployed)
            foreach (var reference in Repository.References(Repository.Projects.Single(p => Path.GetDirectoryName(p) == part)))
                reference.ShouldStartWith("services/shared/", customMessage: part);
    }

    [Theory]
    [InlineData("services/shared/Contracts")]
    [InlineData("services/shared/Text")]
    public void Contracts_and_Text_refer_to_nothing(string folder)
    {
        var project = Repository.Projects.Single(p => Path.GetDirectoryName(p) == folder);

        Repository.References(project).ShouldBeEmpty();
        Repository.Packages(project).ShouldBeEmpty();
    }

    [Fact]
    public void Contracts_are_sealed_records_in_one_namespace_one_per_file()
    {
        var types = typeof(Contracts.ArticlePublished).Assembly.GetExportedTypes();

        types.ShouldAllBe(t => t.IsSealed && t.Namespace == "Platform.Contracts" && t.BaseType == typeof(object));
        types.Select(t => t.Name + ".cs").Order().ShouldBe(Repository.Sources("services/shared/Contracts").Select(Path.GetFileName).Order()!);
    }

    /// <summary>At a real broker a message that its service may not write is refused, and closes the channel under all others.</summary>
    [Fact]
    public void Each_message_may_be_written_by_the_one_service_that_makes_it()
    {
        var writers = Repository.Read("deploy/broker-permissions").Split('\n').Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(f => f[0], f => new Regex(f[2].Replace("{own}", "^$^", StringComparison.Ordinal)));
        var messages = typeof(Contracts.ArticlePublished).Assembly.GetExportedTypes().Select(t => t.Name).Except([nameof(Contracts.ImportedComment)]).ToArray();

        foreach (var message in messages)
        {
            var writer = writers.Where(w => w.Value.IsMatch("Platform.Contracts:" + message)).Select(w => w.Key).ShouldHaveSingleItem(message);
            // new X, a method that returns one, or a list of them.
            var makers = Repository.Sources("services", "gateway").Where(f => Regex.IsMatch(Repository.Read(f), $@"new {message}\b|\b{message}(\[\])? \w+( =|\()"));
            makers.ShouldNotBeEmpty(message);
            makers.ShouldAllBe(f => f.StartsWith($"services/{writer}/", StringComparison.Ordinal), message);
        }
    }

    [Fact]
    public void Only_stores_know_MongoDB() =>
        Repository.Sources("services", "gateway").Where(f => !f.EndsWith("Store.cs", StringComparison.Ordinal) && Regex.IsMatch(Repository.Read(f), @"\bMongoDB\.(Driver|Bson)\b|\bIMongo(Client|Collection|Database)\b"))
            .ShouldBeEmpty();

    [Fact]
    public void Only_Web_and_the_gateway_call_services() =>
        Repository.Sources("services", "gateway").Where(f => !f.StartsWith("services/web/", StringComparison.Ordinal) && !f.StartsWith("gateway/", StringComparison.Ordinal))
            .Where(f => Regex.IsMatch(Repository.Read(f), @"\b(ARTICLES|COMMENTS|NOTIFICATIONS|WEB)_URL\b")).ShouldBeEmpty();

    [Fact]
    public void MassTransit_stays_on_the_last_free_version()
    {
        var versions = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .Where(p => p.Attribute("Include")!.Value.StartsWith("MassTransit", StringComparison.Ordinal)).Select(p => p.Attribute("Version")!.Value).ToArray();

        versions.ShouldNotBeEmpty();
        versions.ShouldAllBe(v => v == "[8.5.12]");
    }

    [Theory]
    [InlineData(@"UseDelayedRedelivery|UseScheduledRedelivery|UseDelayedMessageScheduler", "needs a broker plug-in that is not there, and kills the connection")]
    [InlineData(@"\.Watch(Async)?\(|\$where|IsCapped|StartSession(Async)?\(|Collation\(", "not every MongoDB has change streams, $where, capped collections, transactions and collated indexes")]
    [InlineData(@"\.Skip\([^)]*\)\s*\.Limit|SkipAsync", "lists page by cursor over an index")]
    [InlineData(@"\b(TODO|FIXME|HACK|XXX)\b", "finish it")]
    [InlineData(@"DateTime(Offset)?\.(Utc)?Now\b", "time is TimeProvider")]
    public void Services_do_without(string pattern, string why) =>
        Repository.Sources("services", "gateway").Where(f => Regex.IsMatch(Repository.Read(f), pattern)).ShouldBeEmpty(why);

    [Fact]
    public void Tests_wait_on_conditions() =>
        Repository.Sources("tests").Where(f => f is not "tests/Platform.Testing/Eventually.cs" && !f.StartsWith("tests/bench/", StringComparison.Ordinal) && !f.StartsWith("tests/Platform.Architecture.Tests/", StringComparison.Ordinal))
            .Where(f => Regex.IsMatch(Repository.Read(f), @"Thread\.Sleep\(|Skip\s*=\s*""|Assert\.True\(true\)")).ShouldBeEmpty();

    [Fact]
    public void The_top_level_holds_what_a_newcomer_expects()
    {
        string[] expected = ["services", "gateway", "tests", "deploy", "docker-compose.yml", "Platform.sln", "README.md", "global.json"];

        Repository.Files.Select(f => f.Split('/')[0]).Distinct().Where(n => !n.StartsWith('.') && !n.StartsWith("Directory.", StringComparison.Ordinal)).Except(expected).ShouldBeEmpty();
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_locks_its_packages()
    {
        var solution = Repository.Read("Platform.sln").Replace('\\', '/');
        foreach (var project in Repository.Projects)
        {
            solution.ShouldContain(project);
            Repository.Files.ShouldContain(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"));
        }
    }

    [Fact]
    public void Every_script_explains_itself()
    {
        var scripts = Repository.Files.Where(f => !f.Contains("/lib/", StringComparison.Ordinal) && Path.GetExtension(f) is "" or ".sh" && !Path.GetFileName(f).StartsWith('.')
            && File.ReadLines(Repository.Full(f)).FirstOrDefault()?.StartsWith("#!/bin/", StringComparison.Ordinal) == true).ToArray();

        scripts.ShouldNotBeEmpty();
        foreach (var script in scripts)
        {
            var help = Infrastructure.Run(Repository.Full(script), ["--help"], TimeSpan.FromSeconds(20));
            help.Ok.ShouldBeTrue(script);
            help.Output.ShouldContain("usage:", Case.Insensitive, script);
        }
    }

    [Fact]
    public void Every_service_has_its_map() =>
        Deployed.Select(p => p + "/README.md").Append("services/README.md").Append("README.md").Except(Repository.Files).ShouldBeEmpty();
}
