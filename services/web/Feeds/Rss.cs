using System.Xml.Linq;
using static Platform.Web.Feeds;

namespace Platform.Web;

/// <summary>RSS 2.0 (rssboard.org/rss-specification) with Atom's self link, Dublin Core's creator and the whole text.</summary>
public static class Rss
{
    private static readonly XNamespace AtomNames = "http://www.w3.org/2005/Atom", Dc = "http://purl.org/dc/elements/1.1/", Content = "http://purl.org/rss/1.0/modules/content/", Media = "http://search.yahoo.com/mrss/";

    public static XElement Write(Feed feed) => new("rss",
        new XAttribute("version", "2.0"),
        new XAttribute(XNamespace.Xmlns + "atom", AtomNames), new XAttribute(XNamespace.Xmlns + "dc", Dc), new XAttribute(XNamespace.Xmlns + "content", Content), new XAttribute(XNamespace.Xmlns + "media", Media),
        new XElement("channel",
            new XElement("title", feed.Title),
            new XElement("link", feed.Edition.Public(feed.Page)),
            new XElement("description", feed.Title),
            new XElement("language", feed.Edition.Language),
            new XElement("lastBuildDate", feed.Updated.ToString("R")),
            new XElement(AtomNames + "link", new XAttribute("rel", "self"), new XAttribute("type", "application/rss+xml"), new XAttribute("href", feed.Edition.Public(feed.Path))),
            feed.Articles.Select(article => new XElement("item",
                new XElement("title", Clean(article.Title)),
                new XElement("link", feed.Url(article)),
                new XElement("guid", new XAttribute("isPermaLink", "false"), Feed.Id(article)),
                new XElement("pubDate", article.PublishedAt.ToString("R")),
                article.Authors.Select(a => new XElement(Dc + "creator", Clean(a.Name))),
                article.Categories.Select(c => new XElement("category", Clean(c.Name))),
                new XElement("description", Clean(article.Summary)),
                string.IsNullOrEmpty(article.Body) ? null : new XElement(Content + "encoded", feed.Html(article)),
                Picture(article.LeadImage)))));

    /// <summary>Media RSS, since an enclosure must say how many bytes it has, which is not known here.</summary>
    private static XElement? Picture(LeadImage? image) => image is null ? null : new XElement(Media + "content",
        new XAttribute("url", Variants.Jpeg(image)), new XAttribute("type", "image/jpeg"), new XAttribute("medium", "image"),
        string.IsNullOrEmpty(image.Alt) ? null : new XElement(Media + "description", Clean(image.Alt)),
        string.IsNullOrEmpty(image.Credit) ? null : new XElement(Media + "credit", Clean(image.Credit)));
}
