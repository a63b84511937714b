using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>A reader comes by an address that an article had on the site it was imported from.</summary>
public static class FollowPermalink
{
    /// <summary>Leads from an old address to the article.</summary>
    /// <param name="path">Such as <c>/2024/01/slug/</c> or <c>/?p=123</c>; raw or percent-encoded, with or without the slash at its end.</param>
    /// <returns>301 to the article; 404 where no published one had it; 410 withdrawn.</returns>
    public static async Task<IResult> Handle(string? path, HttpResponse response, ImportedArticleStore store, PlatformSettings settings, CancellationToken ct)
    {
        if (path is null) throw Problem.Invalid("path", "Required.");
        var found = Permalinks.Normalise(path) is { } permalink ? await store.FindByPermalink(permalink, ct) : [];
        var article = found.Find(a => a.Status == ArticleStatus.Published) ?? found.Find(a => a.Status == ArticleStatus.Withdrawn) ?? throw Problem.NotFound("article");
        response.Headers.CacheControl = "no-cache";
        response.Headers.Location = settings.Public("/api/articles/by-slug/" + article.For(CurrentUser.Anonymous).Slug);
        return TypedResults.StatusCode(StatusCodes.Status301MovedPermanently);
    }
}
