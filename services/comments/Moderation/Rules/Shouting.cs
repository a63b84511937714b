using System.Globalization;

namespace Platform.Comments.Moderation.Rules;

/// <summary>Capitals all through, or a wall of exclamation marks. Arabic has no capitals, and is not shouted so.</summary>
public static class Shouting
{
    /// <summary>Fewer capital letters are names, initials and abbreviations.</summary>
    private const int FewestCapitals = 20;

    /// <summary>So many marks in a row.</summary>
    private const int MostMarks = 10;

    public static Verdict Judge(Submission s)
    {
        int capitals = 0, cased = 0, marks = 0, most = 0;
        foreach (var c in s.Comment.Body)
        {
            if (char.IsUpper(c)) capitals++;
            if (char.IsUpper(c) || char.IsLower(c)) cased++;
            marks = c is '!' or '?' or '؟' or '！' or '？' or '‼' or '⁉' ? marks + 1 : 0;
            most = Math.Max(most, marks);
        }
        if (capitals >= FewestCapitals && capitals * 10 >= cased * 8) return Verdict.Held("capitals");
        return most > MostMarks ? Verdict.Held(most.ToString(CultureInfo.InvariantCulture) + " marks in a row") : Verdict.Pass;
    }
}
