using System.Text;
using Platform.Articles.Imports;
using Platform.Articles.Imports.WordPress;
using Platform.Articles.Imports.Wxr;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Imports;

public sealed class WordPressTests
{
    [Theory]
    [InlineData("سطر\nثان\n\nفقرة", "<p>سطر<br>ثان</p><p>فقرة</p>")]
    [InlineData("<!-- wp:paragraph -->\n<p>نص</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:more --><!--more--><!-- /wp:more -->", "<p>نص</p>")]
    [InlineData("قبل\n<ul>\n<li>أ</li>\n\n<li>ب</li>\n</ul>\nبعد", "<p>قبل</p><ul>\n<li>أ</li>\n\n<li>ب</li>\n</ul><p>بعد</p>")]
    [InlineData("<blockquote>قال\n\nثم قال</blockquote>", "<blockquote><p>قال</p><p>ثم قال</p></blockquote>")]
    [InlineData("<p>أول\n<p>ثان\n\n<h2>عنوان</h2>ذيل", "<p>أول\n<p>ثان\n\n<h2>عنوان</h2><p>ذيل</p>")]
    [InlineData("قبل [gallery ids=\"1,2\"] بعد", "<p>قبل  بعد</p>")]
    [InlineData("[dropcap]ق[/dropcap]ال [b attr=\"1\"]نعم[/b]", "<p>قال نعم</p>")]
    [InlineData("قال [رويترز] إن [1] و[sic] باق", "<p>قال [رويترز] إن [1] و[sic] باق</p>")]
    [InlineData("[embed]https://video.example/1[/embed]", "<p><a href=\"https://video.example/1\">https://video.example/1</a></p>")]
    [InlineData("[caption id=\"a\" width=\"3\"]<a href=\"x\"><img src=\"y\"></a> شرح[/caption]", "<figure><a href=\"x\"><img src=\"y\"></a><figcaption>شرح</figcaption></figure>")]
    [InlineData("5 < 6 و <b", "<p>5 < 6 و <b</p>")]
    [InlineData("[caption [/caption]", "")]
    public void A_body_is_what_WordPress_would_have_shown(string content, string html) => WordPressBody.ToHtml(content).ShouldBe(html);

    [Theory]
    [InlineData("[a=")]
    [InlineData("[caption]<img ")]
    [InlineData("<a \"")]
    [InlineData("<p>")]
    [InlineData("<blockquote>[embed]")]
    [InlineData("<!--")]
    public void Hostile_bodies_grow_little_and_come_to_an_end(string piece) =>
        WordPressBody.ToHtml(string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length))).Length.ShouldBeLessThan(8_000_000);

    [Theory]
    [InlineData("%d8%ae%d8%a8%d8%b1-%d8%b9%d8%a7%d8%ac%d9%84", "خبر-عاجل")]
    [InlineData("%d8%ae%d8%a8%d8", "خب")]
    [InlineData("%d8%ae%d", "خ")]
    [InlineData("plain-slug", "plain-slug")]
    [InlineData("", "")]
    public void A_slug_is_decoded_also_where_WordPress_cut_it(string name, string slug) => WordPressText.Slug(name).ShouldBe(slug);

    [Theory]
    [InlineData("/2024/01/%D8%AE%D8%A8%D8%B1/", "2024/01/خبر")]
    [InlineData("2024/01/%d8%ae%d8%a8%d8%b1", "2024/01/خبر")]
    [InlineData("/?p=12", "?p=12")]
    [InlineData("/?p=12x", null)]
    [InlineData("/Slug/?utm_source=a", "slug")]
    [InlineData("/", null)]
    public void An_old_address_has_one_spelling(string path, string? kept) => Permalinks.Normalise(path).ShouldBe(kept);

    [Fact]
    public void A_file_is_cut_at_items_wherever_reads_end_and_reading_goes_on_at_any_of_them()
    {
        var text = "<rss><channel><x><![CDATA[<item>]]></x><!-- <item> --><item><a><![CDATA[</item>]]]]><![CDATA[>]]></a></item>\n<item >zwei</item><item>offen<item>drei</item></channel></rss>";
        string[] whole = ["<item><a><![CDATA[</item>]]]]><![CDATA[>]]></a></item>", "<item >zwei</item>", "<item>offen", "<item>drei</item>"];
        for (var size = 1; size < 40; size++)
        {
            var sections = new WxrSections(new Slow(text, size), 0);
            Read(sections).ShouldBe("<rss><channel><x><![CDATA[<item>]]></x><!-- <item> -->");
            var (items, offsets) = (new List<string>(), new List<long>());
            while (sections.Next())
            {
                offsets.Add(sections.Offset);
                items.Add(Read(sections));
            }
            items.ShouldBe(whole);
            foreach (var (offset, i) in offsets.Select((o, i) => (o, i)))
            {
                var again = new WxrSections(new Slow(text[(int)offset..], size), offset);
                again.Next().ShouldBeTrue();
                (again.Offset, Read(again)).ShouldBe((offset, whole[i]));
            }
        }
    }

    [Fact]
    public void A_reply_names_all_that_stand_over_it_and_none_goes_deeper_than_threads_do()
    {
        WxrComment Comment(int id, int parent, string approved = "1") => new($"{id}", $"{parent}", "ق", "a@b.example", "2024-01-01 00:00:00", "", "نص " + id, approved, "");
        var taken = new ImportedThread("ar").InOrder([Comment(1, 0), Comment(2, 1, "spam"), Comment(3, 2), Comment(9, 8), Comment(8, 3), Comment(7, 99)]).ToList();
        taken.Select(c => $"{string.Join('/', c.Ancestors)}>{c.ExternalId}").ShouldBe([">1", "1>3", "1/3>8", "1/3/8>9", ">7"], ignoreOrder: true);

        var deep = new ImportedThread("ar").InOrder(Enumerable.Range(1, 100).Select(i => Comment(i, i - 1))).ToList();
        deep.Count.ShouldBe(100);
        deep.Max(c => c.Ancestors.Count).ShouldBe(ImportedThread.MaxDepth - 1);
    }

    private static string Read(WxrSections sections) => new StreamReader(sections.Section, new UTF8Encoding(false)).ReadToEnd();

    private sealed class Slow(string text, int size) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, size));
    }
}
