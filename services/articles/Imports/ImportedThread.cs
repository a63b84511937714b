using Platform.Articles.Imports.WordPress;
using Platform.Articles.Imports.Wxr;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>
/// One article's comments as they are handed over: each with all that stand over it, so that they can be taken in any order. Spam, trash and pings are left out;
/// who answered one of those answers what that one answered. Pure, but for what it remembers: some hundred bytes for each comment of the article.
/// </summary>
/// <param name="language">For the name of who gave none.</param>
internal sealed class ImportedThread(string language)
{
    /// <summary>Comments has threads so deep; what lies deeper answers the deepest that may be answered.</summary>
    public const int MaxDepth = 32;

    private const int MaxName = 80, MaxBody = 5000, MaxEarly = 5_000;

    /// <summary>Ancestors of each comment, itself last; of one that was left out, those over it.</summary>
    private readonly Dictionary<string, string[]> _paths = [];

    public IEnumerable<ImportedComment> InOrder(IEnumerable<WxrComment> comments)
    {
        // Answers that stand before what they answer, as no export of WordPress's own has them. They wait to the end, if there are not too many.
        var early = new List<WxrComment>();
        foreach (var comment in comments)
        {
            if (!IsTop(comment) && !_paths.ContainsKey(comment.Parent) && early.Count < MaxEarly) early.Add(comment);
            else if (Take(comment) is { } taken) yield return taken;
        }
        // Round by round, a generation each; what answers nothing that is there comes to the top.
        while (early.Count > 0)
        {
            var next = early.Where(c => _paths.ContainsKey(c.Parent)).ToList();
            if (next.Count == 0) next = [early[0]];
            foreach (var comment in next)
                if (Take(comment) is { } taken) yield return taken;
            early = [.. early.Except(next)];
        }
    }

    private ImportedComment? Take(WxrComment comment)
    {
        string[] over = !IsTop(comment) && _paths.TryGetValue(comment.Parent, out var path) ? path : [];
        if (over.Length >= MaxDepth) over = over[..(MaxDepth - 1)];
        var body = WordPressText.Cut(WordPressText.Lines(comment.Content), MaxBody);
        if (comment.Id.Length is 0 or > 40 || comment.Type is not ("" or "comment") || comment.Approved is not ("1" or "0" or "") || body.Length == 0 || TimeOf(comment) is not { } at)
        {
            _paths.TryAdd(comment.Id, over);
            return null;
        }
        if (!_paths.TryAdd(comment.Id, [.. over, comment.Id])) return null;   // its id was there already
        var name = WordPressText.Cut(WordPressText.Line(comment.Author), MaxName);
        return new ImportedComment
        {
            ExternalId = comment.Id,
            Ancestors = over,
            Name = name.Length > 0 ? name : language == "ar" ? "زائر" : "Guest",
            Email = EmailAddress.IsValid(comment.Email) ? comment.Email : null,
            Body = body,
            At = at,
            Approved = comment.Approved == "1",
        };
    }

    private static bool IsTop(WxrComment comment) => comment.Parent is "" or "0";

    private static DateTimeOffset? TimeOf(WxrComment comment)
    {
        try { return WordPressText.Time(comment.DateGmt) ?? WordPressText.Time(comment.Date); }
        catch (WxrException) { return null; }
    }
}
