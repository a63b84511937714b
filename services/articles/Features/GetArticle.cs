using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles.Features;

/// <summary>Anyone reads a published article; its writer and editors read it in any status.</summary>
public static class GetArticle
{
    /// <summary>An article by its id.</summary>
    /// <returns>200; 304; 404 unknown, or not for the caller; 410 withdrawn, for readers.</returns>
    public static async Task<IResult> ById(Guid id, HttpResponse response, CurrentUser user, ArticleStore store, ArticleViews views, CancellationToken ct) =>
        await Show(await store.Get(id, user, ct), response, user, views, ct);

    /// <summary>An article by its slug, as it stands in the address of its page.</summary>
    /// <returns>As by id; 301 where the article has another slug by now, or its slug is spelt otherwise: decomposed, with capitals, other digits or invisible characters.</returns>
    public static async Task<IResult> BySlug(string slug, HttpResponse response, CurrentUser user, ArticleStore store, ArticleViews views, PlatformSettings settings, CancellationToken ct)
    {
        var (article, moved) = await Named(slug, store, user, ct);
        return moved ? response.Moved(settings, "/api/articles/by-slug/" + article.Slug) : await Show(article, response, user, views, ct);
    }

    /// <summary>The article that has the slug or had it, however it is spelt.</summary>
    /// <returns>Moved: its address is another one.</returns>
    /// <exception cref="Problem">404; 410.</exception>
    internal static async Task<(Article Article, bool Moved)> Named(string slug, ArticleStore store, CurrentUser user, CancellationToken ct)
    {
        // The server has taken percent signs off; whoever encoded twice is understood too: no slug has one.
        var wanted = slug.Contains('%') ? Uri.UnescapeDataString(slug) : slug;
        var article = await store.Get(Normaliser.Nfc(wanted), user, ct);
        return (article, article.Slug != wanted);
    }

    private static async Task<IResult> Show(Article article, HttpResponse response, CurrentUser user, ArticleViews views, CancellationToken ct)
    {
        var view = await views.Of(article, ct);
        response.ForReaders(user, [CacheTags.Article(article.Id), CacheTags.Categories, .. view.Translations.Select(t => CacheTags.Article(t.Id)), .. view.Authors.Select(a => CacheTags.Author(a.Slug))]);
        return new Versioned<ArticleView>(view, view.Version);
    }
}

internal static class ReaderCache
{
    /// <summary>301 to the present address. Not to be remembered: an old name may come back.</summary>
    public static IResult Moved(this HttpResponse response, PlatformSettings settings, string path)
    {
        response.Headers.CacheControl = "no-cache";
        response.Headers.Location = settings.Public(path);
        return TypedResults.StatusCode(StatusCodes.Status301MovedPermanently);
    }

    /// <summary>Readers get all the same answer, which the gateway keeps under these tags; what staff get is theirs alone.</summary>
    public static void ForReaders(this HttpResponse response, CurrentUser user, params IEnumerable<string> tags)
    {
        if (user.IsAnonymous) response.Tagged(tags);
        else response.Headers.CacheControl = "private, no-cache";
    }
}
