using System.Text;
using System.Xml;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports.Wxr;

/// <summary>An export's first bytes, up to its root element: whether it is one at all, and what its prefixes mean. A document type can stand nowhere else (XML 1.0, 2.8), so that one is refused here.</summary>
public static class WxrProlog
{
    /// <summary>The root element's tag must end within so many bytes.</summary>
    public const int MaxLength = 64 * 1024;

    /// <param name="head">The first bytes, at most <see cref="MaxLength"/> of them.</param>
    /// <returns>Namespaces by prefix.</returns>
    /// <exception cref="Problem">400 <c>import.notXml</c>, <c>import.notWxr</c>, <c>import.dtd</c>, <c>import.encoding</c>.</exception>
    public static IReadOnlyDictionary<string, string> Check(ReadOnlySpan<byte> head)
    {
        var namespaces = Namespaces(RootTag(Encoding.UTF8.GetString(head)));
        return namespaces.Values.Any(WxrNames.IsExport) ? namespaces
            : throw new Problem(400, "import.notWxr", "Not a WordPress export (WXR): its root element is not an rss that names http://wordpress.org/export/.");
    }

    private static string RootTag(string text)
    {
        var rest = text.AsSpan().TrimStart('\uFEFF');
        while (true)
        {
            rest = rest.TrimStart(" \t\r\n");
            if (rest.StartsWith("<?"))
            {
                if (rest.StartsWith("<?xml ")) CheckEncoding(Before(rest, "?>"));
                rest = rest[(Before(rest, "?>").Length + 2)..];
            }
            else if (rest.StartsWith("<!--")) rest = rest[(Before(rest, "-->").Length + 3)..];
            else if (rest.StartsWith("<!")) throw new Problem(400, "import.dtd", "Document types and entities are refused.");
            else if (rest is ['<', ..]) return string.Concat(Before(rest, ">").TrimEnd('/'), "/>");
            else throw NotXml();
        }
    }

    private static ReadOnlySpan<char> Before(ReadOnlySpan<char> text, string end) => text.IndexOf(end) is >= 0 and var at ? text[..at] : throw NotXml();

    private static void CheckEncoding(ReadOnlySpan<char> declaration)
    {
        if (declaration.Contains("encoding", StringComparison.Ordinal) && !declaration.Contains("utf-8", StringComparison.OrdinalIgnoreCase))
            throw new Problem(400, "import.encoding", "WordPress exports are in UTF-8; this one says that it is not.");
    }

    private static Dictionary<string, string> Namespaces(string tag)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(tag), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            if (!reader.Read() || reader.NodeType != XmlNodeType.Element) throw NotXml();
            var found = new Dictionary<string, string>();
            while (reader.LocalName == "rss" || reader.NodeType == XmlNodeType.Attribute)
            {
                if (!reader.MoveToNextAttribute()) break;
                if (reader.Prefix == "xmlns") found[reader.LocalName] = reader.Value;
            }
            return found;
        }
        catch (XmlException)
        {
            throw NotXml();
        }
    }

    private static Problem NotXml() => new(400, "import.notXml", "Not an XML document.");
}
