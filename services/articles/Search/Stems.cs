using System.Collections.Immutable;
using Lucene.Net.Analysis.Ar;
using Lucene.Net.Tartarus.Snowball.Ext;
using Platform.Text;

namespace Platform.Articles.Search;

/// <summary>What a word is indexed under.</summary>
/// <param name="Terms">One, or two where a reader could not tell either (للجنة is ل + لجنة or لل + جنة).</param>
/// <param name="Definite">Whether it was written with the article: then what is left is a word, and begins with no clitic.</param>
/// <param name="Bare">The word without article and what stands before it, its ending still there.</param>
public sealed record Stem(ImmutableArray<string> Terms, bool Definite, string Bare);

/// <summary>
/// Light stems of words in comparison form. Arabic: what stands before the word with its article (وال، بال، كال، فال، لل …), then attached pronouns and the
/// endings of Lucene's ArabicStemmer (light10; Larkey, Ballesteros, Connell 2002). Single letters (و ب ل …) stay: whether they are clitics is decided
/// where the vocabulary is known (<see cref="WordForms"/>). English: Porter. Other languages: the word itself.
/// </summary>
public static class Stems
{
    /// <summary>Whose ending is no dual, and stays for their people's names (باكستاني) to meet them.</summary>
    private static readonly HashSet<string> Countries = ["باكستان", "كردستان", "افغانستان", "كازاخستان", "اوزبكستان", "طاجيكستان", "تركمانستان", "قرغيزستان", "داغستان", "بلوشستان", "فلسطين", "ارجنتين"];
    private static readonly ArabicStemmer Endings = new();

    [ThreadStatic]
    private static PorterStemmer? t_porter;

    /// <summary>Whether texts of this language are stemmed; they may hold Arabic and English words alike.</summary>
    public static bool AreFor(string language) => language is "ar" or "en";

    /// <param name="word">In comparison form, not empty.</param>
    /// <param name="language">Of the text that it stands in.</param>
    public static Stem Of(string word, string language) => AreFor(language) ? Make(word) : new([word], false, word);

    public static bool IsArabic(string word) => word[0] is >= '\u0620' and <= '\u06D5';

    private static Stem Make(string word) => IsArabic(word) ? Arabic(word) : new([word.All(char.IsAsciiLetterLower) ? Porter(word) : word], false, word);

    private static Stem Arabic(string word)
    {
        var forms = Clitics.Forms(word);
        var bare = forms[^1];
        var before = word.AsSpan(0, word.Length - bare.Length);
        if (before.EndsWith("لل")) return new([Ending(bare), Ending(forms[^2])], true, bare);
        return before.EndsWith("ال") ? new([Ending(bare)], true, bare) : new([Ending(word)], false, word);
    }

    private static string Ending(ReadOnlySpan<char> word)
    {
        var left = WithoutPronoun(word, out var pronoun);
        // A ة before a pronoun is written ت.
        if (pronoun && left.Length >= 5 && left[^1] == 'ت' && left[^2] != 'ا') left = left[..^1];
        if (Ends(left, "وا", 3)) left = left[..^2];
        else if (Ends(left, "ا", 3)) left = left[..^1];     // كتابًا
        if (Countries.GetAlternateLookup<ReadOnlySpan<char>>().Contains(left)) return left.ToString();
        if (Ends(left, "تان", 4) || Ends(left, "تين", 4)) left = left[..^3];      // مدرستان
        if (left is [_, _, 'ي']) return left.ToString();    // على, منى
        var letters = left.ToArray();
        return new(letters, 0, Endings.StemSuffix(letters, letters.Length));
    }

    private static ReadOnlySpan<char> WithoutPronoun(ReadOnlySpan<char> word, out bool pronoun)
    {
        pronoun = true;
        if (Ends(word, "هما", 3) || Ends(word, "كما", 3)) return word[..^3];
        if (Ends(word, "هم", 4) || Ends(word, "هن", 4) || Ends(word, "كم", 4) || Ends(word, "ها", 3)) return word[..^2];
        if (Ends(word, "نا", 4) && word[^3] is not ('ا' or 'و' or 'ي')) return word[..^2];      // not قانونًا
        if (Ends(word, "ته", 4)) return word[..^1];
        pronoun = false;
        return word;
    }

    /// <param name="left">Letters that must be left.</param>
    private static bool Ends(ReadOnlySpan<char> word, string ending, int left) => word.Length >= ending.Length + left && word.EndsWith(ending);

    private static string Porter(string word)
    {
        var porter = t_porter ??= new PorterStemmer();
        porter.SetCurrent(word);
        porter.Stem();
        return porter.Current;
    }
}
