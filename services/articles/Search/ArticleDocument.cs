using Lucene.Net.Analysis;
using Lucene.Net.Analysis.TokenAttributes;
using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Util;

namespace Platform.Articles.Search;

/// <summary>A published article as the index keeps it: what it is found by, and none of its text.</summary>
public static class ArticleDocument
{
    /// <summary>Raised whenever the same article would be indexed otherwise: an index of another schema is built anew.</summary>
    public const string Schema = "1";

    /// <summary>Stems with their places: of the title; of kicker and summary; of all that is written, in which every term of the others is too.</summary>
    public const string Title = "title", Summary = "summary", All = "all";

    /// <summary>The words as written, in comparison form; and the stems that were written with the article.</summary>
    public const string Words = "words", Definite = "definite";

    public const string Id = "id", Version = "version", Language = "language", Category = "category", Tag = "tag", Author = "author", Writer = "writer", Group = "group", PublishedAt = "publishedAt";

    /// <summary>Behind title, kicker, summary and each line: no phrase reaches over it.</summary>
    private const int Gap = 16;

    private static readonly FieldType Found = Of(IndexOptions.DOCS_ONLY, norms: false, tokenized: false);
    private static readonly FieldType Listed = Of(IndexOptions.DOCS_ONLY, norms: false, tokenized: true);
    private static readonly FieldType Text = Of(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS, norms: true, tokenized: true);
    private static readonly FieldType Kept = new(Found) { IsStored = true };

    public static Term IdTerm(Guid id) => new(Id, id.ToString("N"));

    public static Document Of(Article article)
    {
        var content = article.Content;
        var document = new Document
        {
            new Field(Id, article.Id.ToString("N"), Kept),
            new SortedDocValuesField(Id, new BytesRef(article.Id.ToByteArray(bigEndian: true))),
            new NumericDocValuesField(Version, article.Version),
            new NumericDocValuesField(PublishedAt, Time(article.PublishedAt!.Value)),
            new Int64Field(PublishedAt, Time(article.PublishedAt!.Value), Field.Store.NO),
            new Field(Language, content.Language, Found),
            new Field(Writer, article.CreatedBy.ToString("N"), Found),
        };
        if (article.TranslationGroup is { } group) document.Add(new Field(Group, group.ToString("N"), Found));
        foreach (var category in content.Categories) document.Add(new Field(Category, category, Found));
        foreach (var tag in content.TagKeys) document.Add(new Field(Tag, tag, Found));
        foreach (var author in content.Authors) document.Add(new Field(Author, author, Found));

        TextWord[] title = [.. TextWords.In(content.Title)], summary = [.. TextWords.In(content.Kicker + "\n" + content.Summary)];
        TextWord[] place = [.. TextWords.In(content.Dateline.Place + "\n" + content.Dateline.Source)], body = [.. TextWords.In(content.Text)];
        document.Add(new Field(Title, new Stream(Terms(content.Language, title)), Text));
        document.Add(new Field(Summary, new Stream(Terms(content.Language, summary)), Text));
        document.Add(new Field(All, new Stream(Terms(content.Language, title, summary, place, body)), Text));

        TextWord[] words = [.. title.Concat(summary).Concat(place).Concat(body).DistinctBy(w => w.Folded, StringComparer.Ordinal)];
        document.Add(new Field(Words, new Stream(words.Select(w => (w.Folded, 1))), Listed));
        document.Add(new Field(Definite, new Stream(words.Select(w => w.Stem(content.Language)).Where(s => s.Definite).Select(s => (s.Terms[0], 1))), Listed));
        return document;
    }

    public static long Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    /// <summary>Terms with their distance from the one before: 0 where a word has two.</summary>
    private static IEnumerable<(string Term, int Distance)> Terms(string language, params TextWord[][] texts)
    {
        foreach (var text in texts)
        {
            for (var i = 0; i < text.Length; i++)
            {
                var distance = i == 0 || text[i].NewBlock ? Gap : 1;
                foreach (var term in text[i].Stem(language).Terms)
                {
                    yield return (term, distance);
                    distance = 0;
                }
            }
        }
    }

    private static FieldType Of(IndexOptions options, bool norms, bool tokenized)
    {
        var type = new FieldType { IsIndexed = true, IsTokenized = tokenized, OmitNorms = !norms, IndexOptions = options };
        type.Freeze();
        return type;
    }

    private sealed class Stream : TokenStream
    {
        private readonly IEnumerable<(string Term, int Distance)> _terms;
        private readonly ICharTermAttribute _term;
        private readonly IPositionIncrementAttribute _distance;
        private IEnumerator<(string Term, int Distance)>? _at;

        public Stream(IEnumerable<(string Term, int Distance)> terms)
        {
            _terms = terms;
            _term = AddAttribute<ICharTermAttribute>();
            _distance = AddAttribute<IPositionIncrementAttribute>();
        }

        public override void Reset() => _at = _terms.GetEnumerator();

        public override bool IncrementToken()
        {
            if (_at?.MoveNext() != true) return false;
            ClearAttributes();
            _term.SetEmpty().Append(_at.Current.Term);
            _distance.PositionIncrement = _at.Current.Distance;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _at?.Dispose();
            base.Dispose(disposing);
        }
    }
}
