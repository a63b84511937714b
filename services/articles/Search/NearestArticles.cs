using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Platform.Articles.Search;

/// <param name="Reasons">Why: <c>content:{word}</c>, <c>category:{slug}</c>, <c>tag:{tag in comparison form}</c>.</param>
public sealed record NearArticle(Guid Id, IReadOnlyList<string> Reasons);

/// <summary>
/// What is nearest to an article: by the words that are frequent in it and rare elsewhere (tf·idf, as Lucene's MoreLikeThis takes them), by categories and tags
/// in common, and among equals the newer. The same index gives the same answer.
/// </summary>
public sealed class NearestArticles(FollowArticles index)
{
    public const int Max = 100;
    private const int MaxTerms = 20, MinTermsShared = 3, MaxReasons = 3, MinLength = 3, MaxRemembered = 1_000, MaxFrequencies = 50_000;
    private const float TitleWeight = 3, CategoryWeight = 0.15f, TagWeight = 0.3f, FreshWeight = 0.15f;
    private const double FreshDays = 30;

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(Guid Id, long Version), (IReadOnlyList<NearArticle> Near, long At)> _remembered = new();

    /// <summary>In how many articles a term is: what texts have in common is looked up once for each state of the index, and not once for each article.</summary>
    private readonly ConditionalWeakTable<IndexReader, WordCache<int>> _frequencies = [];

    private sealed record Term(string Name, string Word, float Weight);

    /// <returns>Up to <see cref="Max"/>, not yet checked against the store; null while there is no index.</returns>
    public IReadOnlyList<NearArticle>? To(Article article)
    {
        var key = (article.Id, article.Version);
        if (_remembered.TryGetValue(key, out var known) && Stopwatch.GetElapsedTime(known.At) < Remembered) return known.Near;
        if (!index.IsServing) return null;
        var near = index.Read(searcher => Near(searcher, article, Frequencies(searcher.IndexReader)));
        if (_remembered.Count >= MaxRemembered) _remembered.Clear();
        _remembered[key] = (near, Stopwatch.GetTimestamp());
        return near;
    }

    /// <returns>In how many articles a term is.</returns>
    private Func<string, int> Frequencies(IndexReader reader)
    {
        var known = _frequencies.GetValue(reader, _ => new(MaxFrequencies));
        return term => known.Get(term, t => reader.DocFreq(new(ArticleDocument.All, t)));
    }

    private static IReadOnlyList<NearArticle> Near(IndexSearcher searcher, Article article, Func<string, int> frequency)
    {
        var content = article.Content;
        var terms = Terms(searcher.IndexReader, content, frequency);
        var query = new BooleanQuery();
        foreach (var term in terms) query.Add(new TermQuery(new(ArticleDocument.All, term.Name)) { Boost = term.Weight }, Occur.SHOULD);
        foreach (var category in content.Categories) query.Add(new ConstantScoreQuery(new TermQuery(new(ArticleDocument.Category, category))) { Boost = 0.01f }, Occur.SHOULD);
        foreach (var tag in content.TagKeys) query.Add(new ConstantScoreQuery(new TermQuery(new(ArticleDocument.Tag, tag))) { Boost = 0.1f }, Occur.SHOULD);
        if (query.Clauses.Count == 0 || searcher.IndexReader.MaxDoc == 0) return [];
        var found = searcher.Search(query, Others(article), 2 * Max).ScoreDocs;
        if (found.Length == 0) return [];

        var documents = found.Select(f => (f.Doc, f.Score)).OrderBy(f => f.Doc).ToList();
        var shared = Shared(searcher.IndexReader, [.. documents.Select(d => d.Doc)],
        [
            .. terms.Select(t => (ArticleDocument.All, t.Name, "content:" + t.Word)),
            .. content.Categories.Select(c => (ArticleDocument.Category, c, "category:" + c)),
            .. content.TagKeys.Select(t => (ArticleDocument.Tag, t, "tag:" + t)),
        ]);
        var newest = shared.Values.Max(s => s.PublishedAt);
        var top = found[0].Score;
        return
        [
            .. documents.Select(d => (shared[d.Doc].Id, Rank: Rank(d.Score / top, shared[d.Doc], newest), shared[d.Doc].PublishedAt, Reasons: Reasons(shared[d.Doc].Reasons)))
                .Where(d => d.Reasons.Count > 0).OrderByDescending(d => d.Rank).ThenByDescending(d => d.PublishedAt).ThenByDescending(d => d.Id).Take(Max)
                .Select(d => new NearArticle(d.Id, d.Reasons)),
        ];
    }

