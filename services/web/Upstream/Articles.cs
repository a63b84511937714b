using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.Web;

public sealed record Named(string Slug, string Name);
public sealed record Dateline(string? Place, string? Source);
/// <param name="Url">Of its widest variant; see <see cref="Variants"/>.</param>
public sealed record LeadImage(Guid Id, string? Alt, string? Caption, string? Credit, string Url);
public sealed record Correction(DateTimeOffset At, string Note);
public sealed record Translation(string Language, Guid Id, string Slug);

/// <summary>An article as lists show it.</summary>
public record ArticleCard
{
    public required Guid Id { get; init; }
    public required string Language { get; init; }
    public string? Kicker { get; init; }
    public required string Title { get; init; }
    public string? Summary { get; init; }
    public required string Slug { get; init; }
    public Dateline? Dateline { get; init; }
    public IReadOnlyList<Named> Categories { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];
    public IReadOnlyList<Named> Authors { get; init; } = [];
    public LeadImage? LeadImage { get; init; }
    public bool Breaking { get; init; }
    public DateTimeOffset PublishedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Sanitised HTML, safe to show as it is.</summary>
    public string? Body { get; init; }
}

/// <summary>An article as its page shows it.</summary>
public sealed record Article : ArticleCard
{
    public bool CommentsOpen { get; init; }
    public IReadOnlyList<Correction> Corrections { get; init; } = [];
    public IReadOnlyList<Translation> Translations { get; init; } = [];
}

/// <param name="LeadPicture">The lead image's proportions, so that the page keeps its place; null where they are not known.</param>
public sealed record ArticlePageParts(Article Article, IReadOnlyList<ArticleCard> Related, IReadOnlyList<Category> Categories, Picture? LeadPicture);

/// <param name="Title">Safe HTML: escaped by Articles, with <c>mark</c>. So is <paramref name="Text"/>.</param>
public sealed record Highlight(string Title, string Text);

/// <summary>An article that a search found.</summary>
public sealed record FoundArticle : ArticleCard
{
    public required Highlight Highlight { get; init; }
}

public sealed record SearchList(IReadOnlyList<FoundArticle> Items, string? Next, IReadOnlyList<string>? Suggestions);

public sealed record ArticleList(IReadOnlyList<ArticleCard> Items, string? Next);

/// <param name="Names">By language.</param>
public sealed record Category(string Slug, IReadOnlyDictionary<string, string> Names, string? Parent)
{
    /// <summary>In the language, else in any.</summary>
    public string Name(string language) => Names.GetValueOrDefault(language) ?? Names.Values.FirstOrDefault() ?? Slug;
}

public sealed record CategoryList(IReadOnlyList<Category> Items);
public sealed record TagName(string Tag);

/// <summary>A picture of the library: its proportions.</summary>
public sealed record Picture(int Width, int Height);

/// <summary>Where an article is.</summary>
public sealed record ArticleAddress(string Language, string Slug, string Title, DateTimeOffset PublishedAt, DateTimeOffset UpdatedAt);

public sealed record AddressList(IReadOnlyList<ArticleAddress> Items);

/// <param name="Items">Months with articles, newest first: <c>2026-11</c>.</param>
public sealed record MonthList(IReadOnlyList<string> Items);

public sealed record Author(string Slug, IReadOnlyDictionary<string, string> Names);

/// <summary>The Articles service, as the public contract has it.</summary>
public sealed class Articles(IConfiguration configuration, TimeProvider clock) : IDisposable
{
    private readonly Upstream _service = new("Articles", PlatformSettings.Absolute(configuration, "ARTICLES_URL"), TimeSpan.FromMilliseconds(1200), clock);

    // Pages can do without these, so they are waited for less long.
    private readonly Upstream _extras = new("Articles", PlatformSettings.Absolute(configuration, "ARTICLES_URL"), TimeSpan.FromMilliseconds(700), clock);

