using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>A writer starts an article.</summary>
public static class CreateArticle
{
    /// <summary>Makes a draft.</summary>
    /// <returns>201 with the article, Location and ETag; 400 with every wrong field; 409 <c>article.slugTaken</c> for a given slug;
    /// 422 <c>article.unknownLanguage</c>, <c>article.unknownCategory</c>, <c>article.unknownAuthor</c>, <c>article.unknownMedia</c>, <c>article.unknownOriginal</c>, <c>article.sameLanguage</c>.</returns>
    public static async Task<Versioned<ArticleView>> Handle(ArticleInput request, NewId id, ArticleIntake intake, ArticleStore store, ArticleViews views, PlatformSettings settings,
        CurrentUser user, TimeProvider clock, CancellationToken ct)
    {
        var (content, slug) = await intake.Check(request, ct);
        var original = await Translations.Original(request, content, id.Value, store, user, ct);
        var made = slug ?? Text.Slug.From(content.Title);
        // A title without a single letter: the last digits of the id are as good a name as any.
        if (made.Length == 0) made = id.Value.ToString("N")[^12..];
        var article = await store.Insert(Article.Draft(id.Value, content, made, user, clock.Now()), given: slug is not null, ct);
        if (original is not null) article = await store.Link(article, original, ct);
        var view = await views.Of(article, ct);
        return new Versioned<ArticleView>(view, view.Version, StatusCodes.Status201Created, settings.Public($"/api/articles/{view.Id}"));
    }
}
