using Platform.Articles.Search;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>Anyone is led from an article to its nearest ones.</summary>
public static class RelatedArticles
{
    /// <summary>How many of the newest in its categories are weighed.</summary>
    private const int Weighed = 50;

    /// <summary>An article and why it is here: <c>content:{word}</c>, <c>category:{slug}</c>, <c>tag:{tag in comparison form}</c>.</summary>
    public sealed record RelatedArticleView : ArticleView
    {
        public required IReadOnlyList<string> Reasons { get; init; }

        // The copy constructor keeps this from being a list of all fields once more.
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        internal RelatedArticleView(ArticleView view, IReadOnlyList<string> reasons) : base(view) => Reasons = reasons;
    }

    public sealed record RelatedArticlesAnswer(IReadOnlyList<RelatedArticleView> Items);

    /// <summary>Articles of the same language that are nearest in what they tell, in categories and in time; not the article's own translations.</summary>
    /// <returns>200; 400; 404 unknown, or not for the caller; 410 withdrawn, for readers.</returns>
    public static async Task<RelatedArticlesAnswer> Handle(Guid id, PageRequest page, HttpResponse response, CurrentUser user, ArticleStore store, ArticleListStore lists, NearestArticles near, ArticleViews views, CancellationToken ct)
    {
        var article = await store.Get(id, user, ct);
        var nearest = await Of(article, page.Limit, lists, near, ct);
        var shown = await views.Of(await lists.Published([.. nearest.Select(n => n.Id)], ct), ct);
        var reasons = nearest.ToDictionary(n => n.Id, n => n.Reasons);
        response.ForReaders(user, [CacheTags.Article(id), CacheTags.Articles, CacheTags.Categories]);
        return new([.. shown.Select(v => new RelatedArticleView(v, reasons[v.Id]))]);
    }

    /// <summary>The nearest, at most <paramref name="limit"/>; while the index is being built, by categories alone.</summary>
    internal static async Task<IReadOnlyList<NearArticle>> Of(Article article, int limit, ArticleListStore lists, NearestArticles near, CancellationToken ct) =>
        [.. (near.To(article) ?? Nearest(article, await lists.Candidates(article, Weighed, ct), limit)).Take(limit)];

    /// <summary>Ranks: a shared tag counts twice as much as a shared category; the newer one wins a tie.</summary>
    internal static IReadOnlyList<NearArticle> Nearest(Article article, IEnumerable<RelatedCandidate> candidates, int limit) =>
    [
        .. candidates.Where(c => c.Id != article.Id)
            .Select(c => (Candidate: c, Categories: c.Categories.Intersect(article.Content.Categories).ToArray(), Tags: c.TagKeys.Intersect(article.Content.TagKeys).ToArray()))
            .OrderByDescending(c => c.Categories.Length + (2 * c.Tags.Length)).ThenByDescending(c => c.Candidate.PublishedAt).ThenByDescending(c => c.Candidate.Id)
            .Take(limit)
            .Select(c => new NearArticle(c.Candidate.Id, [.. c.Categories.Select(s => "category:" + s), .. c.Tags.Select(t => "tag:" + t)])),
    ];
}
