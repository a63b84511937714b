using Shouldly;
using Xunit;

namespace Platform.Comments.Tests;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("  Ana   María \t Ruiz ", "Ana María Ruiz")]
    [InlineData("a\r\nb", "a b")]
    [InlineData("Evil\u202eliame", "Evilliame")]
    [InlineData("\u2066Mallory\u2069\u200f\u061c", "Mallory")]
    [InlineData("می\u200cخواهم", "می\u200cخواهم")]
    [InlineData("a\u0301", "á")]
    [InlineData("a\u0007b\u200b\u00adc", "abc")]
    [InlineData("👨‍👩‍👧 الأسرة", "👨‍👩‍👧 الأسرة")]
    public void A_name_is_one_line_that_reorders_nothing(string typed, string kept) => PlainText.Line(typed).ShouldBe(kept);

    [Theory]
    [InlineData("one\r\ntwo\rthree\u2028four\u2029five\u0085six\fseven", "one\ntwo\nthree\nfour\nfive\nsix\nseven")]
    [InlineData("\n\n a \n\n\n b \n", "a \n\n\n b")]
    [InlineData("a\u202eb\u2067c\u2069d\u202a\ufeff", "abcd")]
    [InlineData("مرحبا\u200f (abc)", "مرحبا\u200f (abc)")]
    [InlineData("tab\there\u0001", "tab\there")]
    public void A_body_keeps_its_lines(string typed, string kept) => PlainText.Lines(typed).ShouldBe(kept);

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    [InlineData("\u200b\u200f\u202e")]
    [InlineData("\u3164\u2800\u115f")]
    [InlineData("\u0301\u0302")]
    [InlineData("\uffff\ufdd0")]
    public void What_nobody_can_see_is_nothing(string typed)
    {
        PlainText.Line(typed).ShouldBeNull();
        PlainText.Lines(typed).ShouldBeNull();
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\ud800b")]
    public void What_must_be_refused_is_left_as_it_is(string typed)
    {
        PlainText.Line(typed).ShouldBe(typed);
        PlainText.Lines(typed).ShouldBe(typed);
    }

    [Fact]
    public void Marks_without_end_cost_no_time() => PlainText.Lines(Marks).ShouldBe(Marks);

    private static readonly string Marks = "a" + new string('\u0301', 1_000_000);
}
