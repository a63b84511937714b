using CsCheck;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Look;

public sealed class GuestTextTests
{
    [Theory]
    [InlineData("مرحباً", "مرحباً")]
    [InlineData("a\nb\r\nc", "a<br>b<br>c")]
    [InlineData("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;")]
    [InlineData("javascript:alert(1) ftp://x.example", "javascript:alert(1) ftp://x.example")]
    [InlineData("انظر https://example.org/a?b=1&c=2.", "انظر <a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"nofollow ugc noopener\" dir=\"ltr\">https://example.org/a?b=1&amp;c=2</a>.")]
    [InlineData("(http://example.org)، ثم", "(<a href=\"http://example.org/\" rel=\"nofollow ugc noopener\" dir=\"ltr\">http://example.org</a>)، ثم")]
    [InlineData("HTTPS://EXAMPLE.ORG", "<a href=\"https://example.org/\" rel=\"nofollow ugc noopener\" dir=\"ltr\">HTTPS://EXAMPLE.ORG</a>")]
    [InlineData("https://user@evil.example", "https://user@evil.example")]
    [InlineData("https://раypal.example/a", "<a href=\"https://раypal.example/a\" rel=\"nofollow ugc noopener\" dir=\"ltr\">https://xn--ypal-43d9g.example/a</a>")]
    [InlineData("https://موقع.عرب/أ", "<a href=\"https://موقع.عرب/%D8%A3\" rel=\"nofollow ugc noopener\" dir=\"ltr\">https://موقع.عرب/أ</a>")]
    [InlineData("https://بنکي.example", "<a href=\"https://بنکي.example/\" rel=\"nofollow ugc noopener\" dir=\"ltr\">https://xn--ngb4dm39a.example</a>")]
    [InlineData("https://بنک.example", "<a href=\"https://بنک.example/\" rel=\"nofollow ugc noopener\" dir=\"ltr\">https://بنک.example</a>")]
    [InlineData("https://\"onclick=alert(1)", "https://&quot;onclick=alert(1)")]
    public void Text_is_escaped_lines_kept_and_links_made(string text, string html) =>
        GuestText.Html(text, Markup.Encoder).ToString().ShouldBe(html);

    [Fact]
    public void Nothing_that_a_guest_writes_becomes_markup_of_its_own() =>
        Gen.OneOf(Gen.String, Gen.OneOf(new[] { "<", ">", "\"", "'", "&", " ", "\n", "https://", "http://a.b/", "javascript:", "onload=", "<script>", "ر" }.Select(Gen.Const).ToArray())).Array[1, 12].Select(string.Concat).Sample(text =>
        {
            var body = new AngleSharp.Html.Parser.HtmlParser().ParseDocument("<!DOCTYPE html><body>" + GuestText.Html(text, Markup.Encoder)).Body!;
            return body.QuerySelectorAll("*").All(e => e.LocalName is "br" || e.LocalName is "a" && e.Attributes.Length == 3 && e.GetAttribute("href")!.StartsWith("http", StringComparison.Ordinal));
        });
}
