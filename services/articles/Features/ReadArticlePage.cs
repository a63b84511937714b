using Platform.Articles.Media;
using Platform.Articles.Search;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>
/// What Web shows on the page of an article, in one answer instead of four: each article, list and name is read once, and related articles come without their texts.
/// Not for clients; the gateway has no route to it.
/// </summary>
public static class ReadArticlePage
{
    private const int Related = 6, MaxCategories = 100;

    /// <param name="Related">Nearest first, as <c>GET /api/articles/{id}/related</c> has them; <c>body</c> and <c>text</c> are empty.</param>
    /// <param name="Categories">The first hundred, by position.</param>
    /// <param name="LeadPicture">The lead image's proportions; null without one.</param>
    public sealed record ArticlePageView(ArticleView Article, IReadOnlyList<ArticleView> Related, IReadOnlyList<ManageCategories.CategoryView> Categories, PictureSize? LeadPicture);

    public sealed record PictureSize(int Width, int Height);

    /// <summary>The published article with this slug, and what stands around it.</summary>
    /// <returns>200; 301 to the same of its present slug; 404; 410 withdrawn.</returns>
    public static async Task<IResult> Handle(string slug, HttpResponse response, CurrentUser user, ArticleStore store, ArticleListStore lists, NearestArticles near, ArticleViews views, CategoryStore categories,
        PictureStore pictures, PlatformSettings settings, CancellationToken ct)
    {
        var (article, moved) = await GetArticle.Named(slug, store, user, ct);
        if (moved) return response.Moved(settings, "/api/pages/articles/" + article.Slug);
        var picture = article.Content.LeadImage is { } lead ? pictures.Find(lead.Id, ct) : Task.FromResult<Picture?>(null);
        var nearest = await RelatedArticles.Of(article, Related, lists, near, ct);
        var shown = await views.Of([article, .. await lists.PublishedCards([.. nearest.Select(n => n.Id)], ct)], ct);
        return TypedResults.Ok(new ArticlePageView(shown[0], [.. shown.Skip(1)], [.. ManageCategories.InOrder(await categories.Read(ct)).Take(MaxCategories).Select(ManageCategories.View)],
            await picture is { } size ? new(size.Width, size.Height) : null));
    }
}
