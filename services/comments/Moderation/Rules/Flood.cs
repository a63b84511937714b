using System.Globalization;
using System.Text;

namespace Platform.Comments.Moderation.Rules;

/// <summary>Text that takes the page from its readers: marks piled up, one letter without end, empty lines, one word again and again.</summary>
public static class Flood
{
    /// <summary>Marks on one letter: vocalised Arabic has two, three in the Quran; Vietnamese two.</summary>
    private const int MostMarks = 4;

    /// <summary>The same character in a row; laughter is longer than anger.</summary>
    private const int LongestRun = 25;

    /// <summary>Lines of a poem or a list; and how many of them are almost empty.</summary>
    private const int MostLines = 60, MostShortLines = 30, ShortLine = 3;

    /// <summary>How often one word may stand, where it is half of all.</summary>
    private const int MostRepeats = 15;

    public static Verdict Judge(Submission s)
    {
        var (marks, run) = Runs(s.Comment.Body);
        marks = Math.Max(marks, Runs(s.Comment.Name).Marks);
        if (marks > MostMarks) return Held(marks, "marks on one letter");
        if (run > LongestRun) return Held(run, "times the same sign in a row");
        int lines = 1, shortLines = 0, at = 0;
        foreach (var c in s.Comment.Body)
        {
            if (c != '\n') { at++; continue; }
            lines++;
            if (at < ShortLine) shortLines++;
            at = 0;
        }
        if (lines > MostLines || shortLines > MostShortLines) return Held(lines, "lines");
        var words = s.Words.Words.Where(w => w.Folded.Count > 0).Select(w => w.Folded[0]).ToArray();
        var often = words.Length <= MostRepeats ? 0 : words.CountBy(w => w).Max(w => w.Value);
        return often > MostRepeats && often * 2 > words.Length ? Held(often, "times the same word") : Verdict.Pass;
    }

    private static (int Marks, int Run) Runs(string text)
    {
        int marks = 0, mostMarks = 0, run = 0, longest = 0, before = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
            marks = isMark ? marks + 1 : 0;
            mostMarks = Math.Max(mostMarks, marks);
            run = rune.Value == before && !Rune.IsWhiteSpace(rune) ? run + 1 : 1;
            longest = Math.Max(longest, run);
            before = rune.Value;
        }
        return (mostMarks, longest);
    }

    private static Verdict Held(int number, string what) => Verdict.Held(number.ToString(CultureInfo.InvariantCulture) + " " + what);
}
