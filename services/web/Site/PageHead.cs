using Platform.ServiceDefaults;

namespace Platform.Web;

/// <summary>What every page says about itself; the layout shows it.</summary>
/// <param name="Title">Of the page, without the site's name; null on the front page.</param>
/// <param name="Path">The page's own path, percent-encoded, without a query that only changes the view.</param>
public sealed record PageHead(Edition Edition, string? Title, string Path)
{
    public string? Description { get; init; }

    /// <summary>The site's sections for the navigation, in the newsroom's order; empty where they are not known.</summary>
    public IReadOnlyList<Category> Sections { get; init; } = [];

    /// <summary>Slug of the section that the page is in, or null.</summary>
    public string? Section { get; init; }

    /// <summary>Where the page is in other languages; elsewhere the language links lead to the front pages.</summary>
    public IReadOnlyDictionary<string, string> Translations { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder of the page's own feeds, such as <c>/categories/x</c>; null for the site's.</summary>
    public string? Feeds { get; init; }

    /// <summary>Not for search engines: errors, forms, and pages under a secret link.</summary>
    public bool Private { get; init; }

    /// <summary>The article that the page is, for previews of shared links; else null.</summary>
    public Article? Article { get; init; }
}

/// <summary>The small things that all pages do.</summary>
public static class Pages
{
    public static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>What a page can do without: null where the part is down or does not answer with it.</summary>
    public static async Task<T?> OrNull<T>(Task<Answer<T>> asked) where T : class
    {
        try
        {
            return (await asked).Body;
        }
        catch (UpstreamDownException)
        {
            return null;
        }
    }

    /// <summary>The sections that lead the navigation: those without a parent, in the newsroom's order.</summary>
    public static IReadOnlyList<Category> Sections(CategoryList? categories) => Sections(categories?.Items ?? []);

    /// <inheritdoc cref="Sections(CategoryList?)"/>
    public static IReadOnlyList<Category> Sections(IReadOnlyList<Category> categories) => [.. categories.Where(c => c.Parent is null)];

    /// <summary>The page may be kept by the gateway until one of the articles, or something else that it shows, changes.</summary>
    /// <param name="complete">Whether nothing is missing; a page with a gap is not kept.</param>
    public static void Cacheable(this HttpResponse response, bool complete, IEnumerable<ArticleCard> articles, params IEnumerable<string> tags)
    {
        if (complete) response.Tagged([.. tags, CacheTags.Categories, .. articles.Select(a => CacheTags.Article(a.Id))]);
    }
}
