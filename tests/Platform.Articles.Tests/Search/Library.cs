using Platform.Articles.Search;

namespace Platform.Articles.Tests.Search;

/// <summary>An index of its own on disk, without a store behind it.</summary>
internal sealed class Library : IDisposable
{
    public static readonly DateTimeOffset Morning = new(2026, 1, 15, 8, 0, 0, TimeSpan.Zero);
    private readonly IndexFolder _folder = IndexFolder.Take(null);
    private readonly ArticleIndex _index;

    public Library(params IEnumerable<Article> articles)
    {
        _index = ArticleIndex.Open(_folder, out _);
        Put(articles);
    }

    public void Put(params IEnumerable<Article> articles)
    {
        _index.Put(articles);
        _index.Refresh();
    }

    public void Remove(Article article)
    {
        _index.Remove([article.Id]);
        _index.Refresh();
    }

    public T Read<T>(Func<global::Lucene.Net.Search.IndexSearcher, T> read) => _index.Read(read);

    public IReadOnlyList<SearchHit> Hits(string query, SearchHit? after = null, int limit = 100, bool newest = false, ArticleFilter? filter = null) => _index.Read(searcher =>
        ArticleSearch.Page(searcher, ArticleSearch.Prepare(searcher, SearchText.Parse(query), filter ?? new(ArticleStatus.Published), newest, ["ar", "en", "fr"]), after, limit));

    public IReadOnlyList<Guid> Find(string query, bool newest = false, ArticleFilter? filter = null) => [.. Hits(query, newest: newest, filter: filter).Select(h => h.Id)];

    public static Article Article(string title, string text = "", string language = "ar", string summary = "", string? kicker = null, DateTimeOffset? at = null, Guid? group = null,
        IReadOnlyList<string>? categories = null, IReadOnlyList<string>? tags = null, IReadOnlyList<string>? authors = null)
    {
        var id = Guid.CreateVersion7();
        return new Article
        {
            Id = id,
            Version = 2,
            Status = ArticleStatus.Published,
            Slug = id.ToString("N"),
            Slugs = [id.ToString("N")],
            PublishedAt = at ?? Morning,
            CreatedAt = Morning,
            CreatedBy = Guid.Empty,
            UpdatedAt = Morning,
            UpdatedBy = Guid.Empty,
            TranslationGroup = group,
            Content = new ArticleContent
            {
                Language = language,
                Title = title,
                Kicker = kicker,
                Summary = summary,
                Dateline = new(),
                Body = "",
                Text = text,
                Categories = categories ?? [],
                Tags = tags ?? [],
                TagKeys = [.. (tags ?? []).Select(Text.Normaliser.Fold)],
                Authors = authors ?? [],
                Breaking = false,
                CommentsOpen = true,
            },
        };
    }

    public void Dispose()
    {
        _index.Dispose();
        _folder.Dispose();
    }
}
