using System.Globalization;
using System.Text.Json;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>An editor takes an article away: from readers for ever, or altogether where none has seen it.</summary>
public static class WithdrawArticle
{
    /// <param name="Reason">For the newsroom; at most 1,000 characters.</param>
    public sealed record WithdrawArticleRequest(string? Reason = null);

    /// <summary>published → withdrawn. Readers get 410 from then on.</summary>
    /// <returns>200 with the article; 400 no reason; 404; 412 stale; 422 <c>article.wrongStatus</c>.</returns>
    public static async Task<Versioned<ArticleView>> Handle(Guid id, WithdrawArticleRequest request, IfMatch expected, ArticleChanges changes, CurrentUser user, TimeProvider clock, CancellationToken ct)
    {
        var article = await changes.Open(id, ArticleAction.Withdraw, expected, user, ct);
        var errors = new FieldErrors();
        var reason = errors.Text(request.Reason, 1000);
        errors.ThrowIfAny();
        return await changes.Show(await changes.Save(article, article.Withdraw(reason, user, clock.Now()), ct), ct);
    }

    /// <summary>Deletes an article that was never published, with its revisions; its slug is free again. The log keeps who did it.</summary>
    /// <returns>204; 404; 412 stale; 422 <c>article.wrongStatus</c>.</returns>
    public static async Task<IResult> Delete(Guid id, IfMatch expected, ArticleChanges changes, Audit audit, CurrentUser user, CancellationToken ct)
    {
        var article = await changes.Open(id, ArticleAction.Delete, expected, user, ct);
        Workflow.Demand(article, ArticleAction.Delete, user);
        await audit.Around(user, "deleted", new AuditSubject("article", id.ToString(), article.Content.Title), Details(article), () => changes.Delete(article, ct), ct);
        return TypedResults.NoContent();
    }

    private static Dictionary<string, string> Details(Article article) => new()
    {
        ["version"] = article.Version.ToString(CultureInfo.InvariantCulture),
        ["status"] = JsonNamingPolicy.CamelCase.ConvertName(article.Status.ToString()),
        ["slug"] = article.Slug,
        ["createdBy"] = article.CreatedBy.ToString(),
    };
}
