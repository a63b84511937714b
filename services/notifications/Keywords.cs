using System.Text;
using Platform.Text;

namespace Platform.Notifications;

/// <summary>
/// Which of many phrases stand in a text: the text's runs of words are looked up among the phrases (percolation), so that the work grows with the text, and
/// not with how many phrases there are. Words are compared without harakat, spelling variants, particles and the article (<see cref="Clitics.Strip"/>).
/// </summary>
public sealed class Keywords
{
    /// <summary>A phrase has at most so many words.</summary>
    public const int MaxWords = 8;

    private const char Border = '\n';
    private readonly HashSet<string> _phrases = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly int[] _lengths = new int[MaxWords + 1];

    public Keywords() => _lookup = _phrases.GetAlternateLookup<ReadOnlySpan<char>>();

    public int Count => _phrases.Count;

    /// <summary>The comparison form of a phrase: its words without particles, single spaces between. Empty where it has no letter or digit.</summary>
    public static string Normal(string phrase) => string.Join(' ', Normaliser.Words(phrase).Select(Clitics.Strip));

    /// <param name="phrase">In comparison form.</param>
    public void Add(string phrase)
    {
        var words = phrase.AsSpan().Count(' ') + 1;
        if (phrase.Length > 0 && words <= MaxWords && _phrases.Add(phrase)) _lengths[words]++;
    }

    /// <summary>The phrases that stand in one of the texts, each once.</summary>
    public IReadOnlyCollection<string> In(params IEnumerable<string?> texts)
    {
        if (_phrases.Count == 0) return [];
        // All words in a row, with a border between the texts that no phrase crosses; each run of words is then a piece of this.
        var row = new StringBuilder();
        var starts = new List<int>();
        foreach (var text in texts)
        {
            foreach (var word in Normaliser.Words(text ?? ""))
            {
                starts.Add(row.Length);
                row.Append(Clitics.Strip(word)).Append(' ');
            }
            row.Append(Border);
        }
        var all = row.ToString().AsSpan();
        var found = new HashSet<string>(StringComparer.Ordinal);
        for (var words = 1; words <= MaxWords; words++)
        {
            if (_lengths[words] == 0) continue;
            for (var i = 0; i + words <= starts.Count; i++)
            {
                var end = i + words < starts.Count ? starts[i + words] : all.Length;
                var run = all[starts[i]..end].TrimEnd([' ', Border]);
                if (_lookup.TryGetValue(run, out var phrase)) found.Add(phrase);   // a run over a border holds it, and so is no phrase
            }
        }
        return found;
    }
}
