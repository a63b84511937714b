using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Search;

/// <summary>What is searched for, what is written, and whether the one finds the other.</summary>
public sealed class WordFormsTests
{
    [Theory]
    // The article, and what stands before it.
    [InlineData("كتاب", "الكتاب", true)]
    [InlineData("كتاب", "والكتاب", true)]
    [InlineData("كتاب", "بالكتاب", true)]
    [InlineData("كتاب", "كالكتاب", true)]
    [InlineData("كتاب", "فالكتاب", true)]
    [InlineData("كتاب", "للكتاب", true)]
    [InlineData("كتاب", "وللكتاب", true)]
    [InlineData("كتاب", "وبالكتاب", true)]
    [InlineData("الكتاب", "كتاب", true)]
    [InlineData("والكتاب", "كتاب", true)]
    [InlineData("بالكتاب", "للكتاب", true)]
    [InlineData("للجنة", "اللجنة", true)]
    [InlineData("لجنة", "للجنة", true)]
    [InlineData("الدم", "دم", true)]
    [InlineData("دم", "بالدم", true)]
    // One letter before the word, in either direction.
    [InlineData("مدرسة", "ومدرسة", true)]
    [InlineData("مدرسة", "بمدرسة", true)]
    [InlineData("مدرسة", "لمدرسة", true)]
    [InlineData("مدرسة", "فمدرسة", true)]
    [InlineData("مدرسة", "كمدرسة", true)]
    [InlineData("مدرسة", "ولمدرسة", true)]
    [InlineData("ومدرسة", "مدرسة", true)]
    [InlineData("بمدرسة", "المدرسة", true)]
    [InlineData("وبمدرسة", "مدرسة", true)]
    [InlineData("يكتب", "سيكتب", true)]
    [InlineData("سيكتب", "يكتب", true)]
    [InlineData("كرة", "لكرة", true)]
    [InlineData("كرة", "بكرة القدم", true)]
    // Number and gender.
    [InlineData("معلم", "المعلمون", true)]
    [InlineData("معلم", "معلمين", true)]
    [InlineData("معلمات", "المعلمة", true)]
    [InlineData("مدرسة", "مدرستان", true)]
    [InlineData("مدرسة", "المدرستين", true)]
    [InlineData("سيارة", "السيارات", true)]
    [InlineData("انتخاب", "الانتخابات", true)]
    [InlineData("عراق", "عراقيون", true)]
    [InlineData("باكستان", "الباكستانيين", true)]
    [InlineData("فلسطين", "فلسطيني", true)]
    // Pronouns.
    [InlineData("كتاب", "كتابها", true)]
    [InlineData("كتاب", "كتابهم", true)]
    [InlineData("كتاب", "كتابنا", true)]
    [InlineData("حكومة", "حكومته", true)]
    [InlineData("حكومة", "حكومتها", true)]
    [InlineData("حكومتهم", "الحكومة", true)]
    // Harakat, hamza, tatweel, look-alikes, case endings.
    [InlineData("كتاب", "كِتَابٌ", true)]
    [InlineData("كُتّاب", "كتاب", true)]
    [InlineData("كتاب", "كتابًا", true)]
    [InlineData("كتاب", "كتـــاب", true)]
    [InlineData("احمد", "أحمد", true)]
    [InlineData("إسلام", "اسلام", true)]
    [InlineData("مستشفى", "مستشفي", true)]
    [InlineData("مسؤول", "مسوول", true)]
    [InlineData("كتاب", "ڪتاب", false)]
    [InlineData("کتاب", "كتاب", true)]
    [InlineData("2024", "٢٠٢٤", true)]
    [InlineData("۲۰۲۴", "2024", true)]
    [InlineData("كتاب", "ﻛﺘﺎﺏ", true)]
    [InlineData("كتاب", "ك\u200Cتاب", true)]
    // Other words.
    [InlineData("كتاب", "كاتب", false)]
    [InlineData("كتاب", "مكتبة", false)]
    [InlineData("سلام", "كلام", false)]
    [InlineData("كرة", "فكرة", false)]
    [InlineData("كرة", "سكر", false)]
    [InlineData("سوريا", "كوريا", false)]
    [InlineData("تاب", "كتاب", false)]
    [InlineData("دين", "مدينة", false)]
    [InlineData("بيروت", "بيرو", false)]
    [InlineData("زير", "وزير", false)]
    [InlineData("من", "منى", false)]
    // English.
    [InlineData("election", "Elections", true)]
    [InlineData("Minister", "minister's", true)]
    [InlineData("Iraq’s", "Iraq", true)]
    [InlineData("running", "runs", true)]
    [InlineData("café", "cafe", true)]
    [InlineData("war", "warm", false)]
    [InlineData("art", "article", false)]
    public void A_word_finds_its_forms(string query, string written, bool finds)
    {
        using var library = new Library(Library.Article("عنوان", $"قبل {written} وبعد"), Library.Article("آخر", "نصّ بلا شيء"));
        library.Find(query).Count.ShouldBe(finds ? 1 : 0);
    }

    [Fact]
    public void What_occurs_with_the_article_is_a_word_of_its_own()
    {
        var (with, without) = (Library.Article("أ", "بستنة"), Library.Article("ب", "ستنة"));
        using var library = new Library(with, without);
        library.Find("ستنة").Count.ShouldBe(2);     // nobody could tell
        library.Put(Library.Article("ج", "البستنة"));
        library.Find("ستنة").ShouldBe([without.Id]);
    }

    [Fact]
    public void What_is_more_frequent_than_the_word_is_a_word_of_its_own()
    {
        using var library = new Library(Enumerable.Range(0, 6).Select(i => Library.Article($"خبر {i}", "بنغال جديدة")).Append(Library.Article("نغال", "نغال")));
        library.Find("نغال").Count.ShouldBe(1);
    }

    [Fact]
    public void In_a_language_without_stems_a_word_is_itself()
    {
        using var library = new Library(Library.Article("Élections générales", "Les élections", language: "fr"));
        library.Find("elections").Count.ShouldBe(1);
        library.Find("élection").ShouldBeEmpty();
    }
}
