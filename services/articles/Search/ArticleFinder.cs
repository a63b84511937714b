using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.Articles.Search;

/// <summary>An article that was found, and where.</summary>
public sealed record FoundArticle(Article Article, Highlight Highlight);

/// <param name="Next">The hit behind which the next page begins, or null at the end.</param>
/// <param name="Suggestions">Where nothing was found: other spellings of the search that find something.</param>
public sealed record FoundPage(IReadOnlyList<FoundArticle> Articles, SearchHit? Next, IReadOnlyList<string> Suggestions);

/// <summary>Asks the index, and shows of its answer only what the store says is published.</summary>
public sealed class ArticleFinder(FollowArticles index, ArticleListStore store, PlatformSettings settings)
{
    private const int MaxSuggestions = 3, MaxRounds = 5;

    /// <exception cref="Problem">400 <c>q</c> is too long; 503 while the index is being built.</exception>
    public async Task<FoundPage> Find(string query, ArticleFilter filter, bool newest, SearchHit? after, int limit, CancellationToken ct)
    {
        var text = SearchText.Parse(query);
        if (text.Parts.Count == 0) return new([], null, []);
        var found = new List<FoundArticle>();
        var first = after is null;
        for (var round = 1; ; round++)
        {
            var (hits, words) = index.Read(searcher =>
            {
                var search = ArticleSearch.Prepare(searcher, text, filter, newest, settings.Languages);
                return (ArticleSearch.Page(searcher, search, after, limit - found.Count + 1), search.Words);
            });
            var more = hits.Count > limit - found.Count;
            var page = hits.Take(limit - found.Count).ToList();
            var highlighter = new Highlighter(words.Values);
            found.AddRange((await store.Published([.. page.Select(h => h.Id)], ct)).Select(a => new FoundArticle(a, highlighter.Of(a.Content))));
            if (more) after = page[^1];
            // What was withdrawn a moment ago leaves room for others.
            if (more && found.Count < limit && round < MaxRounds) continue;
            return new(found, more ? after : null, first && found.Count == 0 && !more ? await Suggestions(query, filter, ct) : []);
        }
    }

    private async Task<IReadOnlyList<string>> Suggestions(string query, ArticleFilter filter, CancellationToken ct)
    {
        var tried = index.Read(searcher =>
        {
            var words = ArticleSearch.Prepare(searcher, SearchText.Parse(query), filter, newest: false, settings.Languages).Words;
            return Spelling.Corrections(searcher, words).Select(c => (Correction: c, Hits: Search(c))).Where(c => c.Hits.Count > 0).Take(MaxSuggestions).ToList();

            IReadOnlyList<Guid> Search(SpellingCorrection correction)
            {
                var corrected = correction.In(query, w => w);
                return corrected.Length > SearchText.MaxLength ? [] : ArticleSearch.Some(searcher, ArticleSearch.Prepare(searcher, SearchText.Parse(corrected), filter, newest: false, settings.Languages), 3);
            }
        });
        var published = (await store.Published([.. tried.SelectMany(t => t.Hits).Distinct()], ct)).ToDictionary(a => a.Id);
        return
        [
            .. tried.Select(t => (t.Correction, Articles: t.Hits.Select(h => published.GetValueOrDefault(h)).OfType<Article>().ToList())).Where(t => t.Articles.Count > 0)
                .Select(t => t.Correction.In(query, word => t.Articles.Select(a => AsWritten(word, a.Content)).FirstOrDefault(w => w is not null) ?? word)).Distinct(),
        ];
    }

    /// <summary>The word as the article writes it, without harakat; null where it does not occur.</summary>
    private static string? AsWritten(string word, ArticleContent content)
    {
        foreach (var text in new[] { content.Title, content.Kicker ?? "", content.Summary, content.Text })
            foreach (var found in TextWords.In(text))
                if (found.Folded == word) return string.Concat(text[found.Start..found.End].Where(c => c != 'ـ' && CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)));
        return null;
    }
}
