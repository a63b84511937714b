using Platform.Articles.Search;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Search;

public sealed class ArticleSearchTests
{
    [Fact]
    public void All_words_must_match_wherever_they_stand()
    {
        var article = Library.Article("الحكومة تقرّ الموازنة", "ناقش البرلمان المشروع.", summary: "بعد جلسة طويلة", kicker: "اقتصاد");
        using var library = new Library(article);
        library.Find("الموازنة البرلمان اقتصاد جلسة").ShouldBe([article.Id]);
        library.Find("الموازنة المطار").ShouldBeEmpty();
    }

    [Fact]
    public void A_phrase_is_its_words_in_a_row_in_one_line_and_in_any_form()
    {
        var article = Library.Article("عنوان", "أعلن رئيس الوزراء عن الخطة.\nوقال وزير المالية شيئًا");
        using var library = new Library(article);
        library.Find("\"رئيس الوزراء\"").ShouldBe([article.Id]);
        library.Find("«رَئيس وزراء»").ShouldBe([article.Id]);
        library.Find("“وزير المالية”").ShouldBe([article.Id]);
        library.Find("\"الوزراء رئيس\"").ShouldBeEmpty();
        library.Find("\"الخطة وقال\"").ShouldBeEmpty();
        library.Find("\"رئيس الوزراء\" المطار").ShouldBeEmpty();
        library.Find("\"الوزراء رئيس").ShouldBe([article.Id]);      // never closed: words
        library.Find("\"للجنة\"").ShouldBeEmpty();
    }

    [Fact]
    public void The_title_comes_before_the_summary_and_that_before_the_body()
    {
        var body = Library.Article("خبر", "تقرير عن الكهرباء في المدينة", at: Library.Morning);
        var summary = Library.Article("خبر", "تقرير", summary: "عن الكهرباء في المدينة", at: Library.Morning.AddHours(2));
        var title = Library.Article("تقرير عن الكهرباء", "في المدينة", at: Library.Morning.AddHours(1));
        using var library = new Library(body, title, summary);
        library.Find("الكهرباء").ShouldBe([title.Id, summary.Id, body.Id]);
        library.Find("كهرباء", newest: true).ShouldBe([summary.Id, title.Id, body.Id]);
    }

    [Fact]
    public void A_rare_form_does_not_come_before_the_word_itself()
    {
        var itself = Library.Article("كتاب", "نصّ");
        var form = Library.Article("بكتاب", "نصّ");
        using var library = new Library([itself, form, .. Enumerable.Range(0, 20).Select(i => Library.Article($"خبر {i}", "هذا كتاب"))]);
        library.Find("كتاب")[0].ShouldBe(itself.Id);
        library.Find("كتاب").Count.ShouldBe(22);
    }

    [Fact]
    public void Each_filter_leaves_what_it_names()
    {
        var arabic = Library.Article("خبر", categories: ["a"], tags: ["الوسم"], authors: ["s"], at: Library.Morning);
        var english = Library.Article("خبر", language: "en", categories: ["b"], at: Library.Morning.AddDays(1));
        using var library = new Library(arabic, english);
        Find(new(ArticleStatus.Published, Language: "ar")).ShouldBe([arabic.Id]);
        Find(new(ArticleStatus.Published, Categories: ["b", "c"])).ShouldBe([english.Id]);
        Find(new(ArticleStatus.Published, TagKeys: ["الوسم"])).ShouldBe([arabic.Id]);
        Find(new(ArticleStatus.Published, Authors: ["s"], Categories: ["a", "b"])).ShouldBe([arabic.Id]);
        Find(new(ArticleStatus.Published, Authors: ["s"], Categories: ["b"])).ShouldBeEmpty();
        Find(new(ArticleStatus.Published, From: Library.Morning.AddDays(1))).ShouldBe([english.Id]);
        Find(new(ArticleStatus.Published, To: Library.Morning.AddDays(1))).ShouldBe([arabic.Id]);
        Find(new(ArticleStatus.Published)).Count.ShouldBe(2);

        IReadOnlyList<Guid> Find(ArticleFilter filter) => library.Find("خبر", filter: filter);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pages_follow_each_other_without_gap_or_repeat_also_while_articles_are_published(bool newest)
    {
        var articles = Enumerable.Range(0, 25).Select(i => Library.Article(i % 3 == 0 ? "الميناء اليوم" : "خبر", $"تقرير عن الميناء {new string('x', i)} ", at: Library.Morning.AddMinutes(i / 4))).ToList();
        using var library = new Library(articles);
        var all = library.Find("ميناء", newest);
        var shown = new List<Guid>();
        for (SearchHit? after = null; ;)
        {
            var page = library.Hits("ميناء", after, 4, newest);
            shown.AddRange(page.Select(h => h.Id));
            if (page.Count < 4) break;
            after = page[^1];
            // Every score changes, the order does not.
            library.Put(Enumerable.Range(0, 5).Select(_ => Library.Article("غيره", "نصّ لا علاقة له")));
        }
        all.Count.ShouldBe(25);
        shown.ShouldBe(all);
    }

    [Fact]
    public void A_page_goes_on_behind_an_article_that_is_gone()
    {
        var articles = Enumerable.Range(0, 9).Select(i => Library.Article("الميناء", at: Library.Morning.AddMinutes(i))).Reverse().ToList();
        using var library = new Library(articles);
        var first = library.Hits("ميناء", limit: 4);
        library.Remove(articles[3]);
        first.Select(h => h.Id).ShouldBe(articles.Take(4).Select(a => a.Id));
        library.Hits("ميناء", first[^1], newest: true).Select(h => h.Id).ShouldBe(articles.Skip(4).Select(a => a.Id));
    }

    [Fact]
    public void A_title_of_stop_words_is_found()
    {
        var article = Library.Article("من هو هذا الذي كان", "نصّ");
        using var library = new Library(article, Library.Article("To be or not to be", language: "en"));
        library.Find("من هو هذا الذي كان").ShouldBe([article.Id]);
        library.Find("\"to be or not to be\"").Count.ShouldBe(1);
    }
}
