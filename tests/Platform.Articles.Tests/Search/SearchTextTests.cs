using CsCheck;
using Platform.Articles.Search;
using Platform.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Search;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("كتاب جديد", "كتاب|جديد")]
    [InlineData("\"كتاب جديد\" قديم", "كتاب جديد|قديم")]
    [InlineData("قبل«كتاب جديد»بعد", "قبل|كتاب جديد|بعد")]
    [InlineData("\"كتاب جديد", "كتاب|جديد")]
    [InlineData("a AND b OR NOT c", "a|and|b|or|not|c")]
    [InlineData("title:x^4 (y) [a TO b] c~2 d* e? -f +g !h \\i /j/", "title|x|4|y|a|to|b|c|2|d|e|f|g|h|i|j")]
    [InlineData("x x \"x\" X", "x")]
    [InlineData("\"\"\"\"", "")]
    [InlineData("!@#$%^&*()؟،؛", "")]
    [InlineData("\u200F\u202E\u200B\u2066", "")]
    [InlineData("\u202Eكت\u200Bاب\u202C", "كتاب")]
    [InlineData("   ", "")]
    [InlineData("بي-بي-سي", "بي|سي")]
    [InlineData("\uD800 كتاب \uDC00", "كتاب")]
    public void Quotes_make_phrases_and_every_other_sign_is_nothing(string typed, string parts) =>
        string.Join('|', SearchText.Parse(typed).Parts.Select(p => string.Join(' ', p))).ShouldBe(parts);

    [Theory]
    [InlineData(501, "a")]
    [InlineData(100, "ab1 ")]
    public void Too_much_is_refused(int times, string what)
    {
        var typed = string.Concat(Enumerable.Range(0, times).Select(i => what.Replace("1", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        Should.Throw<Problem>(() => SearchText.Parse(typed)).Errors!.ShouldContainKey("q");
    }

    [Fact]
    public void Whatever_is_typed_is_words() => Gen.OneOf(Gen.Char['\0', '\uFFFF'], Gen.Char.AlphaNumeric, Gen.Char["\"«»“” *?~^:()[]{}\\/+-&|!كتابوال"]).Array[0, 200].Select(c => new string(c)).Sample(typed =>
    {
        using var library = new Library(Library.Article("كتاب"));
        SearchText text;
        try { text = SearchText.Parse(typed); }
        catch (Problem) { return; }
        text.Words.All(w => w.Length is > 0 and <= TextWords.MaxLength).ShouldBeTrue();
        if (text.Parts.Count > 0) library.Find(typed);
    }, iter: 100);

    [Theory]
    [InlineData("أَحْمَدُ يَكْتُب.", "احمد:0-8,يكتب:9-16")]
    [InlineData("Iraq's «Basra’s»", "iraq:0-6,basra:8-15")]
    [InlineData("ﷺ", "صلي:0-1,الله:0-1,عليه:0-1,وسلم:0-1")]
    [InlineData("a\n\nb c", "a:0-1,b:3-4|,c:5-6")]
    [InlineData("x² 𝐁𝐨𝐥𝐝 ½", "x2:0-2,bold:3-11,1:12-13,2:12-13")]
    public void Words_are_found_where_they_stand(string text, string words) =>
        string.Join(',', TextWords.In(text).Select(w => $"{w.Folded}:{w.Start}-{w.End}{(w.NewBlock ? "|" : "")}")).ShouldBe(words);

    [Fact]
    public void Words_are_those_of_the_normaliser() => Gen.String.Sample(text =>
    {
        if (!text.Contains('\'') && !text.Contains('’')) TextWords.Folded(text).Select(w => w).ShouldBe(Text.Normaliser.Words(text).Select(w => w.Length <= TextWords.MaxLength ? w : w[..TextWords.MaxLength]));
    });
}
