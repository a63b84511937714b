using System.Text;
using CsCheck;
using Microsoft.Extensions.Configuration;
using Platform.Articles.Body;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Body;

public sealed class BodySanitiserTests
{
    private static readonly BodySanitiser Sanitiser = new(new BodyLinks(new PlatformSettings(new ConfigurationBuilder().AddInMemoryCollection(TestSettings.Default).Build())));

    [Theory]
    [InlineData("<p>نصّ <strong>مهم</strong> و<em>مائل</em></p>")]
    [InlineData("<h2>عنوان</h2><h3>فرعي</h3><p>a<br>b</p><hr>")]
    [InlineData("<ul><li>واحد</li><li>اثنان<ol start=\"3\"><li>x</li></ol></li></ul>")]
    [InlineData("<blockquote><p>«قول»</p></blockquote>")]
    [InlineData("<p><a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"noopener\">رابط</a></p>")]
    [InlineData("<p><a href=\"/articles/x\" rel=\"noopener\">داخلي</a></p>")]
    [InlineData("<p><a href=\"mailto:a@example.org\" rel=\"noopener\">m</a></p>")]
    [InlineData("<figure><img src=\"/media/1/800.webp\" alt=\"صورة\" width=\"800\" height=\"600\"><figcaption>شرح</figcaption></figure>")]
    [InlineData("<table><caption>c</caption><thead><tr><th scope=\"col\">a</th></tr></thead><tbody><tr><td colspan=\"2\">1</td><td></td></tr></tbody></table>")]
    [InlineData("<p dir=\"ltr\" lang=\"en\">H<sub>2</sub>O &lt;b&gt; &amp; \"x\"</p>")]
    [InlineData("<dl><dt>t</dt><dd>d</dd></dl><pre>a\n  b</pre>")]
    [InlineData("plain text")]
    public void What_a_body_may_hold_stays_to_the_letter(string html) => Sanitiser.Clean(html).Body.ShouldBe(html);

