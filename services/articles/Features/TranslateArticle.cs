using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>
/// An article and its translations are one group, and see one another as far as they are published. To link one is to name any of the group as
/// <c>translationOf</c>: it leaves the group that it was in, whose others stay together. No change of content: it raises no version.
/// </summary>
public static class Translations
{
    /// <returns>The article that <see cref="ArticleInput.TranslationOf"/> names, or null.</returns>
    /// <param name="id">The translation's own id.</param>
    /// <exception cref="Problem">422 <c>article.translationOfItself</c>, <c>article.unknownOriginal</c>, <c>article.sameLanguage</c>.</exception>
    internal static async Task<Article?> Original(ArticleInput request, ArticleContent content, Guid id, ArticleStore store, CurrentUser user, CancellationToken ct)
    {
        if (request.TranslationOf is not { } of) return null;
        if (of == id) throw Problem.Rule("article.translationOfItself", "An article is no translation of itself.");
        Article? original = null;
        try { original = await store.Get(of, user, ct); }
        catch (Problem e) when (e.Status is 404 or 410) { }
        if (original is null or { Status: ArticleStatus.Withdrawn }) throw Problem.Rule("article.unknownOriginal", "There is no such article to translate.");
        return original.Content.Language != content.Language ? original : throw Problem.Rule("article.sameLanguage", "A translation is in another language than its original.");
    }

    /// <summary>Takes an article out of its translations; those stay linked with each other. If-Match is honoured where it is sent.</summary>
    /// <returns>204, also where it has none; 403 not the caller's to edit; 404; 412 stale; 422 <c>article.wrongStatus</c>.</returns>
    public static async Task<IResult> Unlink(Guid id, HttpContext http, ArticleStore store, ArticleChanges changes, CurrentUser user, CancellationToken ct)
    {
        var article = await changes.Open(id, ArticleAction.Edit, IfMatch.Optional(http), user, ct);
        Workflow.Demand(article, ArticleAction.Edit, user);
        await store.Unlink(article, ct);
        return TypedResults.NoContent();
    }
}
