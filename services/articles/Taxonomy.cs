using Platform.Text;

namespace Platform.Articles;

/// <summary>
/// The names of the moment: categories, authors and tags. An article keeps the slugs and tags that it was filed under, and is read as if it were filed today;
/// it is rewritten when it is changed next. So a renamed category costs one write and not a hundred thousand.
/// </summary>
/// <param name="Authors">Those of the articles at hand, by the slug they are filed under and by the current one.</param>
/// <param name="Tags">By comparison form.</param>
public sealed record Taxonomy(CategoryTree Categories, IReadOnlyDictionary<string, Author> Authors, Merges Tags)
{
    /// <summary>The content under current slugs and tags, each once.</summary>
    /// <returns>The content itself where they are current.</returns>
    public ArticleContent Renew(ArticleContent content)
    {
        var tags = content.TagKeys.Zip(content.Tags, (key, name) => Tags.Current(key) is var now && now != key ? (Key: now, Name: Tags.Name(now) ?? name) : (Key: key, Name: name)).DistinctBy(t => t.Key).ToArray();
        string[] categories = [.. content.Categories.Select(Categories.Current).Distinct()];
        string[] authors = [.. content.Authors.Select(a => Authors.GetValueOrDefault(a)?.Slug ?? a).Distinct()];
        return categories.SequenceEqual(content.Categories) && authors.SequenceEqual(content.Authors) && tags.Select(t => t.Key).SequenceEqual(content.TagKeys)
            ? content
            : content with { Categories = categories, Authors = authors, Tags = [.. tags.Select(t => t.Name)], TagKeys = [.. tags.Select(t => t.Key)] };
    }

    public Article Renew(Article article) => Renew(article.Content) is var now && ReferenceEquals(now, article.Content) ? article : article with { Content = now };

    /// <summary>Former slugs of the authors of an article.</summary>
    public IReadOnlyList<string> FormerAuthors(ArticleContent content) => [.. content.Authors.SelectMany(a => Authors.GetValueOrDefault(a)?.Former() ?? []).Distinct()];

    /// <summary>Tags that were merged into those of an article, in comparison form.</summary>
    public IReadOnlyList<string> FormerTags(ArticleContent content) => [.. content.TagKeys.SelectMany(k => Tags.Into(Tags.Current(k))).Distinct()];
}

/// <summary>Names that articles may be filed under; null does not restrict.</summary>
public sealed record FiledUnder(IReadOnlyList<string>? Categories, IReadOnlyList<string>? Tags, IReadOnlyList<string>? Authors);

/// <summary>Reads the names of the moment: those of categories and merges from memory, authors in one read for all articles at hand.</summary>
public sealed class Taxonomies(CategoryStore categories, AuthorStore authors, TagStore tags)
{
    public async Task<Taxonomy> Of(IEnumerable<ArticleContent> contents, CancellationToken ct)
    {
        var found = await authors.Find([.. contents.SelectMany(c => c.Authors).Distinct()], ct);
        var bySlug = new Dictionary<string, Author>(found);
        foreach (var author in found.Values) bySlug[author.Slug] = author;
        return new(await categories.Read(ct), bySlug, await tags.Merges(ct));
    }

    /// <summary>By what names articles may be filed that a list is asked for by these: the current one first, then those below it and all former ones. What nobody knows stays as it is.</summary>
    public async Task<FiledUnder> Of(string? category, string? tag, string? author, CancellationToken ct)
    {
        IReadOnlyList<string>? authorSlugs = null, tagKeys = null;
        if (author is not null) authorSlugs = (await authors.Find([author = Normaliser.Nfc(author)], ct)).TryGetValue(author, out var known) ? [.. known.AllSlugs()] : [author];
        if (tag is not null)
        {
            var merged = await tags.Merges(ct);
            var now = merged.Current(Normaliser.Fold(tag));
            tagKeys = [now, .. merged.Into(now)];
        }
        return new(category is null ? null : (await categories.Read(ct)).WithChildren(Normaliser.Nfc(category)), tagKeys, authorSlugs);
    }

    /// <summary>The article as if it were filed today.</summary>
    public async Task<Article> Renew(Article article, CancellationToken ct) => (await Of([article.Content], ct)).Renew(article);
}