    [Theory]
    [InlineData("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>")]
    [InlineData("<p onclick=\"x()\" style=\"color:red\" class=\"c\" id=\"i\">a</p>", "<p>a</p>")]
    [InlineData("<p>a</p><img src=\"https://elsewhere.example/x.png\">", "<p>a</p>")]
    [InlineData("<p>a</p><img src=x onerror=alert(1)>", "<p>a</p>")]
    [InlineData("<p>a</p><figure><img src=\"//elsewhere.example/media/x.png\"><figcaption>c</figcaption></figure>", "<p>a</p>")]
    [InlineData("<p>a</p><img src=\"/articles/x.png\">", "<p>a</p>")]
    [InlineData("<p>a</p><img src=\"/media/../api/session\">", "<p>a</p>")]
    [InlineData("<p><a href=\"javascript:alert(1)\">a</a></p>", "<p>a</p>")]
    [InlineData("<p><a href=\" jAva\tscript:alert(1)\">a</a></p>", "<p>a</p>")]
    [InlineData("<p><a href=\"&#x6A;avascript:alert(1)\">a</a></p>", "<p>a</p>")]
    [InlineData("<p><a href=\"data:text/html,x\">a</a></p>", "<p>a</p>")]
    [InlineData("<p><a href=\"vbscript:x\">a</a><a href=\"file:///etc/passwd\">b</a><a href=\"x/y\">c</a><a href=\"#top\">d</a></p>", "<p>abcd</p>")]
    [InlineData("<p><a href=\"https://user:pw@example.org/\">a</a></p>", "<p>a</p>")]
    [InlineData("<p><a href=\"/\\evil.example/x\">a</a></p>", "<p><a href=\"http://evil.example/x\" rel=\"noopener\">a</a></p>")]
    [InlineData("<p><a href=\"https://example.org/x\" target=\"_blank\" rel=\"opener\" ping=\"y\">a</a></p>", "<p><a href=\"https://example.org/x\" rel=\"noopener\">a</a></p>")]
    [InlineData("<iframe src=\"https://example.org\">x</iframe><object data=\"x\">a</object><embed src=\"x\"><form action=\"x\"><input><button>b</button></form>", "a<p>b</p>")]
    [InlineData("<svg><script>alert(1)</script><a xlink:href=\"javascript:x\">t</a></svg>", "t")]
    [InlineData("<math><mi xlink:href=\"data:x,<script>\">m</mi></math>", "m")]
    [InlineData("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">a</p></noscript>", "<p>a</p>")]
    [InlineData("<style>*{}</style><title>t</title><textarea><p>x</textarea>a<!-- c --><?php x ?>", "a")]
    [InlineData("<meta http-equiv=refresh content=0><base href=//evil><link rel=stylesheet href=x>a", "a")]
    [InlineData("<h1>t</h1>", "<h2>t</h2>")]
    [InlineData("<div>a</div><section><p>b</p></section><div></div>", "<p>a</p><p>b</p>")]
    [InlineData("<p>a<p>b", "<p>a</p><p>b</p>")]
    [InlineData("<p></p><p>&nbsp;</p><h2> </h2><ul></ul>a", "a")]
    [InlineData("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c")]
    [InlineData("<li>a</li><td>b</td>", "<p>a</p><p>b</p>")]
    [InlineData("<table><td>a", "<table><tbody><tr><td>a</td></tr></tbody></table>")]
    [InlineData("<a href=\"/a\">a<a href=\"/b\">b</a>", "<a href=\"/a\" rel=\"noopener\">a</a><a href=\"/b\" rel=\"noopener\">b</a>")]
    [InlineData("<span style=\"x\">a</span><font color=red>b</font>", "ab")]
    [InlineData("<p>e\u0301</p>", "<p>é</p>")]
    [InlineData("<table>a<tr>b</table>", "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>")]
    [InlineData("<ul>a<ul><li>b</ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>")]
    [InlineData("<b>\u0338x</b>", "<b>\u0338x</b>")]
    public void What_it_may_not_hold_is_taken_out(string html, string body) => Sanitiser.Clean(html).Body.ShouldBe(body);

    [Fact]
    public void Broken_text_is_mended() => Sanitiser.Clean("<p>a\0\ud800\ufffe\u0001b</p>").Body.ShouldBe("<p>a\ufffdb</p>");

    [Theory]
    [InlineData("<h2>عنوان</h2><p>فقرة   أولى<br>سطر</p>\n<ul><li>أ</li><li>ب</li></ul>", "عنوان\nفقرة أولى\nسطر\nأ\nب")]
    [InlineData("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc")]
    [InlineData("<figure><img src=\"/media/1/8.webp\" alt=\"x\"><figcaption>شرح</figcaption></figure><p>1 &lt; 2</p>", "شرح\n1 < 2")]
    [InlineData("<p>a<strong>b</strong> c</p>d", "ab c\nd")]
    [InlineData("<p> </p><script>x</script>", "")]
    public void The_text_of_a_body(string html, string text) => Sanitiser.Clean(html).Text.ShouldBe(text);

    [Theory]
    [InlineData("<div>", 300_000)]
    [InlineData("<b>", 60)]
    [InlineData("<blockquote>", 60)]
    [InlineData("<br>", 20_001)]
    [InlineData("<ul><li>", 30)]
    public void Nesting_and_size_are_bounded(string piece, int times)
    {
        var html = new StringBuilder().Insert(0, piece, times).Append('x').ToString();
        if (piece is "<div>") Sanitiser.Clean(html).Body.ShouldBe("<p>x</p>");
        else Should.Throw<Problem>(() => Sanitiser.Clean(html)).Errors!.Keys.ShouldBe(["body"]);
    }

    public static TheoryData<string> Hostile =>
    [
        Repeat(i => $"<b id={i}>", 2000) + Repeat(_ => "<p>x", 2000),
        "<p>" + Repeat(i => $"<b id={i}>", 2000) + Repeat(_ => "<p>x", 2000),
        Repeat(_ => "<table><tr><td>", 100_000),
        Repeat(_ => "<table>x", 100_000),
        Repeat(_ => "<a href=/x>", 100_000),
        Repeat(_ => "</p>", 300_000),
        Repeat(_ => "<b><div></b>", 100_000),
        Repeat(_ => "<object></b><b>", 100_000),
        "<a " + Repeat(i => $"a{i} ", 200_000) + ">",
        new string('<', 1_000_000),
        Repeat(_ => "&amp", 300_000),
        "<!--" + new string('-', 1_000_000),
        Repeat(_ => "<svg><p><template><math><style>", 50_000),
        "a" + new string('\u0301', 500_000) + new string('\u0323', 500_000),
        "a" + Repeat(_ => "&#x301;&#x323;", 100_000),
        "<a href=\"" + new string('/', 1_000_000) + "\">a</a>",
        Repeat(_ => "<p>x<b>y", 9_900),
        Repeat(_ => "<a href=/x>x</a><img src=/media/1/2.webp>", 9_900),
        Repeat(_ => string.Concat(Enumerable.Repeat("<blockquote>", 45)) + "<i>x</i>" + string.Concat(Enumerable.Repeat("</blockquote>", 45)), 430),
        "<table>" + Repeat(_ => "<tr><td>x", 9_900),
    ];

    /// <summary>Each of these, as large as a request may be, kept a parser busy for minutes or ended the process.</summary>
    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Hostile))]
    public void Hostile_bodies_end_soon(string html)
    {
        try
        {
            Sanitiser.Clean(html).Body.Length.ShouldBeLessThanOrEqualTo(6 * html.Length);
        }
        catch (Problem e)
        {
            e.Status.ShouldBe(400);
        }
    }

    [Fact]
    public void Whatever_comes_in_what_comes_out_is_harmless_and_stays() => Markup.Sample(html =>
    {
        string body;
        try { body = Sanitiser.Clean(html).Body; }
        catch (Problem) { return; }
        Sanitiser.Clean(body).Body.ShouldBe(body);
        foreach (var never in new[] { "<script", "<style", "<iframe", "<svg", "<object", "<form", "<!--", "onerror=", "javascript:", "elsewhere" }) body.ShouldNotContain(never);
    });

    private static readonly Gen<string> Markup = Gen.OneOf(
        "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<a href=\"/x\">", "<a href=\"javascript:1\">", "</a>", "<div>", "</div>", "<ul>", "</ul>", "<li>", "</li>", "<table>", "</table>", "<tr>", "<td>", "</td>", "<th>", "</tr>",
        "<caption>", "<tbody>", "<thead>", "<blockquote>", "</blockquote>", "<figure>", "</figure>", "<figcaption>", "<img src=\"/media/1/2.webp\">", "<img src=\"http://elsewhere/x\" onerror=1>", "<pre>", "</pre>", "\n", " ", "&nbsp;", "نص", "a",
        "<h1>", "</h1>", "<h3>", "<dl>", "<dt>", "<dd>", "</dl>", "<svg>", "</svg>", "<math>", "<style>", "</style>", "<script>", "</script>", "<!--", "-->", "<select>", "<option>", "<template>", "<form>", "<iframe>", "</iframe>",
        "<span lang=\"en\">", "</span>", "<br>", "<hr>", "<", ">", "\"", "'", "&", "&lt;script&gt;", "=\"", "<textarea>", "</textarea>", "<noscript>", "<plaintext>", "<p title='", "<object>", "<col>", "<colgroup>", "<ol>", "</ol>").Array[0, 40].Select(string.Concat);

    private static string Repeat(Func<int, string> piece, int times)
    {
        var all = new StringBuilder();
        for (var i = 0; i < times; i++) all.Append(piece(i));
        return all.ToString();
    }
}
