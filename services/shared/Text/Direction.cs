namespace Platform.Text;

/// <summary>Which way a language is written.</summary>
public enum Direction
{
    Ltr,
    Rtl,
}

public static class Directions
{
    /// <summary>Languages whose usual script runs from right to left (CLDR; ISO 639 codes).</summary>
    private static readonly HashSet<string> RightToLeft =
        ["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", "azb", "arc", "syr", "nqo", "pnb", "lrc", "mzn", "glk", "bal", "prs", "ks"];

    /// <param name="language">BCP 47, such as <c>ar</c> or <c>ar-IQ</c>.</param>
    public static Direction Of(string language)
    {
        var hyphen = language.IndexOf('-', StringComparison.Ordinal);
        return RightToLeft.Contains(hyphen < 0 ? language : language[..hyphen]) ? Direction.Rtl : Direction.Ltr;
    }
}
