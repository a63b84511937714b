using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Look;

public sealed partial class WordsTests
{
    private static readonly Words Arabic = Words.In(CultureInfo.GetCultureInfo("ar")), English = Words.In(CultureInfo.GetCultureInfo("en"));

    [Fact]
    public void Arabic_says_everything_in_Arabic()
    {
        Arabic.Names.Order().ShouldBe(English.Names.Order());
        Arabic.Names.Where(n => !Arabic[n].Any(c => c is >= '\u0600' and <= '\u06FF')).Except(["WeekDay"]).ShouldBeEmpty();
        English.Names.Where(n => English[n].Any(c => c is >= '\u0600' and <= '\u06FF')).ShouldBeEmpty();
    }

    [Fact]
    public void A_language_without_wording_reads_English() => Words.In(CultureInfo.GetCultureInfo("fr"))["Next"].ShouldBe("Next");

    [Fact]
    public void Pages_name_wording_that_there_is_and_there_is_none_that_no_page_names()
    {
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(Infrastructure.Root, "services/web"), "*.cs*", SearchOption.AllDirectories).Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".cshtml", StringComparison.Ordinal)).Select(File.ReadAllText));
        Named().Matches(sources).Select(m => m.Groups["name"].Value).Distinct().Except(English.Names).ShouldBeEmpty();
        English.Names.Where(n => !n.StartsWith("Error", StringComparison.Ordinal) && !sources.Contains($"\"{n}\"", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [GeneratedRegex("""[Ww]ords(\.Format\(|\[)"(?<name>\w+)["]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();
}
