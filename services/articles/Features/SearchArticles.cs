using System.Globalization;
using System.Text.Json.Serialization;
using Platform.Articles.Search;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>An article in a list.</summary>
public sealed record ListedArticle : ArticleView
{
    /// <summary>Where a search matched: escaped HTML with <c>mark</c>. Only in answers to <c>q</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Highlight? Highlight { get; init; }

    // The copy constructor keeps this from being a list of all fields once more.
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    internal ListedArticle(ArticleView view) : base(view) { }
}

/// <summary>A page of articles.</summary>
/// <param name="Next">Cursor of the page after it, or null at the end.</param>
/// <param name="Suggestions">Only in answers to <c>q</c>: where nothing matches, up to three spellings near it that find something; else empty.</param>
public sealed record ArticleList(IReadOnlyList<ListedArticle> Items, string? Next, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Suggestions = null);

/// <summary>Anyone searches what is published; the list of articles with <c>q</c>.</summary>
public sealed class SearchArticles(ArticleFinder finder, ArticleViews views, Cursors cursors)
{
    private const string CursorKind = "search";

    public static void CheckSort(string? sort, string? q)
    {
        if (sort is not (null or "newest") && (q is null || sort != "relevance")) throw Problem.Invalid("sort", q is null ? "newest." : "relevance or newest.");
    }

    /// <summary>A page of matches. It is kept by no cache: there is no end of things to search for, and each must be fresh.</summary>
    /// <exception cref="Problem">400; 503 <c>search.building</c>.</exception>
    public async Task<ArticleList> Find(string text, ArticleFilter filter, bool newest, PageRequest page, HttpResponse response, CancellationToken ct)
    {
        // Drafts are not in the index, so that nothing can show them by mistake.
        if (filter.Status != ArticleStatus.Published) throw Problem.Invalid("status", "Only what is published can be searched.");
        var kind = CursorKind + (newest ? ":newest" : ":relevance");
        var found = await finder.Find(text, filter, newest, After(page.Cursor, kind), page.Limit, ct);
        var shown = await views.Of([.. found.Articles.Select(f => f.Article)], ct);
        response.Headers.CacheControl = "private, no-cache";
        return new([.. shown.Zip(found.Articles, (v, f) => new ListedArticle(v) { Highlight = f.Highlight })], found.Next is { } next ? cursors.Encode(Key(kind, next)) : null, found.Suggestions);
    }

    private static string[] Key(string kind, SearchHit hit) =>
        [kind, BitConverter.SingleToInt32Bits(hit.Score).ToString(CultureInfo.InvariantCulture), hit.PublishedAt.ToString(CultureInfo.InvariantCulture), hit.Id.ToString()];

    private static SearchHit? After(IReadOnlyList<string>? cursor, string kind)
    {
        if (cursor is null) return null;
        if (cursor.Count != 4 || cursor[0] != kind) throw Cursors.Foreign();
        return new(Guid.Parse(cursor[3]), BitConverter.Int32BitsToSingle(int.Parse(cursor[1], CultureInfo.InvariantCulture)), long.Parse(cursor[2], CultureInfo.InvariantCulture));
    }
}
