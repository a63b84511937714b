using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>A writer edits an own draft; an editor edits any article that is not withdrawn.</summary>
public static class EditArticle
{
    /// <summary>Replaces the content. Where that changes nothing, the version stays.</summary>
    /// <returns>200 with the article; 400; 403 not the caller's to edit; 404; 409 <c>article.slugTaken</c>; 412 stale; 422 as for a new one, and <c>article.wrongStatus</c>.</returns>
    public static async Task<Versioned<ArticleView>> Handle(Guid id, ArticleInput request, IfMatch expected, ArticleIntake intake, ArticleStore store, ArticleChanges changes,
        CurrentUser user, TimeProvider clock, CancellationToken ct)
    {
        var article = await changes.Open(id, ArticleAction.Edit, expected, user, ct);
        var (content, given) = await intake.Check(request, ct);
        var original = await Translations.Original(request, content, id, store, user, ct);
        var now = clock.Now();
        var saved = await changes.Save(article, article.SlugFor(given, content), slug => article.Edit(content, slug, user, now), ct);
        if (original is not null) saved = await store.Link(saved, original, ct);
        return await changes.Show(saved, ct);
    }
}
