using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Platform.Articles.Search;

/// <summary>
/// The words of the index; those of articles withdrawn a moment ago may still count. For one search: each term is looked up once, and its place kept for the query, since a search
/// has dozens of terms (forms, in three fields, in every segment), and finding them costs more than counting what they find.
/// </summary>
public sealed class IndexVocabulary(IndexReader reader) : IVocabulary
{
    private readonly IndexReaderContext _context = reader.Context;
    private readonly Dictionary<(string Field, string Term), Place> _places = [];
    private readonly Dictionary<string, TermsEnum?[]> _walks = [];

    /// <summary>Where a term is, by segment; null where it is not.</summary>
    private sealed record Place(int Count, TermState?[] States)
    {
        public static readonly Place None = new(0, []);
    }

    public int Count(string term) => Find(ArticleDocument.All, term).Count;

    public bool IsDefinite(string term) => Find(ArticleDocument.Definite, term).Count > 0;

    public bool Has(string word) => Find(ArticleDocument.Words, word).Count > 0;

    public bool Has(string field, string term) => Find(field, term).Count > 0;

    /// <param name="count">In how many articles the term shall be taken to be, for its weight.</param>
    /// <returns>Null where no article has the term.</returns>
    public TermQuery? Query(string field, string term, int count)
    {
        if (Find(field, term) is not { Count: > 0 } place) return null;
        var states = new TermContext(_context);
        var weighed = 0;
        for (var leaf = 0; leaf < place.States.Length; leaf++)
            if (place.States[leaf] is { } state) states.Register(state, leaf, weighed++ == 0 ? count : 0, -1);
        return new TermQuery(new Term(field, term), states);
    }

    private Place Find(string field, string term)
    {
        if (_places.TryGetValue((field, term), out var known)) return known;
        var bytes = new BytesRef(term);
        var (count, states) = (0, (TermState?[]?)null);
        var walks = Walks(field);
        for (var leaf = 0; leaf < walks.Length; leaf++)
        {
            if (walks[leaf] is not { } walk || !walk.SeekExact(bytes)) continue;
            count += walk.DocFreq;
            (states ??= new TermState?[walks.Length])[leaf] = walk.GetTermState();
        }
        return _places[(field, term)] = states is null ? Place.None : new(count, states);
    }

    /// <summary>A walk through the terms of each segment; to begin one anew for every term is what would cost.</summary>
    private TermsEnum?[] Walks(string field)
    {
        if (!_walks.TryGetValue(field, out var walks)) _walks[field] = walks = [.. _context.Leaves.Select(l => l.AtomicReader.GetTerms(field)?.GetEnumerator())];
        return walks;
    }
}
