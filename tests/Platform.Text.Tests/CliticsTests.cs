using CsCheck;
using Shouldly;
using Xunit;

namespace Platform.Text.Tests;

public sealed class CliticsTests
{
    [Theory]
    [InlineData("العراق", "عراق")]
    [InlineData("والعراق", "عراق")]
    [InlineData("بالعراق", "عراق")]
    [InlineData("وبالعراق", "العراق")]
    [InlineData("فبالعراق", "عراق")]
    [InlineData("كالعراق", "العراق")]
    [InlineData("للعراق", "العراق")]
    [InlineData("وللعراق", "عراق")]
    [InlineData("لعراق", "عراق")]
    [InlineData("ولبغداد", "بغداد")]
    [InlineData("وبغداد", "بغداد")]
    [InlineData("سيكتب", "يكتب")]
    [InlineData("وسيكتب", "يكتب")]
    [InlineData("الفلسطيني", "فلسطيني")]
    [InlineData("والقلم", "قلم")]
    [InlineData("لليل", "الليل")]
    public void A_word_with_particles_is_found_by_the_bare_one(string one, string other) => Clitics.Forms(one).ShouldContain(f => Clitics.Forms(other).Contains(f));

    [Theory]
    [InlineData("فلسطين", "طين")]
    [InlineData("الكلب", "قلب")]
    [InlineData("وزير", "زئير")]
    public void Words_that_only_end_alike_stay_apart(string one, string other) => Clitics.Forms(one).ShouldNotContain(f => Clitics.Forms(other).Contains(f));

    [Theory]
    [InlineData("وبالعراق", "عراق")]
    [InlineData("فلل", "فلل")]
    [InlineData("بلد", "بلد")]
    [InlineData("وببغداد", "بغداد")]
    [InlineData("بلبنان", "لبنان")]
    [InlineData("لبنان", "لبنان")]
    [InlineData("والفلسطينيون", "فلسطينيون")]
    [InlineData("الوزارات", "وزارات")]
    [InlineData("ال", "ال")]
    [InlineData("", "")]
    public void The_barest_form_of(string word, string bare) => Clitics.Strip(word).ShouldBe(bare);

    [Fact]
    public void Forms_are_few_and_shrink_from_the_word_itself() => Gen.OneOf("وفبكلسا لمقعhة".ToCharArray()).Array[0, 12].Select(c => new string(c)).Sample(word =>
    {
        var forms = Clitics.Forms(word);
        forms[0].ShouldBe(word);
        forms.Count.ShouldBeLessThanOrEqualTo(4);
        Clitics.Strip(word).ShouldBe(forms[^1]);
        Clitics.Forms(word).ShouldBe(forms);
        forms.Zip(forms.Skip(1)).ShouldAllBe(pair => word.EndsWith(pair.Second, StringComparison.Ordinal) && pair.Second.Length < pair.First.Length && pair.Second.Length >= 3);
    });
}
