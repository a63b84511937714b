using System.Text;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;
using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles.Body;

/// <summary>
/// Rewrites any HTML as small, well-nested markup of <see cref="BodyElements"/>, in one pass over its tokens and linear time.
/// The HTML parser proper takes quadratic time and memory over hostile nesting (unclosed formatting is opened again in every paragraph that follows,
/// HTML 13.2.4.3: a page of it, for minutes), so it gets to see nothing but what comes out here.
/// </summary>
internal sealed class BodyTidy(BodyLinks links, BodyPictures? pictures)
{
    public const int MaxDepth = 50, MaxElements = 20_000, MaxLength = (int)Defaults.MaxJsonBody;

    private readonly StringBuilder _out = new();
    private readonly StringBuilder _text = new();
    private readonly List<Open> _stack = [];
    private int _elements;

    /// <param name="Start">Where its start tag begins in the output.</param>
    /// <param name="Inner">Where its content begins.</param>
    private sealed record Open(string Name, Kind Kind, int Start, int Inner)
    {
        /// <summary>For a figure: whether it shows something, and whether a picture of it was refused.</summary>
        public bool Shows { get; set; }
        public bool Refused { get; set; }
    }

    /// <exception cref="Problem">400: too deeply nested, too many elements, too long.</exception>
    public static string Rewrite(string html, BodyLinks links, BodyPictures? pictures = null) => new BodyTidy(links, pictures).Run(html);

    private string Run(string html)
    {
        using var source = new TextSource(html);
        var tokens = new HtmlTokenizer(source, HtmlEntityProvider.Resolver);
        string? hidden = null;
        for (var token = tokens.Get(); token.Type != HtmlTokenType.EndOfFile; token = tokens.Get())
        {
            if (hidden is not null)
            {
                if (token.Type == HtmlTokenType.EndTag && token.Name == hidden) hidden = null;
            }
            else if (token.Type == HtmlTokenType.Character)
            {
                _text.Append(token.Data);
            }
            else if (token is HtmlTagToken tag && tag.Type == HtmlTokenType.StartTag)
            {
                if (BodyElements.Hidden.Contains(tag.Name))
                {
                    hidden = tag.Name;
                    tokens.State = tag.Name switch { "script" => HtmlParseMode.Script, "title" or "textarea" => HtmlParseMode.RCData, "plaintext" => HtmlParseMode.Plaintext, _ => HtmlParseMode.Rawtext };
                }
                else
                {
                    Flush();
                    Start(BodyElements.Name(tag.Name), tag);
                }
            }
            else if (token.Type == HtmlTokenType.EndTag)
            {
                Flush();
                End(BodyElements.Name(token.Name));
            }
        }
        Flush();
        PopTo(0);
        return _out.ToString();
    }

    private void Flush()
    {
        if (_text.Length == 0) return;
        // Normalised before it is escaped: over markup, NFC would join > with a mark that follows it.
        var text = Normaliser.Nfc(_text.ToString());
        _text.Clear();
        if (!string.IsNullOrWhiteSpace(text)) Settle("");
        if (_stack is [.., { Name: "pre" } pre] && _out.Length == pre.Inner) text = text.TrimStart('\r', '\n');   // the parser takes the first one off
        _out.Append(Escape(text));
        if (_out.Length > MaxLength) throw Problem.Invalid("body", "Too long.");
    }

    private void Start(string name, HtmlTagToken tag)
    {
        if (!BodyElements.Kinds.TryGetValue(name, out var kind)) return;
        if (kind is Kind.Paragraph or Kind.Container or Kind.VoidBlock)
        {
            CloseLines();
            (name, kind) = Place(name, kind);
        }
        var attributes = Attributes(name, tag);
        if (name is "a" && !attributes.ContainsKey("href")) return;
        if (name is "span" && attributes.Count == 0) return;
        if (name is "a" && IndexOf(o => o.Name == "a", o => o.Kind != Kind.Inline) is >= 0 and var other) PopTo(other);
        var figure = _stack.FindLast(o => o.Name == "figure");
        if (name is "img" && !attributes.ContainsKey("src"))
        {
            figure?.Refused = true;
            return;
        }
        if (name is "img" or "table" or "blockquote" or "pre") figure?.Shows = true;
        Settle(name);
        Write(name, kind, attributes);
    }

    /// <summary>Opens what must stand between the innermost open element and what comes now: a cell in a table, an item in a list.</summary>
    private void Settle(string name)
    {
        while (_stack.Count > 0 && Between(_stack[^1].Name, name) is { } missing) Write(missing, Kind.Container, []);
    }

    private static string? Between(string parent, string child) => parent switch
    {
        "table" => child is "caption" or "thead" or "tbody" or "tfoot" or "tr" ? null : "tr",
        "thead" or "tbody" or "tfoot" => child is "tr" ? null : "tr",
        "tr" => child is "td" or "th" ? null : "td",
        "ul" or "ol" => child is "li" ? null : "li",
        "dl" => child is "dt" or "dd" ? null : "dd",
        _ => null,
    };

