using System.Text;
using System.Xml;

namespace Platform.Articles.Imports.Wxr;

/// <summary>Walks a section of an export element by element, in flat memory: no tree, texts up to a limit, no entities, bounded depth.</summary>
internal sealed class WxrParser : IDisposable
{
    private const int MaxDepth = 32;
    private readonly char[] _chunk = new char[4096];
    private readonly XmlReader _xml;
    private bool _taken;

    /// <param name="namespaces">By prefix; what the root element says, where the section does not hold it.</param>
    public WxrParser(Stream section, IReadOnlyDictionary<string, string> namespaces) : this(new StreamReader(section, new UTF8Encoding(false)), namespaces, ConformanceLevel.Fragment) { }

    public WxrParser(TextReader section, IReadOnlyDictionary<string, string> namespaces, ConformanceLevel level)
    {
        var names = new NameTable();
        var manager = new XmlNamespaceManager(names);
        foreach (var (prefix, uri) in namespaces) manager.AddNamespace(prefix, uri);
        // Characters are not checked: WordPress lets control characters through that XML forbids; they are taken out of texts later.
        _xml = XmlReader.Create(section, new XmlReaderSettings
        {
            ConformanceLevel = level,
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = 2L << 30,
            CheckCharacters = false,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            NameTable = names,
        }, new XmlParserContext(names, manager, null, XmlSpace.None));
    }

    /// <summary>Goes to the first element of this name.</summary>
    /// <exception cref="WxrException">There is none.</exception>
    public void Find(string name)
    {
        while (Read())
            if (_xml.NodeType == XmlNodeType.Element && Name() == name) return;
        throw new WxrException($"There is no {name} in it.");
    }

    /// <summary>Names (see <see cref="WxrNames"/>) of the elements in the present one, one after the other; what is not taken by <see cref="Text"/> or by walking it is passed over.</summary>
    public IEnumerable<string> Children()
    {
        _taken = true;
        if (_xml.IsEmptyElement) yield break;
        var depth = _xml.Depth;
        while (Read())
        {
            if (_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth) { _taken = true; yield break; }
            if (_xml.NodeType != XmlNodeType.Element) continue;
            _taken = false;
            yield return Name() ?? "";
            if (!_taken) Text(0, cut: true);
        }
    }

    public string Attribute(string name) => _xml.GetAttribute(name) ?? "";

    /// <summary>The text of the present element.</summary>
    /// <param name="max">Characters.</param>
    /// <param name="cut">Whether a longer one is cut; else it is refused.</param>
    public string Text(int max, bool cut = false)
    {
        _taken = true;
        if (_xml.IsEmptyElement) return "";
        var (name, depth, text, over) = (_xml.Name, _xml.Depth, new StringBuilder(), false);
        while (Read() && !(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth))
        {
            if (_xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)) continue;
            for (int read; (read = _xml.ReadValueChunk(_chunk, 0, _chunk.Length)) > 0;)
            {
                var room = max - text.Length;
                text.Append(_chunk, 0, Math.Min(read, room));
                over |= read > room;
            }
        }
        return over && !cut ? throw new WxrException($"{name} is longer than {max} characters.") : text.ToString();
    }

    public void Dispose() => _xml.Dispose();

    private string? Name() => WxrNames.Of(_xml.NamespaceURI, _xml.LocalName);

    private bool Read() => _xml.Read() && (_xml.Depth <= MaxDepth ? true : throw new WxrException("Its elements are nested too deeply."));
}
