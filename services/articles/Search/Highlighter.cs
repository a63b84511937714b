using System.Runtime.InteropServices;
using System.Text;

namespace Platform.Articles.Search;

/// <summary>Why an article was found: escaped HTML in which the words that match stand in <c>mark</c>.</summary>
/// <param name="Title">The whole title.</param>
/// <param name="Text">One or two pieces of summary or body, of about 200 characters each, cut at words.</param>
public sealed record Highlight(string Title, string Text);

/// <summary>Marks the words of a text that match, as they are written there, marks and all.</summary>
public sealed class Highlighter
{
    private const int PieceLength = 200, MaxPieces = 2;

    /// <summary>Words that are no farther apart stand in one piece.</summary>
    private const int Together = PieceLength * 3 / 4;

    /// <summary>Of a body, so much is looked at.</summary>
    private const int MaxText = 50_000;

    /// <summary>By term: which searched word has it.</summary>
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly int _words;
    private readonly LetterSieve _sieve;

    public Highlighter(IEnumerable<SearchedWord> words)
    {
        foreach (var word in words)
        {
            foreach (var term in word.Terms) _numbers.TryAdd(term, _words);
            _words++;
        }
        _sieve = new(_numbers.Keys);
    }

    public Highlight Of(ArticleContent content)
    {
        var title = Matches(content.Title, content.Language, int.MaxValue);
        var (text, found) = (content.Text, Matches(content.Text, content.Language, _words));
        if (found.Count == 0 && Matches(content.Summary, content.Language, _words) is { Count: > 0 } inSummary) (text, found) = (content.Summary, inSummary);
        return new(Marked(content.Title, 0, content.Title.Length, title), string.Join(" … ", Pieces(text, found).Select(p => Marked(text, p.Start, p.End, found).Trim())));
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Match(int Start, int End, int Word);

    /// <param name="enough">Where so many searched words stand together, no piece can be better, and what comes behind it is not looked at.</param>
    private List<Match> Matches(string text, string language, int enough)
    {
        var matches = new List<Match>();
        var together = new Dictionary<int, int>();    // where each searched word was seen last
        var reach = new TextReach(MaxText);
        foreach (var word in TextWords.In(text, reach, _sieve))
        {
            var terms = word.Stem(language).Terms;
            for (var i = 0; i < terms.Length; i++)
            {
                if (!_numbers.TryGetValue(terms[i], out var number)) continue;
                if (matches.Count == 0 || matches[^1].Start != word.Start) matches.Add(new(word.Start, word.End, number));
                together[number] = word.Start;
                if (reach.End == MaxText && together.Count >= enough && together.Values.All(start => word.End - start <= Together)) reach.End = Math.Min(MaxText, word.End + PieceLength);
                break;
            }
        }
        return matches;
    }

    /// <summary>The pieces with most of the words in them, in the order of the text; its beginning where nothing matches.</summary>
    private static List<(int Start, int End)> Pieces(string text, List<Match> matches)
    {
        if (matches.Count == 0) return [Around(text, 0, 0)];
        var pieces = new List<(int Start, int End)>();
        var seen = new HashSet<int>();
        while (pieces.Count < MaxPieces)
        {
            var best = (Count: 0, First: 0, Last: 0);
            for (int first = 0, last = 0; first < matches.Count; first++)
            {
                last = Math.Max(last, first);
                while (last + 1 < matches.Count && matches[last + 1].End - matches[first].Start <= Together) last++;
                var count = Enumerable.Range(first, Math.Min(last - first + 1, 64)).Select(i => matches[i].Word).Distinct().Count(w => !seen.Contains(w));
                if (count > best.Count) best = (count, first, last);
            }
            if (best.Count == 0) break;
            for (var i = best.First; i <= best.Last; i++) seen.Add(matches[i].Word);
            pieces.Add(Around(text, matches[best.First].Start, matches[best.Last].End));
        }
        pieces.Sort();
        return pieces is [var one, var two] && two.Start <= one.End ? [(one.Start, two.End)] : pieces;
    }

    /// <summary>A piece of the text about a place, cut between words.</summary>
    private static (int Start, int End) Around(string text, int start, int end)
    {
        var before = Math.Max(0, (PieceLength - (end - start)) / 3);
        var from = Math.Max(0, start - before);
        var to = Math.Min(text.Length, from + Math.Max(PieceLength, end - from));
        if (from > 0)
        {
            while (from < start && !char.IsWhiteSpace(text[from - 1])) from++;
        }
        if (to < text.Length)
        {
            var cut = to;
            while (cut > end && !char.IsWhiteSpace(text[cut])) cut--;
            to = cut > Math.Max(end, from) ? cut : char.IsLowSurrogate(text[to]) ? to - 1 : to;
        }
        return (from, to);
    }

    private static string Marked(string text, int start, int end, List<Match> matches)
    {
        var html = new StringBuilder(end - start + 64);
        var at = start;
        foreach (var match in matches)
        {
            if (match.Start < start || match.End > end) continue;
            Escape(html, text.AsSpan(at, match.Start - at));
            html.Append("<mark>");
            Escape(html, text.AsSpan(match.Start, match.End - match.Start));
            html.Append("</mark>");
            at = match.End;
        }
        Escape(html, text.AsSpan(at, end - at));
        return html.ToString();
    }

    private static void Escape(StringBuilder html, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case '&': html.Append("&amp;"); break;
                case '<': html.Append("&lt;"); break;
                case '>': html.Append("&gt;"); break;
                case '"': html.Append("&quot;"); break;
                case '\'': html.Append("&#39;"); break;
                case '\n' or '\r': html.Append(' '); break;
                default: html.Append(c); break;
            }
        }
    }
}
