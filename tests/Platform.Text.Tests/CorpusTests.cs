using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Platform.Text.Tests;

/// <summary>Corpus/pairs.tsv, line by line: add a line where a search, a tag or a slug has surprised somebody.</summary>
public sealed partial class CorpusTests
{
    private static readonly string[] Lines = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Corpus", "pairs.tsv")).Where(l => !l.StartsWith('#'))];

    public static TheoryData<string, string, string, string, string> Pairs => [.. Lines.Select(l => l.Split('\t')).Select(p => (p[0], p[1], p[2], p[3], p[4]))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_pair_is_what_the_corpus_says(string left, string right, string relation, string level, string why)
    {
        var same = Same(Unescaped(left), Unescaped(right), level);
        same.ShouldBe(relation == "equal", why);
        Same(Unescaped(right), Unescaped(left), level).ShouldBe(same, why);
    }

    [Fact]
    public void The_corpus_is_whole()
    {
        Pairs.Count.ShouldBeGreaterThanOrEqualTo(150);
        Pairs.ShouldAllBe(p => p.Data.Item3 == "equal" || p.Data.Item3 == "different");
        Pairs.GroupBy(p => (p.Data.Item1, p.Data.Item2, p.Data.Item4)).ShouldAllBe(g => g.Count() == 1);
        Pairs.Select(p => (p.Data.Item3, p.Data.Item4)).Distinct().Count().ShouldBe(6);
    }

    private static bool Same(string left, string right, string level) => level switch
    {
        "fold" => Normaliser.Fold(left) == Normaliser.Fold(right),
        "word" => Normaliser.Words(left).SequenceEqual(Normaliser.Words(right)),
        "clitic" => Normaliser.Words(left).Zip(Normaliser.Words(right)).All(w => Clitics.Forms(w.First).Intersect(Clitics.Forms(w.Second)).Any()),
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, message: null),
    };

    private static string Unescaped(string text) => Escape().Replace(text.Replace("\\t", "\t", StringComparison.Ordinal), m => ((char)Convert.ToInt32(m.Groups["hex"].Value, 16)).ToString());

    [GeneratedRegex(@"\\u(?<hex>[0-9A-F]{4})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Escape();
}
