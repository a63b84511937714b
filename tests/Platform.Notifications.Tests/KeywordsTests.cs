namespace Platform.Notifications.Tests;

/// <summary>Which phrases stand in a text.</summary>
public sealed class KeywordsTests
{
    [Theory]
    [InlineData("العراق", "زار الوفد بغداد والعراق كله")]
    [InlineData("عراق", "وبالعراقِ")]
    [InlineData("الإنتخابات", "الانتخابات المقبلة")]
    [InlineData("رئيس الوزراء", "التقى رئيسَ الوزراءِ أمس")]
    [InlineData("كأس العالم ٢٠٢٦", "تصفيات كاس العالم 2026.")]
    [InlineData("World Cup", "the WORLD  cup!")]
    public void A_keyword_is_found_in_any_spelling_and_with_any_particle(string keyword, string text) => In(text, keyword).Count.ShouldBe(1);

    [Theory]
    [InlineData("رئيس الوزراء", "الوزراء رئيس")]
    [InlineData("رئيس الوزراء", "رئيس مجلس الوزراء")]
    [InlineData("cup", "cupboard")]
    [InlineData("عراق", "أعراق")]
    public void Other_words_in_another_order_or_longer_are_not_the_keyword(string keyword, string text) => In(text, keyword).ShouldBeEmpty();

    [Fact]
    public void A_phrase_does_not_go_from_one_text_into_the_next()
    {
        var keywords = With("نهاية بداية", "نهاية", "بداية");
        keywords.In("خبر نهاية", "بداية خبر").Order().ShouldBe(new[] { Keywords.Normal("بداية"), Keywords.Normal("نهاية") }.Order());
        keywords.In("نهاية", null, "", "بداية").Count.ShouldBe(2);
        keywords.In("نهاية بداية").Count.ShouldBe(3);
    }

    [Fact]
    public void Among_a_hundred_thousand_keywords_exactly_those_of_the_article_are_found()
    {
        var all = Enumerable.Range(0, 100_000).Select(i => i % 2 == 0 ? $"word{i}" : $"phrase{i} of{i} three{i}").ToArray();
        var keywords = With(all);
        keywords.Count.ShouldBe(100_000);
        var text = string.Join(' ', Enumerable.Range(0, 2_000).Select(i => $"filler{i}")) + " word500 x phrase501 of501 three501 word502, phrase503 of503";
        keywords.In("title", text).Order().ShouldBe(new[] { "word500", "word502", "phrase501 of501 three501" }.Order());
    }

    [Fact]
    public void A_key_reads_back_as_its_language_and_phrase()
    {
        Topics.ReadKeyword(Topics.KeyOfKeyword("ar", "كاس عالم")).ShouldBe(("ar", "كاس عالم"));
        Topics.ReadKeyword("ar|category|keyword").ShouldBeNull();
        Topics.ReadKeyword("ar|all").ShouldBeNull();
    }

    private static IReadOnlyCollection<string> In(string text, string keyword) => With(keyword).In(text);

    private static Keywords With(params string[] phrases)
    {
        var keywords = new Keywords();
        foreach (var phrase in phrases) keywords.Add(Keywords.Normal(phrase));
        return keywords;
    }
}
