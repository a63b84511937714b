using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>An editor brings back what an article was before.</summary>
public static class RestoreRevision
{
    /// <summary>
    /// Makes a new version with the content of an earlier one. Status, corrections and what was published stay; readers of a published article see it as an edit.
    /// Its slug is what an edit to that content makes of it. Categories, authors and pictures that exist no more are left out.
    /// </summary>
    /// <returns>200 with the article; 404 <c>article.notFound</c>, <c>revision.notFound</c>; 412 stale; 422 <c>article.wrongStatus</c>, <c>article.unknownLanguage</c>.</returns>
    public static async Task<Versioned<ArticleView>> Handle(Guid id, long version, IfMatch expected, ArticleChanges changes, RevisionStore revisions, ArticleIntake intake, CurrentUser user, TimeProvider clock, CancellationToken ct)
    {
        var article = await changes.Open(id, ArticleAction.Restore, expected, user, ct);
        var content = await intake.Existing((await ReadRevisions.Version(article, version, revisions, ct)).Content, ct);
        var now = clock.Now();
        return await changes.Show(await changes.Save(article, article.SlugFor(null, content), slug => article.Restore(version, content, slug, user, now), ct), ct);
    }
}
