using Lucene.Net.Index;
using Lucene.Net.Util;

namespace Platform.Articles.Search;

/// <summary>The words of the index; those of articles withdrawn a moment ago may still count.</summary>
public sealed class IndexVocabulary(IndexReader reader) : IVocabulary
{
    private readonly Dictionary<(string Field, string Term), int> _counts = [];

    public int Count(string term) => Count(ArticleDocument.All, term);

    public bool IsDefinite(string term) => Count(ArticleDocument.Definite, term) > 0;

    public bool Has(string word) => Count(ArticleDocument.Words, word) > 0;

    private int Count(string field, string term)
    {
        if (!_counts.TryGetValue((field, term), out var count)) _counts[(field, term)] = count = reader.DocFreq(new Term(field, new BytesRef(term)));
        return count;
    }
}