    // Machines that read a month of addresses wait longer than readers do.
    private readonly Upstream _machines = new("Articles", PlatformSettings.Absolute(configuration, "ARTICLES_URL"), TimeSpan.FromSeconds(5), clock);

    /// <returns>200; 301 with the new address in Location; 404; 410 withdrawn.</returns>
    public Task<Answer<Article>> BySlug(string slug, CancellationToken ct) =>
        _service.Get($"api/articles/by-slug/{Uri.EscapeDataString(slug)}", UpstreamJson.Default.Article, ct);

    /// <summary>The article with all that its page shows of Articles.</summary>
    /// <returns>As <see cref="BySlug"/>.</returns>
    public Task<Answer<ArticlePageParts>> Page(string slug, CancellationToken ct) =>
        _service.Get($"api/pages/articles/{Uri.EscapeDataString(slug)}", UpstreamJson.Default.ArticlePageParts, ct);

    /// <param name="path">An address of before an import, with its query where that is what names the article: <c>/?p=123</c>.</param>
    /// <returns>301 with the article's address in Location; 404; 410 withdrawn.</returns>
    public Task<Answer<Article>> ByPermalink(string path, CancellationToken ct) =>
        _service.Get($"api/articles/by-permalink?path={Uri.EscapeDataString(path)}", UpstreamJson.Default.Article, ct);

    /// <param name="filter">As in the public contract, without <c>?</c>: <c>category=x</c>; empty for all.</param>
    /// <returns>200; 400 for a forged cursor.</returns>
    public Task<Answer<ArticleList>> List(string language, string filter, int limit, string? cursor, CancellationToken ct) =>
        _service.Get($"api/articles?language={language}&limit={limit}{(filter.Length > 0 ? "&" + filter : "")}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}", UpstreamJson.Default.ArticleList, ct);

    /// <returns>200; 400 for a forged cursor or too long a search.</returns>
    public Task<Answer<SearchList>> Search(string language, string query, int limit, string? cursor, CancellationToken ct) =>
        _service.Get($"api/articles?language={language}&limit={limit}&q={Uri.EscapeDataString(query)}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}", UpstreamJson.Default.SearchList, ct);

    /// <returns>200; 301 where it has another slug by now; 404.</returns>
    public Task<Answer<Category>> Category(string slug, CancellationToken ct) =>
        _service.Get($"api/categories/{Uri.EscapeDataString(slug)}", UpstreamJson.Default.Category, ct);

    /// <returns>200; 301 where it has become another tag; 404 where no published article has it.</returns>
    public Task<Answer<TagName>> Tag(string tag, CancellationToken ct) =>
        _service.Get($"api/tags/{Uri.EscapeDataString(tag)}", UpstreamJson.Default.TagName, ct);

    /// <returns>200; 301 where the author has another slug by now; 404.</returns>
    public Task<Answer<Author>> Author(string slug, CancellationToken ct) =>
        _service.Get($"api/authors/{Uri.EscapeDataString(slug)}", UpstreamJson.Default.Author, ct);

    public Task<Answer<CategoryList>> Categories(CancellationToken ct) =>
        _extras.Get("api/categories?limit=100", UpstreamJson.Default.CategoryList, ct);

    /// <summary>The months that have articles.</summary>
    public Task<Answer<MonthList>> Months(CancellationToken ct) => _machines.Get("api/sitemap/months", UpstreamJson.Default.MonthList, ct);

    /// <summary>Where the articles of a time span are, newest first: at most 50,000.</summary>
    public Task<Answer<AddressList>> Addresses(DateTimeOffset from, DateTimeOffset? to, int? limit, CancellationToken ct) =>
        _machines.Get($"api/sitemap/articles?from={Dates.Machine(from)}{(to is { } end ? "&to=" + Dates.Machine(end) : "")}{(limit is { } most ? string.Create(CultureInfo.InvariantCulture, $"&limit={most}") : "")}", UpstreamJson.Default.AddressList, ct);

    public void Dispose()
    {
        _service.Dispose();
        _extras.Dispose();
        _machines.Dispose();
    }
}
