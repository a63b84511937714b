using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Platform.Web.Tests.Feeds;

public sealed class FeedTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom", Content = "http://purl.org/rss/1.0/modules/content/";

    [Theory]
    [InlineData("/feed.xml", "المنصّة", "http://localhost:8080/")]
    [InlineData("/categories/economy/feed.xml", "اقتصاد | المنصّة", "http://localhost:8080/categories/economy")]
    [InlineData("/en/feed.xml", "The Platform", "http://localhost:8080/en/")]
    public async Task RSS_is_valid_whatever_is_in_the_articles(string path, string title, string link)
    {
        await using var site = await Site.Start(newsroom => newsroom.Articles.Add(Sample.Article("a \u0001 < b & \"c\" ]]>", "سلوغ", body: "<p>نص ]]> \u0002</p>")));
        using var response = await site.Get(path);

        response.Content.Headers.ContentType!.ToString().ShouldBe("application/rss+xml; charset=utf-8");
        var channel = XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!.Element("channel")!;
        channel.Element("title")!.Value.ShouldBe(title);
        channel.Element("link")!.Value.ShouldBe(link);
        channel.Element(Atom + "link")!.Attribute("href")!.Value.ShouldBe("http://localhost:8080" + path);
        var item = channel.Elements("item").ShouldHaveSingleItem();
        item.Element("title")!.Value.ShouldBe("a  < b & \"c\" ]]>");
        item.Element("link")!.Value.ShouldBe($"http://localhost:8080{(path.StartsWith("/en", StringComparison.Ordinal) ? "/en" : "")}/articles/" + Uri.EscapeDataString("سلوغ"));
        item.Element("pubDate")!.Value.ShouldBe("Mon, 23 Nov 2026 14:05:00 GMT");
        item.Element("guid")!.Value.ShouldBe("urn:uuid:" + Sample.ArticleId);
        item.Element(Content + "encoded")!.Value.ShouldBe("<p>نص ]]> </p>");
        item.Elements("category").Select(c => c.Value).ShouldBe(["سياسة", "اقتصاد"]);
        response.Headers.GetValues("Cache-Tag").Single().ShouldContain(path.Contains("economy", StringComparison.Ordinal) ? "category:economy" : "front");
    }

    [Fact]
    public async Task Atom_and_JSON_say_the_same()
    {
        await using var site = await Site.Start(newsroom => newsroom.Articles.AddRange(Sample.Articles(3)));

        var atom = XDocument.Parse(await site.Http.GetStringAsync(new Uri("/feed.atom", UriKind.Relative))).Root!;
        atom.Elements(Atom + "entry").Select(e => e.Element(Atom + "title")!.Value).ShouldBe(["خبر 1", "خبر 2", "خبر 3"]);
        atom.Element(Atom + "updated")!.Value.ShouldBe("2026-11-23T14:05:00Z");
        var json = JsonDocument.Parse(await site.Http.GetStringAsync(new Uri("/feed.json", UriKind.Relative))).RootElement;
        json.GetProperty("version").GetString().ShouldBe("https://jsonfeed.org/version/1.1");
        json.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("title").GetString()).ShouldBe(["خبر 1", "خبر 2", "خبر 3"]);
        json.GetProperty("feed_url").GetString().ShouldBe("http://localhost:8080/feed.json");
    }

    [Fact]
    public async Task Pictures_can_be_seen_from_elsewhere()
    {
        XNamespace media = "http://search.yahoo.com/mrss/";
        await using var site = await Site.Start(newsroom => newsroom.Articles.Add(Sample.Article(
            body: "<p>src=\"/x\"</p><img alt=\"ج\" src=\"/media/1/640.webp\" width=\"640\" height=\"480\" loading=\"lazy\" srcset=\"/media/1/320.webp 320w\" sizes=\"100vw\">",
            leadImage: new { id = Guid.NewGuid(), alt = "جسر", caption = (string?)null, credit = "وكالة", url = "http://localhost:8080/media/1/1600.webp" })));

        var item = XDocument.Parse(await site.Http.GetStringAsync(new Uri("/feed.xml", UriKind.Relative))).Descendants("item").Single();
        item.Element(Content + "encoded")!.Value.ShouldBe("<p>src=\"/x\"</p><img alt=\"ج\" src=\"http://localhost:8080/media/1/640.webp\" width=\"640\" height=\"480\">");
        var picture = item.Element(media + "content")!;
        (picture.Attribute("url")!.Value, picture.Attribute("type")!.Value, picture.Element(media + "credit")!.Value).ShouldBe(("http://localhost:8080/media/1/1600.jpeg", "image/jpeg", "وكالة"));
        XDocument.Parse(await site.Http.GetStringAsync(new Uri("/feed.atom", UriKind.Relative))).Descendants(Atom + "link").Single(l => l.Attribute("rel")!.Value == "enclosure").Attribute("href")!.Value.ShouldBe("http://localhost:8080/media/1/1600.jpeg");
        JsonDocument.Parse(await site.Http.GetStringAsync(new Uri("/feed.json", UriKind.Relative))).RootElement.GetProperty("items")[0].GetProperty("image").GetString().ShouldBe("http://localhost:8080/media/1/1600.jpeg");
    }

    [Fact]
    public async Task A_category_that_there_is_not_has_no_feed()
    {
        await using var site = await Site.Start();

        (await site.Get("/categories/unknown/feed.atom")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        XDocument.Parse(await site.Http.GetStringAsync(new Uri("/feed.xml", UriKind.Relative))).Descendants("item").ShouldBeEmpty();
    }
}
