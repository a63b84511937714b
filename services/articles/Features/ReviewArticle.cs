using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>A writer hands an article to the editors; an editor hands it back.</summary>
public static class ReviewArticle
{
    /// <param name="Reason">For its writer; at most 1,000 characters.</param>
    public sealed record ReturnArticleRequest(string? Reason = null);

    /// <summary>draft → inReview.</summary>
    /// <returns>200 with the article; 403 not the caller's; 404; 412 stale; 422 <c>article.wrongStatus</c>.</returns>
    public static async Task<Versioned<ArticleView>> Submit(Guid id, IfMatch expected, ArticleChanges changes, CurrentUser user, TimeProvider clock, CancellationToken ct)
    {
        var article = await changes.Open(id, ArticleAction.Submit, expected, user, ct);
        return await changes.Show(await changes.Save(article, article.Submit(user, clock.Now()), ct), ct);
    }

    /// <summary>inReview or scheduled → draft. If-Match is honoured where it is sent.</summary>
    /// <returns>200 with the article; 404; 412 stale; 422 <c>article.wrongStatus</c>.</returns>
    public static async Task<Versioned<ArticleView>> Return(Guid id, ReturnArticleRequest? request, HttpContext http, ArticleChanges changes, CurrentUser user, TimeProvider clock, CancellationToken ct)
    {
        var article = await changes.Open(id, ArticleAction.Return, IfMatch.Optional(http), user, ct);
        var errors = new FieldErrors();
        var reason = errors.OptionalText(request?.Reason, 1000, "reason");
        errors.ThrowIfAny();
        return await changes.Show(await changes.Save(article, article.Return(reason, user, clock.Now()), ct), ct);
    }
}
