using CsCheck;
using Platform.Articles.Search;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Search;

/// <summary>What the sieve holds back could not have matched.</summary>
public sealed class LetterSieveTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.OneOf("ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئىةـ ًٌٍَُِّْ".ToCharArray()),
        Gen.OneOf("ٱکیۀہٰٓٔٹپچڤگﷲﻻﺍ٣۳3aeisxyEIY'’-\u200F".ToCharArray())).Array[0, 40].Select(chars => new string(chars));

    private static readonly Gen<string> Prefixed = Gen.Select(Gen.OneOf("", "ال", "وال", "لل", "بال", "و", "س", "ف"), Texts, Gen.OneOf("", "ها", "ون", "ات", "تين", "هما", "ته", "وا", "ing", "ies"), (a, b, c) => a + b.Trim() + c);

    [Fact]
    public void Every_word_passes_the_sieve_of_each_of_its_terms() => Gen.Select(Gen.OneOf<string>(Texts, Prefixed), Gen.OneOf("ar", "fr")).Sample((text, language) =>
    {
        foreach (var word in TextWords.In(text))
            foreach (var term in word.Stem(language).Terms)
                TextWords.In(text, sieve: new LetterSieve([term, "ظظظ"])).ShouldContain(w => w.Start == word.Start && w.Folded == word.Folded);
    }, iter: 20_000);

    [Fact]
    public void Words_without_a_letter_of_the_terms_are_held_back()
    {
        var sieve = new LetterSieve(["ميناء", "وميناء", "مطار"]);
        TextWords.In("في الميناءِ والمـطار رصيف والمدينة ميناؤنا", sieve: sieve).Select(w => w.Folded).ShouldBe(["الميناء", "والمطار"]);
        TextWords.In("a b 12 ab", sieve: new LetterSieve(["12"])).Select(w => w.Folded).ShouldBe(["a", "b", "12", "ab"], "Latin letters tell nothing");
        TextWords.In("كتاب", sieve: new LetterSieve([])).ShouldBeEmpty();
    }
}
