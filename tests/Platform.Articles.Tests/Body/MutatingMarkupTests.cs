using AngleSharp.Html.Parser;
using Microsoft.Extensions.Configuration;
using Platform.Articles.Body;
using Platform.ServiceDefaults;
using Platform.Testing;
using Shouldly;
using Xunit;

namespace Platform.Articles.Tests.Body;

/// <summary>Markup that becomes another one when it is parsed again: the known ways around sanitisers. What comes out is harmless however it is read, and stays.</summary>
public sealed class MutatingMarkupTests
{
    private static readonly BodySanitiser Sanitiser = new(new BodyLinks(new PlatformSettings(new ConfigurationBuilder().AddInMemoryCollection(TestSettings.Default).Build())));

    [Theory]
    [InlineData("<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">")]
    [InlineData("<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">")]
    [InlineData("<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>")]
    [InlineData("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">")]
    [InlineData("<noscript><style></noscript><img src=x onerror=alert(1)>")]
    [InlineData("<template><s><template><s><img src=x onerror=alert(1)>@</s></template></s></template>")]
    [InlineData("<svg><template><style><img src=x onerror=alert(1)></style></template>")]
    [InlineData("<svg><annotation-xml encoding=\"text/html\"><img src=x onerror=alert(1)></annotation-xml>")]
    [InlineData("<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style>")]
    [InlineData("<svg><foreignObject><p><iframe srcdoc=\"<script>alert(1)</script>\"></foreignObject>")]
    [InlineData("<svg><desc><img src=x onerror=alert(1)></desc><title><style><img src=x onerror=alert(1)></style></title>")]
    [InlineData("<svg><a xlink:href=\"javascript:alert(1)\"><text x=20 y=20>a</text></a><animate attributeName=href values=javascript:alert(1) />")]
    [InlineData("<svg><use href=\"data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>alert(1)</script></svg>#x\" />")]
    [InlineData("<math href=\"javascript:alert(1)\">a</math><math><maction actiontype=\"statusline#http://x\" xlink:href=\"javascript:alert(1)\">a</maction>")]
    [InlineData("<select><template><style><!--</style><a rel=\"--></style></template></select><img src=x onerror=alert(1)>\">")]
    [InlineData("<select><iframe><select><img src=x onerror=alert(1)>")]
    [InlineData("<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">")]
    [InlineData("<listing>&lt;img src=x onerror=alert(1)&gt;</listing>")]
    [InlineData("<pre>&lt;img src=x onerror=alert(1)&gt;</pre>")]
    [InlineData("<textarea>&lt;/textarea&gt;&lt;img src=x onerror=alert(1)&gt;</textarea>")]
    [InlineData("<title><a title=\"</title><img src=x onerror=alert(1)>\">")]
    [InlineData("<iframe><img title=\"</iframe><img src=x onerror=alert(1)>\"></iframe>")]
    [InlineData("<noembed><img title=\"</noembed><img src=x onerror=alert(1)>\"></noembed>")]
    [InlineData("<noframes><img title=\"</noframes><img src=x onerror=alert(1)>\"></noframes>")]
    [InlineData("<plaintext><img src=x onerror=alert(1)>")]
    [InlineData("<![CDATA[<img src=x onerror=alert(1)>]]>")]
    [InlineData("<svg><![CDATA[</svg><img src=x onerror=alert(1)>]]></svg>")]
    [InlineData("<!--><img src=x onerror=alert(1)>-->")]
    [InlineData("<!-- --!><img src=x onerror=alert(1)>-->")]
    [InlineData("<!--[if gte IE 4]><script>alert(1)</script><![endif]-->")]
    [InlineData("<?xml-stylesheet href=\"javascript:alert(1)\"?><img src=x onerror=alert(1)>")]
    [InlineData("<p title=\"&quot;><img src=x onerror=alert(1)>\">a</p>")]
    [InlineData("<p title='`'><img alt=\"`><img src=x onerror=alert(1)>\" src=/media/1/2.webp>")]
    [InlineData("<a href=\"java&#x09;script:alert(1)\">a</a><a href=\"&#1;javascript:alert(1)\">b</a><a href=\"javascript&colon;alert(1)\">c</a>")]
    [InlineData("<a href=\"//evil.example\\@example.org/x\">a</a><a href=\"https:evil.example\">b</a><a href=\"\\\\evil.example\">c</a>")]
    [InlineData("<a href=\"/x\" HREF=\"javascript:alert(1)\">a</a>")]
    [InlineData("<img src=\"/media/1/2.webp\" srcset=\"x onerror=alert(1)\" onload=alert(1) style=\"x:expression(alert(1))\">")]
    [InlineData("<scr<script>ipt>alert(1)</scr</script>ipt>")]
    [InlineData("<<script>alert(1)//<</script>")]
    [InlineData("<img \"\"\"><script>alert(1)</script>\">")]
    [InlineData("<scr\0ipt>alert(1)</scr\0ipt><img src=x one\0rror=alert(1)>")]
    [InlineData("<p/onclick=alert(1)/title=a>x</p>")]
    [InlineData("<table background=\"javascript:alert(1)\"><td background=javascript:alert(1)>a</table>")]
    [InlineData("<a id=\"document\" name=\"cookie\" class=\"x\" href=\"/x\">a</a><form id=body><input name=attributes>")]
    [InlineData("<div is=\"x-y\"><x-y onclick=alert(1)></x-y><slot name=a></slot></div>")]
    [InlineData("<p dir=\"rtl\" lang=\"ar\" onfocus=alert(1) autofocus tabindex=1 contenteditable>a</p>")]
    [InlineData("<object data=\"data:text/html,<script>alert(1)</script>\"><param name=x value=y></object><embed src=javascript:alert(1)><applet code=x>")]
    [InlineData("<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\"><link rel=import href=x><base href=javascript:/a/>")]
    [InlineData("<details open ontoggle=alert(1)><summary>a</summary></details><dialog open onclose=alert(1)>b</dialog><video><source onerror=alert(1)></video><audio src onerror=alert(1)>")]
    [InlineData("<b><p><b><p></b></p></b><a><div><a></div></a>")]
    [InlineData("<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset><body onload=alert(1)>a")]
    public void What_mutates_is_inert_and_stays(string html)
    {
        var body = Sanitiser.Clean(html).Body;
        Sanitiser.Clean(body).Body.ShouldBe(body);
        // As a browser reads it, with scripting and without, alone and where it is put into a page.
        foreach (var scripting in new[] { true, false })
            foreach (var around in new[] { "{0}", "<div>{0}</div>", "<table><tr><td>{0}</td></tr></table>", "<article><p>{0}</p></article>" })
            {
                using var document = new HtmlParser(new HtmlParserOptions { IsScripting = scripting }).ParseDocument("<body>" + string.Format(System.Globalization.CultureInfo.InvariantCulture, around, body));
                foreach (var element in document.Body!.QuerySelectorAll("*"))
                {
                    if (element.LocalName is "div" or "article" or "table" or "tbody" or "tr" or "td" or "p") { element.Attributes.Select(a => a.Name).Except(["dir", "lang", "colspan", "rowspan", "scope"]).ShouldBeEmpty(); continue; }
                    BodyElements.Kinds.Keys.ShouldContain(element.LocalName);
                    element.NamespaceUri.ShouldBe("http://www.w3.org/1999/xhtml");
                    foreach (var attribute in element.Attributes)
                    {
                        BodyElements.AllAttributes.ShouldContain(attribute.Name);
                        if (attribute.Name is "href" or "src") attribute.Value.ShouldMatch("^(https?://|mailto:|/(?!/))");
                    }
                }
            }
    }
}
