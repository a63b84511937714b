using System.Globalization;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Platform.Articles.Search;

/// <summary>An article that was found, and where it stands in the list.</summary>
/// <param name="Score">How well it matches; 0 where the newest come first.</param>
/// <param name="PublishedAt">Unix time in milliseconds.</param>
public sealed record SearchHit(Guid Id, float Score, long PublishedAt);

/// <summary>A search, ready to be asked page by page.</summary>
/// <param name="Filter">Null where every article may match: then nothing is asked of each.</param>
/// <param name="Words">By the words of the search: the terms that match them.</param>
public sealed record PreparedSearch(Query Query, Filter? Filter, bool Newest, IReadOnlyDictionary<string, SearchedWord> Words);

/// <summary>
/// Queries are built from words, never parsed: nothing that is typed is an operator. A word matches in the title more than in kicker and summary, there more than
/// in the body (BM25); its forms count as the word itself, so that a rare form does not come first.
/// </summary>
public static class ArticleSearch
{
    private const float FormBoost = 0.8f, TieBreaker = 0.1f;

    /// <summary>Where words are looked for, and how much it counts there.</summary>
    private static readonly (string Name, float Boost)[] Fields = [(ArticleDocument.Title, 4), (ArticleDocument.Summary, 2), (ArticleDocument.All, 1)];

    private static readonly Sort ByScore = new(SortField.FIELD_SCORE, new SortField(ArticleDocument.PublishedAt, SortFieldType.INT64, reverse: true), new SortField(ArticleDocument.Id, SortFieldType.STRING, reverse: true));
    private static readonly Sort ByTime = new(new SortField(ArticleDocument.PublishedAt, SortFieldType.INT64, reverse: true), new SortField(ArticleDocument.Id, SortFieldType.STRING, reverse: true));

    /// <param name="text">Has one word at least.</param>
    /// <param name="languages">Those that articles can have.</param>
    public static PreparedSearch Prepare(IndexSearcher searcher, SearchText text, ArticleFilter filter, bool newest, IReadOnlyList<string> languages)
    {
        if (filter.Language is { } only) languages = [only];
        var vocabulary = new IndexVocabulary(searcher.IndexReader);
        var words = text.Words.ToDictionary(w => w, w => WordForms.Of(w, languages, vocabulary));
        var all = new BooleanQuery();
        foreach (var part in text.Parts) all.Add(part is [var word] ? Word(words[word], vocabulary) : Phrase([.. part.Select(w => words[w])], vocabulary), Occur.MUST);
        return new(all, Where(filter), newest, words);
    }

    /// <param name="after">The last hit of the page before, or null.</param>
    public static IReadOnlyList<SearchHit> Page(IndexSearcher searcher, PreparedSearch search, SearchHit? after, int limit)
    {
        if (searcher.IndexReader.MaxDoc == 0) return [];
        var sort = search.Newest ? ByTime : ByScore;
        var found = after is null
            ? searcher.Search(search.Query, search.Filter, limit, sort, doDocScores: !search.Newest, doMaxScore: false)
            : searcher.SearchAfter(After(searcher, search, after), search.Query, search.Filter, limit, sort, doDocScores: !search.Newest, doMaxScore: false);
        return [.. found.ScoreDocs.Select(d => Hit(searcher, d, search.Newest))];
    }

    /// <summary>Some articles that match, whichever: whether there are any costs little to know.</summary>
    public static IReadOnlyList<Guid> Some(IndexSearcher searcher, PreparedSearch search, int limit)
    {
        var some = new List<Guid>();
        var weight = searcher.CreateNormalizedWeight(search.Filter is { } filter ? new FilteredQuery(search.Query, filter) : search.Query);
        foreach (var leaf in searcher.IndexReader.Leaves)
        {
            if (weight.GetScorer(leaf, leaf.AtomicReader.LiveDocs) is not { } scorer) continue;
            var (ids, id) = (leaf.AtomicReader.GetSortedDocValues(ArticleDocument.Id), new BytesRef());
            while (some.Count < limit && scorer.NextDoc() != DocIdSetIterator.NO_MORE_DOCS)
            {
                ids.Get(scorer.DocID, id);
                some.Add(IdOf(id));
            }
            if (some.Count == limit) break;
        }
        return some;
    }

