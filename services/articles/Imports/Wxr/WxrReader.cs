using System.Xml;

namespace Platform.Articles.Imports.Wxr;

/// <summary>Reads head and items of an export. All of it throws <see cref="WxrException"/> or <see cref="XmlException"/> where a section cannot be read.</summary>
internal static class WxrReader
{
    private const int MaxLine = 4_000, MaxText = 4 * 1024 * 1024, MaxComment = 64 * 1024, MaxTerms = 200, MaxHeadEntries = 20_000;

    public static WxrHead Head(Stream section)
    {
        // The head ends where the first item begins, amid the channel.
        using var text = new ClosedHead(new StreamReader(section));
        using var xml = new WxrParser(text, new Dictionary<string, string>(), ConformanceLevel.Document);
        string site = "", blog = "", link = "", language = "";
        var (authors, categories) = (new Dictionary<string, string>(), new List<WxrCategory>());
        xml.Find("channel");
        foreach (var name in xml.Children())
        {
            if (name == "wp:base_blog_url") blog = xml.Text(MaxLine);
            else if (name == "wp:base_site_url") site = xml.Text(MaxLine);
            else if (name == "link") link = xml.Text(MaxLine);
            else if (name == "language") language = xml.Text(MaxLine);
            else if (name == "wp:author" && authors.Count < MaxHeadEntries) Author(xml, authors);
            else if (name == "wp:category" && categories.Count < MaxHeadEntries) categories.Add(Category(xml));
        }
        return new(new[] { blog, site, link }.FirstOrDefault(a => a.Trim().Length > 0)?.Trim() ?? "", language.Trim(), authors, categories);
    }

    /// <param name="item">Takes what is read, also of one that turns out broken.</param>
    public static void Item(Stream section, IReadOnlyDictionary<string, string> namespaces, WxrItem item)
    {
        using var xml = new WxrParser(section, namespaces);
        xml.Find("item");
        foreach (var name in xml.Children()) Take(item, name, xml);
    }

    /// <summary>What there is to know of an attachment; of another item no more than its type.</summary>
    public static void Attachment(Stream section, IReadOnlyDictionary<string, string> namespaces, WxrItem item)
    {
        using var xml = new WxrParser(section, namespaces);
        xml.Find("item");
        foreach (var name in xml.Children())
        {
            if (name is not ("title" or "excerpt:encoded" or "wp:post_id" or "wp:post_type" or "wp:attachment_url" or "wp:postmeta")) continue;
            Take(item, name, xml);
            if (item.Type is not ("" or "attachment")) return;
        }
    }

    /// <summary>The item's comments, one after the other as they are read.</summary>
    /// <param name="of">Told of the item's id and type before the first one.</param>
    public static IEnumerable<WxrComment> Comments(Stream section, IReadOnlyDictionary<string, string> namespaces, WxrItem of)
    {
        using var xml = new WxrParser(section, namespaces);
        xml.Find("item");
        foreach (var name in xml.Children())
        {
            if (name == "wp:comment") yield return Comment(xml);
            else if (name is "wp:post_id" or "wp:post_type" or "title") Take(of, name, xml);
        }
    }

    private static void Take(WxrItem item, string name, WxrParser xml)
    {
        switch (name)
        {
            case "title": item.Title = xml.Text(MaxLine); break;
            case "link": item.Link = xml.Text(MaxLine); break;
            case "pubDate": item.PubDate = xml.Text(MaxLine).Trim(); break;
            case "dc:creator": item.Creator = xml.Text(MaxLine).Trim(); break;
            case "content:encoded": item.Content = xml.Text(MaxText); break;
            case "excerpt:encoded": item.Excerpt = xml.Text(MaxText); break;
            case "wp:post_id": item.Id = xml.Text(MaxLine).Trim(); break;
            case "wp:post_type": item.Type = xml.Text(MaxLine).Trim(); break;
            case "wp:status": item.Status = xml.Text(MaxLine).Trim(); break;
            case "wp:post_name": item.Name = xml.Text(MaxLine).Trim(); break;
            case "wp:post_password": item.Password = xml.Text(MaxLine); break;
            case "wp:comment_status": item.CommentStatus = xml.Text(MaxLine).Trim(); break;
            case "wp:post_date": item.Date = xml.Text(MaxLine).Trim(); break;
            case "wp:post_date_gmt": item.DateGmt = xml.Text(MaxLine).Trim(); break;
            case "wp:post_modified_gmt": item.ModifiedGmt = xml.Text(MaxLine).Trim(); break;
            case "wp:attachment_url": item.AttachmentUrl = xml.Text(MaxLine).Trim(); break;
            case "category": Term(item, xml); break;
            case "wp:postmeta": Meta(item, xml); break;
        }
    }

