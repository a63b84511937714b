using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using Platform.Comments.Moderation;
using Platform.Text;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Moderation;

/// <summary>Words as people hide them, and innocent ones that look like them: one line of WordCases.txt each.</summary>
public sealed partial class WordCorpusTests
{
    private static readonly (string Entry, string Text, bool Found)[] Cases =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Moderation", "WordCases.txt")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(" | "))
            .Select(p => (p[0], Escape().Replace(p[1], m => ((char)int.Parse(m.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()), p[2] == "+")),
    ];

    private static string? Find(string entry, string text) => new WordList([entry]).FirstIn(new FoldedWords("", text));

    [Fact]
    public void Every_case_is_judged_rightly()
    {
        Cases.Length.ShouldBeGreaterThan(300);
        Cases.Where(c => (Find(c.Entry, c.Text) is not null) != c.Found).Select(c => $"{c.Entry} in «{c.Text}» {(c.Found ? "is not found" : "is found")}").ShouldBeEmpty();
    }

    [Fact]
    public void All_of_a_list_together_find_what_each_of_them_finds()
    {
        var all = new WordList(Cases.Select(c => c.Entry).Distinct());

        Cases.Where(c => c.Found && all.FirstIn(new FoldedWords(c.Text)) is null).ShouldBeEmpty();
    }

    /// <summary>Words that no particle and no look-alike turns into another one of them.</summary>
    private static readonly string[] Roots = ["خنزير", "منافق", "مخدرات", "جاسوس", "نصاب", "مرتشي", "دجال", "متطرف"];

    private static readonly string[] Marks = ["\u064e", "\u0650", "\u0651\u064f", "\u0652", "\u0670"], Invisible = ["\u200b", "\u200d", "\u2060", "\u00ad", "\u061c"],
        Particles = ["ال", "و", "ف", "ب", "وال", "بال", "فال", "وبال", "كال"], Before = ["م", "ت", "ن", "رس", "عش"], After = ["ون", "هم", "ات", "نا", "ص"];

    private static readonly (char From, char To)[] Twins = [('ا', '1'), ('ا', 'l'), ('ك', 'ک'), ('ي', 'ی'), ('ي', 'ى'), ('ح', '7'), ('ط', '6'), ('ه', 'ہ')];

    private static Gen<T> Of<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>One of the ways to hide a word.</summary>
    private static string Disguise(string word, int way, int at, int which) => way switch
    {
        0 => word.Insert(1 + (at % (word.Length - 1)), "ـــ"),
        1 => word.Insert(1 + (at % word.Length), Marks[which % Marks.Length]),
        2 => word.Insert(at % (word.Length + 1), Invisible[which % Invisible.Length]),
        3 => Particles[which % Particles.Length] + word,
        4 => Stretch(word, at % word.Length, 3 + (which % 7)),
        _ => word.Replace(Twins[which % Twins.Length].From, Twins[which % Twins.Length].To),
    };

    private static string Stretch(string word, int at, int times) => char.IsLetter(word[at]) ? word[..at] + new string(word[at], times) + word[(at + 1)..] : word;

    [Fact]
    public void A_word_is_found_under_a_disguise_and_in_the_midst_of_a_text() =>
        Gen.Select(Of(Roots), Gen.Int[0, 5], Gen.Int[0, 30], Gen.Int[0, 30]).Sample((root, way, at, which) =>
        {
            var text = $"قال إن {Disguise(root, way, at, which)}{(at % 2 == 0 ? "!!!" : "")} في الخبر";
            if (Find(root, text) != root) throw new InvalidOperationException($"{root} in «{text}»");
        }, iter: 5000);

    [Fact]
    public void Another_word_is_not_found_whatever_stands_round_the_letters() =>
        Gen.Select(Of(Roots), Of(Before), Of(After)).Sample((root, before, after) =>
            Find(root, before + root) is null && Find(root, root + after) is null && Find(root, before + root + after) is null && Find($"*{root}*", before + root + after) is not null, iter: 1000);

    [Fact]
    public void Any_text_and_any_entry_go_in() =>
        Gen.Select(Gen.String, Gen.String[Gen.OneOf(Gen.Char, Of("ابتحغ*.- @$1aZا\u0651\u200d\ud83d".ToCharArray())), 0, 80]).Sample((entry, text) =>
        {
            _ = new WordList([entry, entry + "*", "*" + entry]).FirstIn(new FoldedWords(text, entry));
            var whole = Normaliser.Words(entry).Any() && !entry.Contains('*', StringComparison.Ordinal) && !Tokens(entry);
            return !whole || new WordList([entry]).FirstIn(new FoldedWords("ثم " + entry)) is not null;
        }, iter: 20_000);

    /// <summary>A sign that stands for a letter makes one word of what the list has as two ("a@b").</summary>
    private static bool Tokens(string entry) => entry.AsSpan().ContainsAny("@!|€$") || Normaliser.Fold(entry).AsSpan().ContainsAny("@!|€$");

    [Fact]
    public void Patterns_do_not_explode()
    {
        var list = new WordList(Enumerable.Range(0, 10_000).Select(i => $"*ا*ا*ا*ا*ا*{i}"));

        list.FirstIn(new FoldedWords(new string('ا', 5000))).ShouldBeNull();
        list.FirstIn(new FoldedWords(string.Join(' ', Enumerable.Repeat("ااااااااا", 500)))).ShouldBeNull();
    }

    [GeneratedRegex(@"\\u([0-9a-f]{4})")]
    private static partial Regex Escape();
}
