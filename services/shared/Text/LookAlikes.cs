using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Platform.Text;

/// <summary>
/// Letters that look like others, after UTS #39 (Unicode Security Mechanisms, 4: confusables): what a reader takes for the same name or word has the same skeleton.
/// Chosen by hand from its table: what stands in for Latin and Arabic letters; compatibility forms (fullwidth, mathematical, presentation) go by NFKD beforehand.
/// Skeletons are compared and never shown.
/// </summary>
public static class LookAlikes
{
    /// <summary>Each line: the letter, and what is taken for it.</summary>
    private static readonly FrozenDictionary<char, char> Plain = Read("""
        a аАαΑɑ⍺ᴀ
        b вВβΒьЬʙƄ
        c сСϲϹᴄ
        d ԁԀᴅ
        e еЕΕҽᴇ℮єЄ
        f ƒϝ
        g ɡցɢ
        h һҺհнНΗʜ
        i іІιΙıɩӀӏɪӏ
        j јЈϳʝ
        k кКκΚҝᴋ
        l ǀƖʟןו
        m мМΜᴍʍ
        n пηոΝɴ
        o оОοΟσօՕᴏס
        p рРρΡᴘ
        q ԛգզ
        r гᴦʀ
        s ѕЅꜱʂ
        t тТΤτᴛ
        u υսʋᴜиц
        v νѵѴᴠט
        w ԝԜѡωաᴡш
        x хХχΧ
        y уУγΥүҮყʏ
        z ᴢΖζ
        ا ٲٳ
        ب پٻٮڀڀ
        ت ٺټٹٽٿ
        ج چڃڄڇ
        ح ځ
        خ څ
        د ډڈڊڋڍ
        ذ ڌڎ
        ر ڑړڔڕږڗ
        ز ژڙ
        س ښڛڜ
        ص ڝ
        ض ڞ
        ظ ڟ
        غ ڠ
        ف ڤڡڢڣڥ
        ق ٯڧڨ
        ك ڪګڬڭڮگڰڱڲڳڴ
        ل ڵڶڷڸ
        ن ںڹڻڼڽ
        ه ہەھۃۿ
        و ۆۇۈۋۅۄۊۉۏ
        ي ۍېےؠێ
        """);

    /// <summary>In a word of Latin letters, digits and signs that stand for letters; i, l and 1 are one.</summary>
    private static readonly FrozenDictionary<char, char> InLatin = Read("""
        a 4@
        b 8
        e 3€
        g 9
        l 1i!|
        o 0
        s 5$
        t 7
        """);

    /// <summary>In a word of Arabic letters, Latin letters and digits by their looks.</summary>
    private static readonly FrozenDictionary<char, char> InArabic = Read("""
        ا 1li!|
        ه 05o
        ع 34
        و 9
        ح 7
        """);

    /// <summary>In a word of Arabic letters, digits as chats use them for sounds.</summary>
    private static readonly FrozenDictionary<char, char> AsSounds = Read("""
        ا 1li!|2
        ه 0o
        ع 3
        خ 5
        ط 6
        ح 7
        ق 8
        ص 9
        """);

    /// <summary>The skeleton of a name: one string for all that looks alike. Letters and digits alone, without spaces and without regard to case.</summary>
    public static string OfName(string name)
    {
        // Capitals look like other letters than small ones: so letters are replaced before and after the case is folded.
        var skeleton = new StringBuilder();
        foreach (var c in Normaliser.Fold(Replace(Normaliser.Nfc(name).Normalize(NormalizationForm.FormKD), Plain)))
        {
            var letter = Plain.GetValueOrDefault(c, c);
            letter = letter switch { '0' => 'o', '1' or 'l' or '|' => 'i', '5' => 's', _ => letter };
            if (char.IsLetterOrDigit(letter) || char.IsSurrogate(letter)) skeleton.Append(letter);
        }
        return skeleton.ToString();
    }

    /// <summary>Whether letters of scripts that are never written together stand in one word: Latin, Greek, Cyrillic, Armenian, Hebrew and Arabic.</summary>
    public static bool MixesScripts(string text)
    {
        var script = Script.None;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune))
            {
                if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)) script = Script.None;
                continue;
            }
            var own = ScriptOf(rune.Value);
            if (own == Script.None) continue;
            if (script != Script.None && script != own) return true;
            script = own;
        }
        return false;
    }

    /// <summary>
    /// What a disguised word in comparison form (see <see cref="Normaliser.Fold"/>) may stand for: its look-alike letters replaced, and signs and digits among its letters read
    /// as letters. None where nothing about the word is disguised. At most 5.
    /// </summary>
    public static IReadOnlyList<string> Readings(string word)
    {
        bool latin = false, arabic = false, other = false, sign = false;
        foreach (var c in word)
        {
            if (char.IsAsciiLetter(c)) latin = true;
            else if (c is >= 'ء' and <= 'ي') arabic = true;
            else if (!char.IsLetter(c)) sign = true;
            else if (Plain.TryGetValue(c, out var plain))
            {
                other = true;
                if (char.IsAsciiLetter(plain)) latin = true;
                else arabic = true;
            }
        }
        if (!(latin || arabic) || !(other || sign || (latin && arabic))) return [];
        var bare = Replace(word, Plain);
        var trimmed = sign ? bare.Trim(Signs) : bare;
        var readings = new List<string>(4) { trimmed };
        if (arabic)
        {
            readings.Add(Replace(trimmed, InArabic));
            if (sign)
            {
                readings.Add(Replace(bare, InArabic));
                readings.Add(Replace(trimmed, AsSounds));
                readings.Add(Replace(bare, AsSounds));
            }
        }
        else if (sign)
        {
            readings.Add(Replace(trimmed, InLatin));
            readings.Add(Replace(bare, InLatin));
        }
        return [.. readings.Where(r => r.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The form in which a word of a list is compared with <see cref="Readings"/>: look-alikes replaced, and of Latin words i, l and 1 one letter.</summary>
    public static string Skeleton(string word)
    {
        var plain = Replace(word, Plain);
        return plain.AsSpan().IndexOfAnyInRange('ء', 'ي') < 0 ? Replace(plain, InLatin) : plain;
    }

    private static readonly char[] Signs = [.. "0123456789@$!|€"];

    private static string Replace(string text, FrozenDictionary<char, char> letters) => string.Create(text.Length, (text, letters), static (span, of) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = of.letters.GetValueOrDefault(of.text[i], of.text[i]);
    });

    private static FrozenDictionary<char, char> Read(string table) =>
        table.Split('\n', StringSplitOptions.TrimEntries).SelectMany(line => line[2..].Distinct().Select(c => (From: c, To: line[0]))).ToFrozenDictionary(p => p.From, p => p.To);

    private enum Script { None, Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic }

    private static Script ScriptOf(int letter) => letter switch
    {
        < 0x41 => Script.None,
        <= 0x24F or (>= 0x1E00 and <= 0x1EFF) or (>= 0xFF21 and <= 0xFF5A) => letter is 0xAA or 0xB5 or 0xBA ? Script.None : Script.Latin,
        (>= 0x370 and <= 0x3FF) or (>= 0x1F00 and <= 0x1FFF) => Script.Greek,
        >= 0x400 and <= 0x52F => Script.Cyrillic,
        >= 0x531 and <= 0x58F => Script.Armenian,
        >= 0x591 and <= 0x5F4 => Script.Hebrew,
        (>= 0x600 and <= 0x6FF) or (>= 0x750 and <= 0x77F) or (>= 0x8A0 and <= 0x8FF) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC) => Script.Arabic,
        _ => Script.None,
    };
}