    private static void Term(WxrItem item, WxrParser xml)
    {
        var list = xml.Attribute("domain") switch { "category" => item.Categories, "post_tag" => item.Tags, _ => null };
        if (list is null || list.Count >= MaxTerms) return;
        var nicename = xml.Attribute("nicename");
        list.Add(new(nicename, xml.Text(MaxLine)));
    }

    private static void Meta(WxrItem item, WxrParser xml)
    {
        var key = "";
        foreach (var name in xml.Children())
        {
            if (name == "wp:meta_key") key = xml.Text(MaxLine, cut: true);
            else if (name == "wp:meta_value" && key == "_thumbnail_id") item.Thumbnail = xml.Text(MaxLine, cut: true).Trim();
            else if (name == "wp:meta_value" && key == "_wp_attachment_image_alt") item.Alt = xml.Text(MaxLine, cut: true);
            else if (name == "wp:meta_value" && key == "_wp_old_slug" && item.OldNames.Count < 20) item.OldNames.Add(xml.Text(MaxLine, cut: true).Trim());
        }
    }

    private static void Author(WxrParser xml, Dictionary<string, string> authors)
    {
        string login = "", display = "";
        foreach (var name in xml.Children())
        {
            if (name == "wp:author_login") login = xml.Text(MaxLine).Trim();
            else if (name == "wp:author_display_name") display = xml.Text(MaxLine).Trim();
        }
        authors[login] = display.Length > 0 ? display : login;
    }

    private static WxrCategory Category(WxrParser xml)
    {
        string nicename = "", parent = "", title = "";
        foreach (var name in xml.Children())
        {
            if (name == "wp:category_nicename") nicename = xml.Text(MaxLine).Trim();
            else if (name == "wp:category_parent") parent = xml.Text(MaxLine).Trim();
            else if (name == "wp:cat_name") title = xml.Text(MaxLine).Trim();
        }
        return new(nicename, parent, title);
    }

    private static WxrComment Comment(WxrParser xml)
    {
        var of = new Dictionary<string, string>();
        foreach (var name in xml.Children())
            if (name is "wp:comment_id" or "wp:comment_parent" or "wp:comment_author" or "wp:comment_author_email" or "wp:comment_date" or "wp:comment_date_gmt" or "wp:comment_content" or "wp:comment_approved" or "wp:comment_type")
                of[name] = xml.Text(name == "wp:comment_content" ? MaxComment : MaxLine, cut: true);
        string Of(string name) => of.GetValueOrDefault("wp:comment_" + name)?.Trim() ?? "";
        return new(Of("id"), Of("parent"), Of("author"), Of("author_email"), Of("date"), Of("date_gmt"), Of("content"), Of("approved"), Of("type"));
    }

    /// <summary>The head with the ends of its open elements behind it.</summary>
    private sealed class ClosedHead(TextReader head) : TextReader
    {
        private readonly StringReader _ends = new("</channel></rss>");

        public override int Peek() => head.Peek() is >= 0 and var c ? c : _ends.Peek();
        public override int Read() => head.Read() is >= 0 and var c ? c : _ends.Read();
        public override int Read(char[] buffer, int index, int count) => head.Read(buffer, index, count) is > 0 and var read ? read : _ends.Read(buffer, index, count);
    }
}
