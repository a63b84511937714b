using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Comments.Moderation.Rules;

/// <summary>Links are what most spam is for.</summary>
public static partial class TooManyLinks
{
    public static Verdict Judge(Submission s)
    {
        var links = Link().Count(s.Comment.Name) + Link().Count(s.Comment.Body);
        return links > s.Settings.MaxLinks ? Verdict.Held(links.ToString(CultureInfo.InvariantCulture)) : Verdict.Pass;
    }

    /// <summary>With a scheme, with www, or a bare name under one of the endings that spam uses. Takes time in proportion to the text: of what might become a name ("a.a.a.a…") nothing is tried twice.</summary>
    [GeneratedRegex(@"(?:https?://|\bwww\.)[^\s<>""]+|\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|net|org|info|biz|io|me|co|ru|cn|xyz|top|site|online|shop|store|club|link|click|live|vip)\b(?:/[^\s<>""]*)?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
