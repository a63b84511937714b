using System.Text;
using CsCheck;
using Platform.Articles.Revisions;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Revisions;

public sealed class WordDiffTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("كلمة", "كلمة", "=كلمة")]
    [InlineData("", "كلمة", "+كلمة")]
    [InlineData("كلمة", "", "-كلمة")]
    [InlineData("قال الوزير إن العدد 5 أشخاص.", "قال الوزير إن العدد 15 شخصا.", "=قال الوزير إن العدد |-5 أشخاص|+15 شخصا|=.")]
    [InlineData("a b c", "a c", "=a |-b |=c")]
    [InlineData("a c", "a b c", "=a |+b |=c")]
    [InlineData("one two", "one, two", "=one|+,|= two")]
    [InlineData("سطر أول\nسطر ثان", "سطر أول\nسطر ثالث", "=سطر أول\nسطر |-ثان|+ثالث")]
    [InlineData("a\nb", "c\nd", "-a|+c|=\n|-b|+d")]
    [InlineData("العِراق", "العراق", "-العِراق|+العراق")]
    [InlineData("a 😀 b", "a 😁 b", "=a |-😀|+😁|= b")]
    [InlineData("a b c d e f", "a x y d e f", "=a |-b c|+x y|= d e f")]
    public void Changes_by_words(string before, string after, string changes) =>
        string.Join('|', WordDiff.Of(before, after).Select(c => c.Op switch { DiffOp.Equal => "=", DiffOp.Insert => "+", _ => "-" } + c.Text)).ShouldBe(changes);

    /// <summary>Both texts can be read from the changes, stretches of one kind do not follow each other, and none is empty.</summary>
    [Fact]
    public void Whatever_changed_both_texts_are_in_it() => Gen.Select(Gen.OneOf("a", "b", "c", " ", "\n", ".", "ك", "😀", "\ud83d", "ِ").Array[0, 60], Gen.OneOf("a", "b", "c", " ", "\n", ".", "ك", "😀", "\ude00", "ِ").Array[0, 60])
        .Sample((one, other) => Holds(string.Concat(one), string.Concat(other)));

    /// <summary>As short as the classic table of longest common subsequences makes it.</summary>
    [Fact]
    public void Short_texts_are_compared_as_well_as_can_be() => Gen.Select(Gen.Int[0, 3].Array[0, 40], Gen.Int[0, 3].Array[0, 40]).Sample((one, other) =>
    {
        var (gone, come) = SequenceDiff.Compare(one, other);
        var kept = one.Where((_, i) => !gone[i]).ToArray();
        kept.ShouldBe(other.Where((_, i) => !come[i]));
        kept.Length.ShouldBe(Longest(one, other));
    });

    public static TheoryData<string, string> Hostile => new()
    {
        { Words(400_000, i => $"a{i}"), Words(400_000, i => $"b{i}") },
        { Words(400_000, i => $"a{i}"), Words(400_000, i => $"a{399_999 - i}") },
        { Words(1_000_000, i => "a"), Words(1_000_000, i => i % 2 == 0 ? "a" : "b") },
        { Words(1_000_000, i => (i % 7).ToString(System.Globalization.CultureInfo.InvariantCulture)), Words(1_000_000, i => (i * i % 11).ToString(System.Globalization.CultureInfo.InvariantCulture)) },
        { new string('.', 2_000_000), new string('!', 2_000_000) },
        { new string('\n', 2_000_000), Words(1_000_000, _ => "\n") },
        { string.Concat(Enumerable.Range(0, 60_000).Select(i => $"line {i}\n")), string.Concat(Enumerable.Range(0, 60_000).Select(i => $"line {(i % 3 == 0 ? -i : i)}\n")) },
    };

    /// <summary>Bodies as large as a request may be. The time is bounded by steps that are counted; a comparison without bound takes hours here.</summary>
    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Hostile))]
    public void Hostile_texts_are_compared_soon_and_in_few_changes(string before, string after)
    {
        Holds(before, after).Count.ShouldBeLessThanOrEqualTo(WordDiff.MaxChanges + 2);
    }

    private static IReadOnlyList<TextChange> Holds(string before, string after)
    {
        var changes = WordDiff.Of(before, after);
        Join(DiffOp.Delete).ShouldBe(before);
        Join(DiffOp.Insert).ShouldBe(after);
        changes.ShouldAllBe(c => c.Text.Length > 0);
        changes.Zip(changes.Skip(1)).ShouldAllBe(c => c.First.Op != c.Second.Op);
        return changes;

        string Join(DiffOp op) => changes.Where(c => c.Op == DiffOp.Equal || c.Op == op).Aggregate(new StringBuilder(), (all, c) => all.Append(c.Text)).ToString();
    }

    private static int Longest(int[] one, int[] other)
    {
        var table = new int[one.Length + 1, other.Length + 1];
        for (var i = 1; i <= one.Length; i++)
            for (var j = 1; j <= other.Length; j++)
                table[i, j] = one[i - 1] == other[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
        return table[one.Length, other.Length];
    }

    private static string Words(int count, Func<int, string> word) => string.Join(' ', Enumerable.Range(0, count).Select(word));
}
