using System.Xml.Linq;
using static Platform.Web.Feeds;

namespace Platform.Web;

/// <summary>Atom (RFC 4287).</summary>
public static class Atom
{
    private static readonly XNamespace Names = "http://www.w3.org/2005/Atom";

    public static XElement Write(Feed feed) => new(Names + "feed",
        new XAttribute(XNamespace.Xml + "lang", feed.Edition.Language),
        new XElement(Names + "id", feed.Edition.Public(feed.Page)),
        new XElement(Names + "title", feed.Title),
        new XElement(Names + "updated", Dates.Machine(feed.Updated)),
        new XElement(Names + "author", new XElement(Names + "name", feed.Edition.Words["SiteName"])),
        Link("self", feed.Edition.Public(feed.Path)),
        Link("alternate", feed.Edition.Public(feed.Page)),
        feed.Articles.Select(article => new XElement(Names + "entry",
            new XElement(Names + "id", Feed.Id(article)),
            new XElement(Names + "title", Clean(article.Title)),
            Link("alternate", feed.Url(article)),
            new XElement(Names + "published", Dates.Machine(article.PublishedAt)),
            new XElement(Names + "updated", Dates.Machine(article.UpdatedAt)),
            article.Authors.Select(a => new XElement(Names + "author", new XElement(Names + "name", Clean(a.Name)))),
            article.Categories.Select(c => new XElement(Names + "category", new XAttribute("term", c.Slug), new XAttribute("label", Clean(c.Name)))),
            article.LeadImage is { } image ? new XElement(Names + "link", new XAttribute("rel", "enclosure"), new XAttribute("type", "image/jpeg"), new XAttribute("href", Variants.Jpeg(image))) : null,
            new XElement(Names + "summary", Clean(article.Summary)),
            string.IsNullOrEmpty(article.Body) ? null : new XElement(Names + "content", new XAttribute("type", "html"), feed.Html(article)))));

    private static XElement Link(string rel, string href) => new(Names + "link", new XAttribute("rel", rel), new XAttribute("href", href));
}
