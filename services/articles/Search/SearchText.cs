using Platform.ServiceDefaults;

namespace Platform.Articles.Search;

/// <summary>What a reader searches for: words, and phrases of several. All must match.</summary>
/// <param name="Parts">Each a word, or the words of a phrase, in comparison form. None where nothing but signs was typed.</param>
public sealed record SearchText(IReadOnlyList<IReadOnlyList<string>> Parts)
{
    /// <summary>Characters.</summary>
    public const int MaxLength = 500;
    public const int MaxWords = 32;

    public IEnumerable<string> Words => Parts.SelectMany(p => p).Distinct(StringComparer.Ordinal);

    /// <summary>Reads what was typed. Quotes make a phrase; one that is not closed makes none; every other sign only parts words.</summary>
    /// <exception cref="Problem">400: too long, or too many words.</exception>
    public static SearchText Parse(string text)
    {
        if (text.Length > MaxLength) throw Problem.Invalid("q", $"At most {MaxLength} characters.");
        var parts = new List<IReadOnlyList<string>>();
        for (var (at, open) = (0, 0); at < text.Length; at = open + 1)
        {
            open = text.AsSpan(at).IndexOfAny("\"“”„«»") is var found && found < 0 ? text.Length : at + found;
            Add(text[at..open], phrase: false);
            if (open == text.Length || text.AsSpan(open + 1).IndexOfAny("\"“”„«»") is not (>= 0 and var length)) continue;
            Add(text.Substring(open + 1, length), phrase: true);
            open += length + 1;
        }
        var distinct = parts.DistinctBy(p => string.Join(' ', p)).ToList();
        if (distinct.Sum(p => p.Count) > MaxWords) throw Problem.Invalid("q", $"At most {MaxWords} words.");
        return new(distinct);

        void Add(string part, bool phrase)
        {
            string[] words = [.. TextWords.Folded(part)];
            if (phrase && words.Length > 0) parts.Add(words);
            else parts.AddRange(words.Select(w => new[] { w }));
        }
    }
}
