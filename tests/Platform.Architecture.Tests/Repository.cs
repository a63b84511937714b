using System.Xml.Linq;
using Platform.Testing;

namespace Platform.Architecture.Tests;

/// <summary>The repository's files as git knows them.</summary>
internal static class Repository
{
    public static IReadOnlyList<string> Files { get; } = [.. Infrastructure.Run("git", ["ls-files", "--cached", "--others", "--exclude-standard"], TimeSpan.FromSeconds(20)).Output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(f => File.Exists(Full(f)))];

    /// <summary>C# sources below these folders.</summary>
    public static IEnumerable<string> Sources(params string[] folders) => Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && folders.Any(d => f.StartsWith(d + "/", StringComparison.Ordinal)));

    public static IEnumerable<string> Projects => Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Full(file));

    public static string Full(string file) => Path.Combine(Infrastructure.Root, file);

    /// <summary>The projects that a project refers to, as paths from the root.</summary>
    public static IEnumerable<string> References(string project) => Items(project, "ProjectReference").Select(r => Path.GetRelativePath(Infrastructure.Root, Path.GetFullPath(r, Path.GetDirectoryName(Full(project))!)));

    public static IEnumerable<string> Packages(string project) => Items(project, "PackageReference");

    private static IEnumerable<string> Items(string project, string name) => XDocument.Parse(Read(project)).Descendants(name).Select(e => e.Attribute("Include")!.Value);
}
