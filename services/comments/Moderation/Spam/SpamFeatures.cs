using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Comments.Moderation.Spam;

/// <summary>What the filter looks at: words, pairs of words, words of the name, hosts of links, and how the text is made. As numbers below <see cref="SpamModel.Buckets"/>; nothing of an address.</summary>
public static partial class SpamFeatures
{
    /// <summary>A longer text says no more.</summary>
    private const int Most = 500;

    /// <returns>Each once.</returns>
    public static IReadOnlyList<int> Of(string name, string body) => Of(new FoldedWords(name, body), body);

    /// <param name="words">Of name and body.</param>
    public static IReadOnlyList<int> Of(FoldedWords words, string body)
    {
        var features = new HashSet<int>();
        string? before = null;
        var isName = true;
        foreach (var word in words.Words)
        {
            if (features.Count >= Most) break;
            if (word.Folded.Count == 0)
            {
                (before, isName) = (null, false);
                continue;
            }
            var bare = word.Folded[^1];
            features.Add(Bucket(isName ? "name:" : "word:", bare));
            if (before is not null) features.Add(Bucket("pair:", before + " " + bare));
            before = isName ? null : bare;
        }
        if (words.Joined.Count > 0) features.Add(Bucket("is:", "in pieces"));
        var links = 0;
        foreach (var link in Host().EnumerateMatches(body))
        {
            if (++links > 20) break;
            features.Add(Bucket("host:", body.AsSpan(link.Index, link.Length).ToString().ToLowerInvariant()));
        }
        features.Add(Bucket("links:", Number(Math.Min(links, 4))));
        int letters = 0, latin = 0, signs = 0;
        foreach (var rune in body.EnumerateRunes())
        {
            if (Rune.IsLetter(rune)) letters++;
            if (rune.IsAscii && Rune.IsLetter(rune)) latin++;
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol) signs++;
        }
        features.Add(Bucket("latin:", Number(letters == 0 ? 5 : latin * 4 / letters)));
        features.Add(Bucket("signs:", Number(Math.Min(signs, 5))));
        features.Add(Bucket("length:", Number(body.Length == 0 ? 0 : (int)Math.Log2(body.Length))));
        if (Telephone().IsMatch(body)) features.Add(Bucket("is:", "telephone"));
        return [.. features];
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>FNV-1a (32 bits) of the UTF-16 code units: the same in every process and for ever, since counts are stored under it.</summary>
    private static int Bucket(string kind, string text)
    {
        var hash = 2166136261u;
        foreach (var c in kind) hash = (hash ^ c) * 16777619;
        foreach (var c in text) hash = (hash ^ c) * 16777619;
        return (int)((hash ^ (hash >> 15)) & (SpamModel.Buckets - 1));
    }

    [GeneratedRegex(@"(?<=https?://(?:www\.)?|\bwww\.)[^\s/:<>""?#]{1,100}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Host();

    [GeneratedRegex(@"(?:\d[\s\-.()]?){8,15}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Telephone();
}
