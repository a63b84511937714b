using Platform.Text;

namespace Platform.Comments.Moderation;

/// <summary>The words of some texts in comparison form, each with the forms it has without Arabic particles (see <see cref="Clitics"/>).</summary>
public sealed class FoldedWords
{
    /// <summary>One per word, in order; an empty one parts the texts, so that no phrase reaches from one into the next.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Forms { get; }

    public FoldedWords(params IEnumerable<string> texts) =>
        Forms = [.. texts.SelectMany(t => Normaliser.Words(t).Select(Clitics.Forms).Append([]))];
}

/// <summary>Words and phrases looked for in texts: whole words, however they are spelt, vocalised or prefixed.</summary>
public sealed class WordList
{
    /// <summary>By its first word, each entry: its words in comparison form, and how it was written.</summary>
    private readonly ILookup<string, (string[] Words, string Entry)> _entries;

    public WordList(IEnumerable<string> entries) =>
        _entries = entries.Select(e => (Words: Normaliser.Words(e).ToArray(), Entry: e)).Where(e => e.Words.Length > 0).ToLookup(e => e.Words[0]);

    /// <summary>The first entry found, as it was written; or null.</summary>
    public string? FirstIn(FoldedWords text)
    {
        if (_entries.Count == 0) return null;
        for (var at = 0; at < text.Forms.Count; at++)
            foreach (var form in text.Forms[at])
                foreach (var (words, entry) in _entries[form])
                    if (at + words.Length <= text.Forms.Count && words.Index().Skip(1).All(w => text.Forms[at + w.Index].Contains(w.Item)))
                        return entry;
        return null;
    }
}