    /// <summary>The words that say most of what the article is about.</summary>
    private static List<Term> Terms(IndexReader reader, ArticleContent content, Func<string, int> frequency)
    {
        var counted = new Dictionary<string, (string Word, float Count)>(StringComparer.Ordinal);
        Count(content.Title, TitleWeight);
        Count(content.Summary, 1);
        Count(content.Text, 1);
        var all = Math.Max(1, reader.NumDocs);
        var weighed = new List<Term>();
        foreach (var (term, (word, count)) in counted.OrderByDescending(c => c.Value.Count).ThenBy(c => c.Key, StringComparer.Ordinal).Take(200))
        {
            var among = frequency(term);
            // A word that no other article has leads nowhere, one that a quarter of them have anywhere.
            if (among > 1 && (all < 40 || among < all / 4)) weighed.Add(new(term, word, (float)(Math.Sqrt(count) * Math.Log(1 + ((double)all / among)))));
        }
        var best = weighed.OrderByDescending(t => t.Weight).ThenBy(t => t.Name, StringComparer.Ordinal).Take(MaxTerms).ToList();
        return [.. best.Select(t => t with { Weight = t.Weight / best[0].Weight })];

        void Count(string text, float weight)
        {
            foreach (var word in TextWords.In(text, 50_000))
            {
                if (word.Folded.Length < MinLength || StopWords.Are(word.Folded) || word.Folded.All(char.IsDigit)) continue;
                var term = word.Stem(content.Language).Terms[0];
                counted[term] = counted.TryGetValue(term, out var known) ? (known.Word, known.Count + weight) : (word.Folded, weight);
            }
        }
    }

    /// <summary>Of the same language, and not the article itself in this or another one.</summary>
    private static QueryWrapperFilter Others(Article article)
    {
        var others = new BooleanQuery
        {
            { new TermQuery(new(ArticleDocument.Language, article.Content.Language)), Occur.MUST },
            { new TermQuery(ArticleDocument.IdTerm(article.Id)), Occur.MUST_NOT },
        };
        if (article.TranslationGroup is { } group) others.Add(new TermQuery(new(ArticleDocument.Group, group.ToString("N"))), Occur.MUST_NOT);
        return new(others);
    }

    private sealed record Candidate(Guid Id, long PublishedAt, List<string> Reasons);

    /// <summary>What each of the documents, in ascending order, has of these terms.</summary>
    private static Dictionary<int, Candidate> Shared(IndexReader reader, int[] documents, IReadOnlyList<(string Field, string Term, string Reason)> terms)
    {
        var shared = new Dictionary<int, Candidate>();
        foreach (var leaf in reader.Leaves)
        {
            var segment = leaf.AtomicReader;
            var inSegment = documents.Where(d => d >= leaf.DocBase && d < leaf.DocBase + segment.MaxDoc).ToArray();
            if (inSegment.Length == 0) continue;
            var (ids, times, bytes) = (segment.GetSortedDocValues(ArticleDocument.Id), segment.GetNumericDocValues(ArticleDocument.PublishedAt), new BytesRef());
            foreach (var doc in inSegment)
            {
                ids.Get(doc - leaf.DocBase, bytes);
                shared[doc] = new(new Guid(bytes.Bytes.AsSpan(bytes.Offset, bytes.Length), bigEndian: true), times.Get(doc - leaf.DocBase), []);
            }
            foreach (var (field, term, reason) in terms)
            {
                if (segment.GetTermDocsEnum(new(field, term)) is not { } docs) continue;
                var at = -1;
                foreach (var doc in inSegment)
                {
                    if (at < doc - leaf.DocBase) at = docs.Advance(doc - leaf.DocBase);
                    if (at == doc - leaf.DocBase) shared[doc].Reasons.Add(reason);
                }
            }
        }
        return shared;
    }

    /// <param name="nearness">Of the content, 1 for the nearest of all.</param>
    private static double Rank(float nearness, Candidate candidate, long newest)
    {
        var days = (newest - candidate.PublishedAt) / (double)TimeSpan.MillisecondsPerDay;
        return (candidate.Reasons.Count(IsContent) >= MinTermsShared ? nearness : 0) + (CategoryWeight * Count("category:")) + (TagWeight * Count("tag:")) + (FreshWeight / (1 + (days / FreshDays)));

        int Count(string kind) => candidate.Reasons.Count(r => r.StartsWith(kind, StringComparison.Ordinal));
    }

    /// <summary>One word in common is chance; some are a reason, and the best of them say it.</summary>
    private static List<string> Reasons(List<string> shared) =>
        [.. shared.Count(IsContent) >= MinTermsShared ? shared.Where(IsContent).Take(MaxReasons) : [], .. shared.Where(r => !IsContent(r))];

    private static bool IsContent(string reason) => reason.StartsWith("content:", StringComparison.Ordinal);
}