    private void Write(string name, Kind kind, Dictionary<string, string> attributes)
    {
        if (++_elements > MaxElements) throw Problem.Invalid("body", $"At most {MaxElements} elements.");
        var start = _out.Length;
        _out.Append('<').Append(name);
        foreach (var (attribute, value) in attributes) _out.Append(' ').Append(attribute).Append("=\"").Append(Escape(value)).Append('"');
        _out.Append('>');
        if (kind is Kind.VoidInline or Kind.VoidBlock) return;
        if (_stack.Count >= MaxDepth) throw Problem.Invalid("body", $"Nested at most {MaxDepth} levels deep.");
        _stack.Add(new Open(name, kind, start, _out.Length));
    }

    /// <summary>Makes room for a block: goes back to where it may stand, or makes it a paragraph where there is no such place.</summary>
    private (string, Kind) Place(string name, Kind kind)
    {
        var found = name switch
        {
            "li" => Within(["ul", "ol"], ["td", "th", "blockquote", "figure"]),
            "dt" or "dd" => Within(["dl"], ["td", "th", "blockquote", "figure", "li"]),
            "figcaption" => Within(["figure"], ["td", "th"]),
            "caption" or "thead" or "tbody" or "tfoot" => Within(["table"], []),
            "tr" => Within(["table", "thead", "tbody", "tfoot"], []),
            "td" or "th" => Within(["tr", "table", "thead", "tbody", "tfoot"], []),
            _ => true,
        };
        return found ? (name, kind) : ("p", Kind.Paragraph);
    }

    private bool Within(string[] places, string[] barriers)
    {
        var place = IndexOf(o => places.Contains(o.Name), o => barriers.Contains(o.Name));
        if (place < 0) return false;
        PopTo(place + 1);
        return true;
    }

    private void End(string name)
    {
        if (!BodyElements.Kinds.TryGetValue(name, out var kind)) return;
        var index = kind switch
        {
            Kind.Inline => IndexOf(o => o.Name == name, o => o.Kind != Kind.Inline),
            Kind.Paragraph => IndexOf(o => o.Name == name || (name[0] == 'h' && o.Name[0] == 'h'), o => o.Kind != Kind.Inline),
            Kind.Container => IndexOf(o => o.Name == name, o => name switch
            {
                "table" => false,
                "td" or "th" or "tr" or "thead" or "tbody" or "tfoot" => o.Name == "table",
                "li" => o.Name is "ul" or "ol" or "td" or "th",
                "dd" => o.Name is "dl" or "td" or "th",
                _ => o.Name is "td" or "th",
            }),
            _ => -1,
        };
        if (index >= 0) PopTo(index);
    }

    /// <summary>Index of the innermost open element that fits, or -1 where a barrier stands before it.</summary>
    private int IndexOf(Func<Open, bool> fits, Func<Open, bool> barrier)
    {
        for (var i = _stack.Count - 1; i >= 0; i--)
        {
            if (fits(_stack[i])) return i;
            if (barrier(_stack[i])) return -1;
        }
        return -1;
    }

    private void CloseLines()
    {
        var last = _stack.FindLastIndex(o => o.Kind == Kind.Container);
        PopTo(last + 1);
    }

    /// <summary>Closes open elements until so many are left. What turns out empty is taken back.</summary>
    private void PopTo(int count)
    {
        while (_stack.Count > count)
        {
            var open = _stack[^1];
            _stack.RemoveAt(_stack.Count - 1);
            var empty = open.Kind == Kind.Inline ? _out.Length == open.Inner : open.Name is not ("td" or "th") && IsBlank(open.Inner);
            if (empty || (open.Refused && !open.Shows))
            {
                _out.Length = open.Start;
                if (empty) _elements--;
            }
            else _out.Append("</").Append(open.Name).Append('>');
        }
    }

    /// <summary>Whether nothing but a little white space was written from there on; markup is not blank.</summary>
    private bool IsBlank(int from) => _out.Length - from < 200 && string.IsNullOrWhiteSpace(_out.ToString(from, _out.Length - from));

    /// <summary>The attributes with the library's in place of a writer's, always in one order; without an address where there is no such picture.</summary>
    private Dictionary<string, string> WithPicture(Dictionary<string, string> written, BodyPictures library)
    {
        var all = new Dictionary<string, string>(written.TryGetValue("src", out var address) && library.Attributes(address, links.Prefix) is { } attributes ? attributes : []);
        foreach (var (attribute, value) in written.Where(a => a.Key is not ("src" or "width" or "height"))) all[attribute] = value;
        return all;
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    /// <summary>The attributes that the element may have, the first of each name; addresses as <see cref="BodyLinks"/> gives them.</summary>
    private Dictionary<string, string> Attributes(string name, HtmlTagToken tag)
    {
        var kept = new Dictionary<string, string>();
        foreach (var attribute in tag.Attributes)
        {
            if (kept.ContainsKey(attribute.Name)) continue;
            var value = attribute.Name switch
            {
                "href" => links.Link(attribute.Value),
                "src" => links.Picture(attribute.Value),
                "rel" => null,
                _ => BodyElements.Allows(name, attribute.Name, attribute.Value) ? Normaliser.OneLine(attribute.Value) : null,
            };
            if (value is not null && BodyElements.Allows(name, attribute.Name, value)) kept[attribute.Name] = value;
        }
        if (name is "a" && kept.ContainsKey("href")) kept["rel"] = "noopener";
        if (name is "img" && kept.ContainsKey("src")) kept.TryAdd("alt", "");
        return name is "img" && pictures is not null ? WithPicture(kept, pictures) : kept;
    }
}
