using Platform.Articles.Body;
using Platform.Articles.Media;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>Checks what a writer sends: first by itself, then against what there is.</summary>
public sealed class ArticleIntake(BodySanitiser sanitiser, CategoryStore categories, AuthorStore authors, PictureStore pictures, Taxonomies taxonomies, PlatformSettings settings)
{
    /// <returns>What the article becomes, filed under the names of the moment, and the slug that was given.</returns>
    /// <exception cref="Problem">400 with every wrong field; 422 <c>article.unknownLanguage</c>, <c>article.unknownCategory</c>, <c>article.unknownAuthor</c>, <c>article.unknownMedia</c>.</exception>
    public async Task<(ArticleContent Content, string? Slug)> Check(ArticleInput input, CancellationToken ct)
    {
        var library = await pictures.Find([.. BodyPictures.NamedIn(input.Body ?? ""), .. input.LeadImage is null ? Array.Empty<Guid>() : [input.LeadImage.Id]], ct);
        var (content, slug) = input.Check(sanitiser, new BodyPictures(library));
        if (!settings.Languages.Contains(content.Language)) throw Problem.Rule("article.unknownLanguage", "The platform's languages are " + string.Join(", ", settings.Languages) + ".");
        // A category that is not in the copy may have been made a moment ago, by another replica.
        var tree = await categories.Read(ct);
        if (content.Categories.Any(c => tree.Find(c) is null)) tree = await categories.ReadNow(ct);
        Known(content.Categories.Where(c => tree.Find(c) is null), "article.unknownCategory", "categories");
        var known = await authors.Find(content.Authors, ct);
        Known(content.Authors.Where(a => !known.ContainsKey(a)), "article.unknownAuthor", "authors");
        content = (await taxonomies.Of([content], ct)).Renew(content);
        if (input.LeadImage is not { } lead) return (content, slug);
        if (!library.TryGetValue(lead.Id, out var picture)) throw Problem.Rule("article.unknownMedia", "There is no such picture in the media library.");
        return (content with { LeadImage = LeadImage.From(lead, picture) }, slug);
    }

    /// <summary>What of an earlier content can be brought back: categories, authors and pictures that are gone are left out.</summary>
    /// <exception cref="Problem">422 <c>article.unknownLanguage</c>.</exception>
    public async Task<ArticleContent> Existing(ArticleContent content, CancellationToken ct)
    {
        if (!settings.Languages.Contains(content.Language)) throw Problem.Rule("article.unknownLanguage", "The platform's languages are " + string.Join(", ", settings.Languages) + ".");
        var tree = await categories.ReadNow(ct);
        var known = await authors.Find(content.Authors, ct);
        var library = await pictures.Find(content.Media, ct);
        if (content.Media.Any(id => !library.ContainsKey(id)))
            content = content with { Body = sanitiser.Clean(content.Body, new BodyPictures(library)).Body, LeadImage = content.LeadImage is { } lead && library.ContainsKey(lead.Id) ? lead : null };
        var kept = content with { Categories = [.. content.Categories.Where(c => tree.Find(c) is not null)], Authors = [.. content.Authors.Where(known.ContainsKey)] };
        return (await taxonomies.Of([kept], ct)).Renew(kept);
    }

    private static void Known(IEnumerable<string> unknown, string code, string field)
    {
        var errors = unknown.Select(u => $"There is no '{u}'.").ToArray();
        if (errors.Length > 0) throw new Problem(422, code, $"Some of the {field} do not exist.") { Errors = new Dictionary<string, string[]> { [field] = errors } };
    }
}
