using System.Text;
using CsCheck;
using Shouldly;
using Xunit;

namespace Platform.Text.Tests;

public sealed class NormaliserTests
{
    [Theory]
    [InlineData("أحمد", "احمد")]
    [InlineData("إيران", "ايران")]
    [InlineData("آب", "اب")]
    [InlineData("ٱلرحمن", "الرحمن")]
    [InlineData("مسؤول", "مسوول")]
    [InlineData("رئيس", "رييس")]
    [InlineData("شيء", "شيء")]
    [InlineData("مدرسة", "مدرسه")]
    [InlineData("مستشفى", "مستشفي")]
    [InlineData("ایران", "ايران")]
    [InlineData("کردستان", "كردستان")]
    [InlineData("الـعـــراق", "العراق")]
    [InlineData("مُحَمَّدٌ", "محمد")]
    [InlineData("الرَّحْمَٰن", "الرحمن")]
    [InlineData("می‌خواهم", "ميخواهم")]
    [InlineData("‏بغداد‎", "بغداد")]
    [InlineData("﻿بغداد⁦⁩", "بغداد")]
    [InlineData("ﷲ", "الله")]
    [InlineData("ﻻ", "لا")]
    [InlineData("ﺑﻐﺪاد", "بغداد")]
    [InlineData("٢٠٢٤", "2024")]
    [InlineData("۱۳۹۹", "1399")]
    [InlineData("１２３", "123")]
    [InlineData("Crème BRÛLÉE", "creme brulee")]
    [InlineData("ﬁne", "fine")]
    [InlineData("Ångström", "angstrom")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("\u00a0one \t two\u2003three\n", "one two three")]
    [InlineData("", "")]
    public void The_comparison_form_of(string text, string folded) => Normaliser.Fold(text).ShouldBe(folded);

    [Theory]
    [InlineData("المسؤول الأوّل", "المسوول الاول")]
    [InlineData("القــاهرة ٢٠٢٤", "القاهره 2024")]
    [InlineData("e\u0301cole", "École")]
    public void Two_spellings_of_one_thing_compare_equal(string one, string other) => Normaliser.Fold(one).ShouldBe(Normaliser.Fold(other));

    [Theory]
    [InlineData("علم", "عمل")]
    [InlineData("شيء", "شي")]
    [InlineData("ص", "ض")]
    public void Different_words_stay_different(string one, string other) => Normaliser.Fold(one).ShouldNotBe(Normaliser.Fold(other));

    [Fact]
    public void Words_are_runs_of_letters_and_digits() =>
        Normaliser.Words("قال: «إنّ 2500 عسكري»، في العراق-بغداد؟").ShouldBe(["قال", "ان", "2500", "عسكري", "في", "العراق", "بغداد"]);

    [Fact]
    public void What_is_kept_is_nfc_with_its_marks() => Normaliser.Nfc("محا\u0653دّ e\u0301").ShouldBe("محآدّ é");

    [Fact]
    public void One_line_has_single_spaces() => Normaliser.OneLine("  عنوان\r\n\tفي   سطر\u0000 ").ShouldBe("عنوان في سطر");

    [Fact]
    public void Lone_surrogates_and_control_characters_do_no_harm() => Normaliser.Nfc("a\ud800b\u0001\u0000c").ShouldBe("a\ufffdbc");

    [Fact]
    public void Every_code_point_folds_once_and_for_all()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value)) continue;
            var text = "a" + new Rune(value) + "b";
            var folded = Normaliser.Fold(text);
            if (Normaliser.Fold(folded) != folded) Assert.Fail($"U+{value:X}: {folded}");
        }
    }

    [Fact]
    public void Folding_is_idempotent_and_bounded_for_any_text() => Texts.Any.Sample(text =>
    {
        var folded = Normaliser.Fold(text);
        folded.Length.ShouldBeLessThanOrEqualTo((18 * text.Length) + 1);
        Normaliser.Fold(folded).ShouldBe(folded);
        Normaliser.Fold(Normaliser.Nfc(text)).ShouldBe(folded);
    });

    /// <summary>A dash is no usual character, and stays.</summary>
    [Fact]
    public void Usual_characters_fold_alone_as_they_do_among_others() =>
        Gen.OneOf(Gen.Char[' ', '~'], Gen.Char['\u0621', '\u0652'], Gen.Char['٠', '٩'], Gen.Const("\t\n ،؟«»ـ").SelectMany(s => Gen.Int[0, s.Length - 1].Select(i => s[i]))).Array[0, 400].Select(c => new string(c))
            .Sample(text => Normaliser.Fold(text) == Normaliser.Fold($"—{text}—").Trim('—').Trim());

    [Fact]
    public void What_is_kept_is_well_formed_nfc_for_any_text() => Texts.Any.Sample(text =>
    {
        var kept = Normaliser.Nfc(text);
        kept.IsNormalized().ShouldBeTrue();
        Normaliser.Nfc(kept).ShouldBe(kept);
        kept.Length.ShouldBeLessThanOrEqualTo(3 * text.Length);
    });

    /// <summary>Normalising runs of marks takes quadratic time unless they are cut; a million of them would take minutes.</summary>
    [Fact]
    public void A_million_combining_marks_are_cut_to_thirty()
    {
        var hostile = "a" + new string('\u0301', 500_000) + new string('\u0323', 500_000);
        Normaliser.Nfc(hostile).EnumerateRunes().Count().ShouldBeLessThanOrEqualTo(1 + Normaliser.MaxMarks);
        Normaliser.Fold(hostile).ShouldBe("a");
    }
}

/// <summary>Generators of text, benign and hostile.</summary>
internal static class Texts
{
    private static readonly string[] Pieces =
        ["ال", "واشنطن", "أ", "إ", "ؤ", "ئ", "ة", "ى", "ـ", "َ", "ّ", "\u0670", "لا", "ﷺ", "ﻻ", "٣", "۴", " ", "-", "'", "\n", "a", "É", "ß", "İ", "e\u0301", "\u200d", "\u200c", "\u202e", "\ufeff", "\ufe0f", "1\ufe0f\u20e3", "👩‍👧", "\ud800", "\udc00", "\0", "한", "ᄒ", "क्ष"];

    /// <summary>Any UTF-16, well-formed or not.</summary>
    public static readonly Gen<string> Any = Gen.OneOf(Gen.String, Gen.OneOf(Pieces).Array[0, 60].Select(string.Concat), Gen.Int[0, 0x10FFFF].Array[0, 40].Select(FromCodePoints));

    private static string FromCodePoints(int[] values)
    {
        var text = new StringBuilder();
        foreach (var value in values)
        {
            if (Rune.TryCreate(value, out var rune)) text.Append(rune);
            else text.Append((char)value);
        }
        return text.ToString();
    }
}
