using CsCheck;
using Shouldly;
using Xunit;

namespace Platform.Text.Tests;

public sealed class SlugTests
{
    [Theory]
    [InlineData("واشنطن تريد الانسحاب من العراق.. لكن بصيغة رابح – رابح!!", "واشنطن-تريد-الانسحاب-من-العراق-لكن-بصيغة-رابح-رابح")]
    [InlineData("  Top 5: what’s new? ", "top-5-whats-new")]
    [InlineData("انتخابات ٢٠٢٤", "انتخابات-2024")]
    [InlineData("سال ۱۳۹۹", "سال-1399")]
    [InlineData("الـعـراق", "العراق")]
    [InlineData("مُدرِّسة", "مُدرِّسة")]
    [InlineData("Élysée", "élysée")]
    [InlineData("E\u0301lyse\u0301e", "élysée")]
    [InlineData("می‌خواهم", "میخواهم")]
    [InlineData("‏«أهلاً» \u202Eabc\u202C", "أهلاً-abc")]
    [InlineData("新聞 한국", "新聞-한국")]
    [InlineData("1️⃣ first ✅", "1-first")]
    [InlineData("!!! ؟؟ 🙂", "")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("-a--b-", "a-b")]
    [InlineData("\uFE91\uFED0\uFEAA\u0627\u062F", "بغداد")]
    [InlineData("ب\uFE76غداد", "بغداد")]
    [InlineData("ＢＢＣ ﬁnance ①", "bbc-finance-1")]
    public void The_slug_of(string title, string slug) => Slug.From(title).ShouldBe(slug);

    [Fact]
    public void A_long_title_is_cut_at_a_word()
    {
        var slug = Slug.From(string.Join(' ', Enumerable.Repeat("كلمات", 40)));
        slug.ShouldBe(string.Join('-', Enumerable.Repeat("كلمات", 16)));
        slug.Length.ShouldBeLessThanOrEqualTo(Slug.MaxLength);
    }

    [Fact]
    public void A_word_that_ends_at_the_limit_stays() => Slug.From(new string('a', 60) + " " + new string('b', 39) + " c").ShouldBe(new string('a', 60) + "-" + new string('b', 39));

    [Fact]
    public void One_endless_word_is_cut_between_characters_as_readers_see_them() => Slug.From(string.Concat(Enumerable.Repeat("q\u0323\u0307", 200))).ShouldBe(string.Concat(Enumerable.Repeat("q\u0323\u0307", 33)));

    [Fact]
    public void Numbers_fit_behind_the_longest_slug()
    {
        var longest = Slug.From(new string('a', 50) + " " + new string('b', 49));
        longest.Length.ShouldBe(100);
        Slug.Numbered(longest, 99999).ShouldBe(new string('a', 50) + "-99999");
        Slug.Numbered("خبر", 2).ShouldBe("خبر-2");
    }

    [Theory]
    [InlineData("خبر", "خبر!", true)]
    [InlineData("خبر-17", "خبر", true)]
    [InlineData("خبر-عاجل", "خبر", false)]
    [InlineData("other", "خبر", false)]
    public void A_slug_tells_whether_it_came_from_a_title(string slug, string title, bool made) => Slug.IsMadeFrom(slug, title).ShouldBe(made);

    [Theory]
    [InlineData("Upper")]
    [InlineData("two words")]
    [InlineData("a/b")]
    [InlineData("-a")]
    [InlineData("a\u200fb")]
    [InlineData("e\u0301")]
    [InlineData("٣")]
    [InlineData("")]
    public void What_is_not_a_slug_is_refused(string text) => Slug.IsSlug(text).ShouldBeFalse();

    /// <summary>So an address that somebody typed otherwise leads to the slug's own.</summary>
    [Theory]
    [InlineData("MIXED-Case")]
    [InlineData("mixed case")]
    [InlineData("m\u200Dixed-case")]
    [InlineData("mixed_case")]
    [InlineData("ｍｉｘｅｄ-case")]
    [InlineData(" mixed–case/ ")]
    public void A_spelling_that_differs_in_looks_alone_has_the_same_slug(string variant) => Slug.From(variant).ShouldBe("mixed-case");

    [Fact]
    public void Every_code_point_makes_a_slug_once_and_for_all()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!System.Text.Rune.IsValid(value)) continue;
            var slug = Slug.From("a" + new System.Text.Rune(value) + "b");
            if (!Slug.IsSlug(slug)) Assert.Fail($"U+{value:X}: {slug}");
        }
    }

    [Fact]
    public void A_slug_of_any_text_is_a_slug_and_needs_no_more_than_letters_marks_digits_and_hyphens() => Texts.Any.Sample(text =>
    {
        var slug = Slug.From(text);
        if (slug.Length > 0) Slug.IsSlug(slug).ShouldBeTrue();
        slug.EnumerateRunes().Count().ShouldBeLessThanOrEqualTo(Slug.MaxLength);
        slug.EnumerateRunes().ShouldAllBe(r => r.Value == '-' || System.Text.Rune.IsLetterOrDigit(r) || System.Text.Rune.GetUnicodeCategory(r) == System.Globalization.UnicodeCategory.NonSpacingMark || System.Text.Rune.GetUnicodeCategory(r) == System.Globalization.UnicodeCategory.SpacingCombiningMark);
        Slug.IsMadeFrom(slug, text).ShouldBeTrue();
        if (slug.Length > 0) Slug.IsMadeFrom(Slug.Numbered(slug, 7), text).ShouldBeTrue();
    });
}
