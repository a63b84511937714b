using Platform.Articles.Search;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Search;

public sealed class HighlighterTests
{
    [Fact]
    public void The_words_are_marked_as_they_are_written_there()
    {
        var highlight = Of("كتاب", "صَدَرَ الكِتَابُ الجديد", "وكتابها للكُتّاب ليس كاتبًا.");
        highlight.Title.ShouldBe("صَدَرَ <mark>الكِتَابُ</mark> الجديد");
        highlight.Text.ShouldBe("<mark>وكتابها</mark> <mark>للكُتّاب</mark> ليس كاتبًا.");
    }

    [Fact]
    public void Everything_else_is_escaped()
    {
        var highlight = Of("script", "<script>alert('1')</script> & \"x\"", "a <b>script</b> <img src=x onerror=script>");
        highlight.Title.ShouldBe("&lt;<mark>script</mark>&gt;alert(&#39;1&#39;)&lt;/<mark>script</mark>&gt; &amp; &quot;x&quot;");
        highlight.Text.ShouldBe("a &lt;b&gt;<mark>script</mark>&lt;/b&gt; &lt;img src=x onerror=<mark>script</mark>&gt;");
    }

    [Fact]
    public void The_text_is_one_or_two_pieces_of_about_200_characters_cut_at_words()
    {
        var filler = string.Concat(Enumerable.Repeat("كلام لا يعني شيئًا ", 100));
        var text = $"{filler}الميناء هنا {filler}{filler}والمطار هناك {filler}";
        var pieces = Of("ميناء مطار", "عنوان", text).Text.Split(" … ");
        pieces.Length.ShouldBe(2);
        pieces[0].ShouldContain("<mark>الميناء</mark>");
        pieces[1].ShouldContain("<mark>والمطار</mark>");
        foreach (var piece in pieces)
        {
            var shown = piece.Replace("<mark>", "", StringComparison.Ordinal).Replace("</mark>", "", StringComparison.Ordinal);
            shown.Length.ShouldBeInRange(120, 220);
            shown.Split(' ').ShouldAllBe(w => text.Split(' ', StringSplitOptions.None).Contains(w));
        }
    }

    [Fact]
    public void Without_a_match_in_the_body_it_is_its_summary_or_its_beginning()
    {
        Of("ميناء", "الميناء", "بداية النصّ").Text.ShouldBe("بداية النصّ");
        Of("ميناء", "عنوان", "بداية النصّ", "ملخّص عن الميناء").Text.ShouldBe("ملخّص عن <mark>الميناء</mark>");
        Of("ميناء", "الميناء", "").Text.ShouldBe("");
    }

    [Fact]
    public void A_text_without_spaces_is_cut_too()
    {
        var highlight = Of("x", "t", new string('ي', 5_000) + " x " + string.Concat(Enumerable.Repeat("😀", 5_000)));
        highlight.Text.ShouldContain("<mark>x</mark>");
        highlight.Text.Length.ShouldBeLessThan(500);
        highlight.Text.ShouldNotContain("\uFFFD");
        System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(highlight.Text)).ShouldBe(highlight.Text);
    }

    private static Highlight Of(string query, string title, string text, string summary = "")
    {
        var article = Library.Article(title, text, summary: summary);
        using var library = new Library(article);
        return library.Read(searcher => new Highlighter(ArticleSearch.Prepare(searcher, SearchText.Parse(query), new(ArticleStatus.Published), newest: false, ["ar", "en"]).Words.Values).Of(article.Content));
    }
}
