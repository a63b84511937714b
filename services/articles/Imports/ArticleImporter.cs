using Platform.Articles.Body;
using Platform.Articles.Imports.WordPress;
using Platform.Articles.Imports.Wxr;
using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

public enum ImportOutcome { Created, Updated, Skipped, Failed }

/// <param name="Notes">Why, where it failed; else what an editor should know.</param>
public sealed record ImportResult(ImportOutcome Outcome, IReadOnlyList<string> Notes);

/// <summary>Takes one item of an export, however often: what is there and unchanged is left alone, and what the newsroom has worked on since is not overwritten.</summary>
public sealed class ArticleImporter(ArticleStore articles, ImportedArticleStore imported, CategoryStore categories, AuthorStore authors, Taxonomies taxonomies, Announcements announcements, ImportedPictures pictures, BodySanitiser sanitiser, TimeProvider clock)
{
    private const int Attempts = 5;

    public async Task<ImportResult> Take(WxrItem item, ImportShelf shelf, Import import, CancellationToken ct)
    {
        if (item.Type == "attachment") return await pictures.IsGiven(item, shelf, ct) ? new(ImportOutcome.Skipped, []) : Skipped(PictureAddress.IsPicture(item.AttachmentUrl) ? "Its file was not given." : "Of attachments only pictures are taken.");
        if (item.Type != "post") return Skipped(item.Type == "page" ? "Pages are not imported." : $"Items of the kind '{WordPressText.Cut(item.Type, 40)}' are not imported.");
        if (item.Status == "trash") return Skipped("It was in the trash.");
        ImportedArticle article;
        try { article = ImportedArticle.From(item, shelf, await pictures.Of(item, shelf, ct), sanitiser, clock.Now()); }
        catch (WxrException e) { return new(ImportOutcome.Failed, [e.Message]); }
        catch (Problem e) { return new(ImportOutcome.Failed, [Said(e)]); }
        for (var attempt = 1; ; attempt++)
        {
            try { return await Put(article, import, item, ct); }
            catch (Problem e) when (e.Status == 412 && attempt < Attempts) { }   // somebody changed it in the same moment: look again
        }
    }

    private async Task<ImportResult> Put(ImportedArticle article, Import import, WxrItem item, CancellationToken ct)
    {
        var user = new CurrentUser(import.By, import.ByName, new HashSet<string> { Roles.Editor });
        if (await imported.Find(article.Key, ct) is not { Import: { } origin } before)
        {
            if (import.DryRun) return new(ImportOutcome.Created, article.Notes);
            await ShelveUnlisted(item, article, ct);
            var created = await taxonomies.Renew(article.Create(import.Id, user, clock.Now()), ct);
            await articles.InsertNumbered(created, made => Quietly(made with { Version = 0, Status = ArticleStatus.Draft }, made, ct), ct);
            return new(ImportOutcome.Created, article.Notes);
        }
        // Written by this very import, before something interrupted it.
        if (origin.By == import.Id) return new(origin.Created ? ImportOutcome.Created : ImportOutcome.Updated, article.Notes);
        if (origin.Hash == article.Hash) return new(ImportOutcome.Skipped, []);
        if (before.Version != origin.Version) return Skipped("The newsroom has changed it since it was imported: it stays as it is.");
        if (import.DryRun) return new(ImportOutcome.Updated, article.Notes);
        await ShelveUnlisted(item, article, ct);
        var after = await taxonomies.Renew(article.Update(before, import.Id, user, clock.Now()), ct);
        await articles.Save(before, after, await Quietly(before, after, ct), ct);
        return new(ImportOutcome.Updated, article.Notes);
    }

    /// <summary>What the world is told, marked so that nobody is sent anything.</summary>
    private async Task<IReadOnlyList<object>> Quietly(Article before, Article after, CancellationToken ct) =>
        [.. (await announcements.Of(before, after, ct)).Select(m => m is ArticlePublished published ? published with { Imported = true, Text = null } : m)];

    /// <summary>Makes the categories and authors that the head lists, where they are not there.</summary>
    public async Task Shelve(ImportShelf shelf, CancellationToken ct)
    {
        foreach (var (slug, name, parent) in shelf.Categories()) await ShelveCategory(slug, name, parent, shelf.Language, ct);
        foreach (var (slug, name) in shelf.Authors()) await ShelveAuthor(slug, name, shelf.Language, ct);
    }

    /// <summary>An export of single posts may name categories and authors that its head does not.</summary>
    private async Task ShelveUnlisted(WxrItem item, ImportedArticle article, CancellationToken ct)
    {
        var (tree, language) = (await categories.Read(ct), article.Content.Language);
        foreach (var slug in article.Content.Categories.Where(c => tree.Find(c) is null))
            await ShelveCategory(slug, ImportShelf.NameOf(item.Categories.FirstOrDefault(c => WordPressText.Slug(c.Nicename) == slug || Text.Slug.From(WordPressText.Line(c.Name)) == slug)?.Name ?? "", slug), null, language, ct);
        var known = await authors.Find(article.Content.Authors, ct);
        foreach (var slug in article.Content.Authors.Where(a => !known.ContainsKey(a))) await ShelveAuthor(slug, ImportShelf.NameOf(item.Creator, slug), language, ct);
    }

    private async Task ShelveCategory(string slug, string name, string? parent, string language, CancellationToken ct)
    {
        if ((await categories.Read(ct)).Find(slug) is not null) return;
        var id = Guid.CreateVersion7();
        await categories.Change(tree => tree.Find(slug) is not null ? (tree, [])
            : tree.Add(new Category(id, 1, slug, new() { [language] = name }, parent is not null && tree.Find(parent) is not null ? parent : null, tree.Categories.Count + 1)), ct);
    }

    private async Task ShelveAuthor(string slug, string name, string language, CancellationToken ct)
    {
        if ((await authors.Find([slug], ct)).Count > 0) return;
        try { await authors.Insert(new Author(Guid.CreateVersion7(), 1, slug, new() { [language] = name }, null), ct); }
        catch (Problem e) when (e.Status == 409) { }   // another worker, or an editor, in the same moment
    }

    private static ImportResult Skipped(string note) => new(ImportOutcome.Skipped, [note]);

    private static string Said(Problem e) => e.Errors is { } errors ? string.Join(" ", errors.Select(f => $"{f.Key}: {string.Join(' ', f.Value)}")) : e.Message;
}
