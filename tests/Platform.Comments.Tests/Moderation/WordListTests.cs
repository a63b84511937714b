using Platform.Comments.Moderation;
using Shouldly;
using Xunit;

namespace Platform.Comments.Tests.Moderation;

public sealed class WordListTests
{
    private static string? Find(string entry, string text) => new WordList([entry]).FirstIn(new FoldedWords("name", text));

    [Theory]
    [InlineData("غبي", "يا غبي!")]
    [InlineData("غبي", "غـــبـــي")]
    [InlineData("غبي", "غَبِيّ")]
    [InlineData("غبي", "غ\u200dبي")]
    [InlineData("غبي", "غبى")]
    [InlineData("غبي", "والغبي")]
    [InlineData("غبي", "للغبي")]
    [InlineData("أحمق", "احمق")]
    [InlineData("احمق", "الأحمق")]
    [InlineData("كلمه", "كلمة")]
    [InlineData("كلب", "ﻛﻠﺐ")]
    [InlineData("كلب", "کلب")]
    [InlineData("casino", "CASINO")]
    [InlineData("casino", "ｃａｓｉｎｏ")]
    [InlineData("casino", "cásino.")]
    [InlineData("online casino", "my Online\n\nCasino site")]
    [InlineData("رقم ١٢٣", "الرقم 123")]
    public void A_word_is_found_however_it_is_written(string entry, string text) => Find(entry, text).ShouldBe(entry);

    [Theory]
    [InlineData("غبي", "غبيين")]
    [InlineData("ass", "class assassin")]
    [InlineData("online casino", "online the casino")]
    [InlineData("online casino", "online")]
    [InlineData("name yes", "yes")]
    [InlineData("!!!", "!!!")]
    public void Other_words_are_not(string entry, string text) => Find(entry, text).ShouldBeNull();

    [Fact]
    public void Names_are_looked_at_too() => new WordList(["casino"]).FirstIn(new FoldedWords("Casino 24", "hello")).ShouldBe("casino");
}
