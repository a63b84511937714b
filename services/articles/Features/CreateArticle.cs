using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>A writer starts an article.</summary>
public static class CreateArticle
{
    /// <summary>Makes a draft.</summary>
    /// <returns>201 with the article, Location and ETag; 400 with every wrong field; 409 <c>article.slugTaken</c> for a given slug;
    /// 422 <c>article.unknownLanguage</c>, <c>article.unknownCategory</c>, <c>article.unknownAuthor</c>, <c>article.unknownMedia</c>, <c>article.unknownOriginal</c>.</returns>
    public static async Task<Versioned<ArticleView>> Handle(ArticleInput request, NewId id, ArticleIntake intake, ArticleStore store, ArticleViews views, PlatformSettings settings,
        CurrentUser user, TimeProvider clock, CancellationToken ct)
    {
        var (content, slug) = await intake.Check(request, ct);
        var original = await Translations.Original(request, content, store, user, ct);
        var made = slug ?? Text.Slug.From(content.Title);
        // A title without a single letter: the last digits of the id are as good a name as any.
        if (made.Length == 0) made = id.Value.ToString("N")[^12..];
        var article = await store.Insert(Article.Draft(id.Value, content, made, user, clock.Now()), given: slug is not null, ct);
        if (original is not null) article = await Translations.Link(article, original, store, ct);
        var view = await views.Of(article, ct);
        return new Versioned<ArticleView>(view, view.Version, StatusCodes.Status201Created, settings.Public($"/api/articles/{view.Id}"));
    }
}

/// <summary>Which articles are one in several languages. That is no change of content: it raises no version.</summary>
internal static class Translations
{
    /// <returns>The article that <see cref="ArticleInput.TranslationOf"/> names, or null.</returns>
    /// <exception cref="Problem">422 <c>article.unknownOriginal</c>, <c>article.sameLanguage</c>.</exception>
    public static async Task<Article?> Original(ArticleInput request, ArticleContent content, ArticleStore store, CurrentUser user, CancellationToken ct)
    {
        if (request.TranslationOf is not { } id) return null;
        Article original;
        try { original = await store.Get(id, user, ct); }
        catch (Problem e) when (e.Status is 404 or 410) { throw Problem.Rule("article.unknownOriginal", "There is no such article to translate."); }
        return original.Content.Language != content.Language ? original : throw Problem.Rule("article.sameLanguage", "A translation is in another language than its original.");
    }

    public static async Task<Article> Link(Article article, Article original, ArticleStore store, CancellationToken ct)
    {
        await store.Link(article.Id, original, ct);
        return article with { TranslationGroup = original.TranslationGroup ?? original.Id };
    }
}