    private static DisjunctionMaxQuery Word(SearchedWord word, IndexVocabulary vocabulary)
    {
        var best = new DisjunctionMaxQuery(TieBreaker);
        foreach (var (i, term) in word.Terms.Index())
        {
            foreach (var (field, boost) in Fields)
            {
                if (vocabulary.Query(field, term, Math.Max(1, word.Count)) is not { } query) continue;
                query.Boost = (i == 0 ? 1 : FormBoost) * boost;
                best.Add(query);
            }
        }
        return best;
    }

    private static DisjunctionMaxQuery Phrase(IReadOnlyList<SearchedWord> words, IndexVocabulary vocabulary)
    {
        var best = new DisjunctionMaxQuery(TieBreaker);
        foreach (var (field, boost) in Fields)
        {
            Term[][] places = [.. words.Select(w => w.Terms.Where(t => vocabulary.Has(field, t)).Select(t => new Term(field, t)).ToArray())];
            if (places.Any(terms => terms.Length == 0)) continue;    // no article has it there
            var phrase = new MultiPhraseQuery { Boost = boost };
            foreach (var terms in places) phrase.Add(terms);
            best.Add(phrase);
        }
        return best;
    }

    /// <summary>As <see cref="ArticleListStore"/> filters its lists.</summary>
    private static QueryWrapperFilter? Where(ArticleFilter filter)
    {
        var all = new BooleanQuery();
        if (filter.Language is { } language) Only(ArticleDocument.Language, language);
        if (filter.CreatedBy is { } writer) Only(ArticleDocument.Writer, writer.ToString("N"));
        if (filter.Categories is { } categories) Only(ArticleDocument.Category, [.. categories]);
        if (filter.TagKeys is { } tags) Only(ArticleDocument.Tag, [.. tags]);
        if (filter.Authors is { } authors) Only(ArticleDocument.Author, [.. authors]);
        if (filter.From is not null || filter.To is not null)
            all.Add(NumericRangeQuery.NewInt64Range(ArticleDocument.PublishedAt, filter.From is { } from ? ArticleDocument.Time(from) : null, filter.To is { } to ? ArticleDocument.Time(to) : null, true, false), Occur.MUST);
        return all.Clauses.Count == 0 ? null : new QueryWrapperFilter(all);

        void Only(string field, params string[] values)
        {
            var any = new BooleanQuery();
            foreach (var some in values.Chunk(BooleanQuery.MaxClauseCount))
            {
                var one = new BooleanQuery();
                foreach (var value in some) one.Add(new TermQuery(new Term(field, value)), Occur.SHOULD);
                any.Add(one, Occur.SHOULD);
            }
            all.Add(any, Occur.MUST);
        }
    }

    /// <summary>
    /// Where the page before ended. Scores depend on all articles, and change a little with each one published: the hit is scored anew, so that the list goes on
    /// behind it and not behind a number. One that is gone meanwhile is taken at its old score.
    /// </summary>
    private static FieldDoc After(IndexSearcher searcher, PreparedSearch search, SearchHit after)
    {
        var last = searcher.IndexReader.MaxDoc - 1;    // among equals, all of which are this very article, every one is behind us
        var (time, id) = (J2N.Numerics.Int64.GetInstance(after.PublishedAt), new BytesRef(after.Id.ToByteArray(bigEndian: true)));
        if (search.Newest) return new FieldDoc(last, float.NaN, [time, id]);
        var one = new BooleanQuery { { search.Query, Occur.MUST } };
        var now = searcher.Search(one, new QueryWrapperFilter(new TermQuery(ArticleDocument.IdTerm(after.Id))), 1).ScoreDocs;
        var score = now is [var found] ? found.Score : after.Score;
        return new FieldDoc(last, score, [J2N.Numerics.Single.GetInstance(score), time, id]);
    }

    private static SearchHit Hit(IndexSearcher searcher, ScoreDoc found, bool newest)
    {
        var fields = ((FieldDoc)found).Fields;
        return new(IdOf((BytesRef)fields[^1]), newest ? 0 : found.Score, Convert.ToInt64(fields[^2], CultureInfo.InvariantCulture));
    }

    private static Guid IdOf(BytesRef id) => new(id.Bytes.AsSpan(id.Offset, id.Length), bigEndian: true);
}
