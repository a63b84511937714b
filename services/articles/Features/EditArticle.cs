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
        var article = await store.Get(id, user, ct);
        article.MustBeEditableBy(user);
        expected.Check(article.Version, "article");
        var (content, given) = await intake.Check(request, ct);
        var original = await Translations.Original(request, content, store, user, ct);
        var now = clock.Now();
        var saved = await changes.Save(article, article.SlugFor(given, content), slug => article.Edit(content, slug, user, now), ct);
        if (original is not null && original.Id != id) saved = await Translations.Link(saved, original, store, ct);
        return await changes.Show(saved, ct);
    }
}

/// <summary>What all changes of an article have in common: the messages that follow from it, one write, and the answer.</summary>
public sealed class ArticleChanges(ArticleStore store, CategoryStore categories, ArticleViews views, PlatformSettings settings)
{
    /// <returns>What was saved.</returns>
    /// <exception cref="Problem">412: somebody else changed the article meanwhile.</exception>
    public async Task<Article> Save(Article before, Article after, CancellationToken ct) =>
        await store.Save(before, after, ArticleMessages.Between(before, after, await categories.Read(ct), settings), ct);

    /// <summary>As the other, with a slug to take; see <see cref="Article.SlugFor"/>.</summary>
    /// <exception cref="Problem">409 <c>article.slugTaken</c> for a given slug.</exception>
    public async Task<Article> Save(Article before, (string Slug, bool Given)? slug, Func<string?, Article> change, CancellationToken ct)
    {
        if (slug is not (var wanted, false)) return await Save(before, change(slug?.Slug), ct);
        var tree = await categories.Read(ct);
        return await store.SaveNumbered(before, wanted, free =>
        {
            var after = change(free);
            return (after, ArticleMessages.Between(before, after, tree, settings));
        }, ct);
    }

    public async Task<Versioned<ArticleView>> Show(Article article, CancellationToken ct)
    {
        var view = await views.Of(article, ct);
        return new Versioned<ArticleView>(view, view.Version);
    }
}
