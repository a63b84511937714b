namespace Platform.Articles.Imports.WordPress;

/// <summary>A tag in HTML text.</summary>
/// <param name="Name">In lower case.</param>
/// <param name="Length">Of the whole tag; 0 where there is none.</param>
internal readonly record struct Tag(string Name, bool Closing, int Length);

/// <summary>Finds tags without parsing HTML: enough to see its paragraphs. What it makes is parsed and sanitised afterwards like everything else.</summary>
internal static class Markup
{
    private const int MaxTag = 2_000;

    /// <summary>The tag that begins at this &lt;. Bounded, so that many that never end cost little.</summary>
    public static Tag TagAt(string html, int at)
    {
        var name = at + 1;
        var closing = name < html.Length && html[name] == '/';
        if (closing) name++;
        var end = name;
        while (end < html.Length && end - name < 20 && char.IsAsciiLetterOrDigit(html[end])) end++;
        if (end == name || !char.IsAsciiLetter(html[name])) return default;
        var quote = '\0';
        for (var i = end; i < html.Length && i - at < MaxTag; i++)
        {
            if (quote != '\0') { if (html[i] == quote) quote = '\0'; }
            else if (html[i] == '>') return new(html[name..end].ToLowerInvariant(), closing, i - at + 1);
            else if (html[i] is '"' or '\'') quote = html[i];
            else if (html[i] == '<') return default;
        }
        return default;
    }
}
