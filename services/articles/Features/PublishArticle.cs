using System.Globalization;
using System.Text.RegularExpressions;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>An editor makes an article public, now or at a given time.</summary>
public static partial class PublishArticle
{
    /// <param name="At">When it becomes public: ISO 8601 with offset, at most 2 years ahead; absent means now.</param>
    public sealed record PublishArticleRequest(string? At = null);

    /// <summary>Publishes, or schedules where <c>at</c> lies ahead; what is scheduled already is published now or at another time.</summary>
    /// <returns>200 with the article; 400 <c>at</c> is no time; 404; 412 stale;
    /// 422 <c>article.wrongStatus</c>, <c>article.publishTimeInPast</c>, <c>article.publishTimeTooFar</c>, <c>article.publishTimeWithoutOffset</c>.</returns>
    public static async Task<Versioned<ArticleView>> Handle(Guid id, PublishArticleRequest? request, IfMatch expected, ArticleChanges changes, CurrentUser user, TimeProvider clock, CancellationToken ct)
    {
        var article = await changes.Open(id, request?.At is null ? ArticleAction.Publish : ArticleAction.Schedule, expected, user, ct);
        return await changes.Show(await changes.Save(article, article.Publish(Time(request?.At), user, clock.Now()), ct), ct);
    }

    private static DateTimeOffset? Time(string? text)
    {
        if (text is null) return null;
        if (!IsoTime().IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            throw Problem.Invalid("at", "A time such as 2025-03-01T08:00:00+03:00.");
        if (text[^1] is not ('Z' or 'z') && text[^6] is not ('+' or '-')) throw Problem.Rule("article.publishTimeWithoutOffset", "Say the offset from UTC too: Z, or such as +03:00.");
        return time;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,7})?)?([Zz]|[+-]\d\d:\d\d)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IsoTime();
}
