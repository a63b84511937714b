using Platform.Articles.Features;
using Platform.Articles.Media;
using Platform.ServiceDefaults;

namespace Platform.Articles.Exports;

/// <summary>Writes everything, page by page in the order of an index: no cursor of the store lives longer than a page, however slowly a client reads, and no more than a page is in memory.</summary>
public sealed class Export(CategoryStore categories, AuthorStore authors, TagStore tags, PictureStore pictures, ArticleListStore articles, RevisionStore revisions, AuditStore audit, ArticleViews views,
    PlatformSettings settings, TimeProvider clock)
{
    public const int Format = 1;

    /// <summary>Small things, and articles, of which one may have 2 MB.</summary>
    private const int Many = 500, Some = 32;

    public async Task Write(JsonLines to, DateTimeOffset at, CancellationToken ct)
    {
        await to.Write("export", new ExportHead(Format, at, settings.Public(""), settings.Languages), ct);
        foreach (var c in (await categories.ReadNow(ct)).Categories) await to.Write("category", new ExportedCategory(c.Slug, c.Names, c.Parent, c.Position, c.Version, c.Former), ct);
        await Authors(to, ct);
        await Tags(to, ct);
        await Pictures(to, ct);
        await Articles(to, ct);
        await Log(to, ct);
        await to.Write("end", new ExportEnd(clock.Now(), new OrderedDictionary<string, long>(to.Counts)), ct);
    }

    private async Task Authors(JsonLines to, CancellationToken ct)
    {
        string? after = null;
        for (List<Author> page; (page = await authors.List(after, Many, ct)).Count > 0; after = page[^1].Slug)
        {
            var whole = await authors.Find([.. page.Select(a => a.Slug)], ct);   // with the slugs of those who were merged into them
            foreach (var author in page)
                await to.Write("author", new ExportedAuthor(author.Slug, author.Names, author.Bio, author.Version, [.. whole.GetValueOrDefault(author.Slug, author).Former()]), ct);
        }
    }

    private async Task Tags(JsonLines to, CancellationToken ct)
    {
        var merged = await tags.Merges(ct);
        string? after = null;
        for (List<TagStore.Tag> page; (page = await tags.All(after, Many, ct)).Count > 0; after = page[^1].Id)
            foreach (var tag in page)
                await to.Write("tag", new ExportedTag(tag.Name, tag.Id, merged.Current(tag.Id) is var now && now != tag.Id ? merged.Name(now) ?? now : null), ct);
    }

    private async Task Pictures(JsonLines to, CancellationToken ct)
    {
        Guid? before = null;
        for (List<Picture> page; (page = await pictures.List([], before, Many, ct)).Count > 0; before = page[^1].Id)
            foreach (var picture in page)
                await to.Write("media", ManageMedia.View(picture, settings), ct);
    }

    private async Task Articles(JsonLines to, CancellationToken ct)
    {
        var behind = Guid.Empty;
        for (List<Article> page; (page = await articles.All(behind, Some, ct)).Count > 0; behind = page[^1].Id)
        {
            foreach (var (view, article) in (await views.Of(page, ct)).Zip(page)) await to.Write("article", new ExportedArticle(view, article), ct);
            // Read after the articles, so that none of their versions before is missing.
            await Revisions(to, RevisionStore.Behind(behind), RevisionStore.Behind(page[^1].Id), page, ct);
        }
        await Revisions(to, RevisionStore.Behind(behind), RevisionStore.Last, [], ct);
    }

    /// <summary>Past versions of these articles up to the one that was written; and what is left of articles that were deleted and would stand among them.</summary>
    private async Task Revisions(JsonLines to, string behind, string upTo, IReadOnlyList<Article> written, CancellationToken ct)
    {
        var present = written.ToDictionary(a => a.Id, a => a.Version);
        for (IReadOnlyList<KeptRevision> page; (page = await revisions.Between(behind, upTo, Some, ct)).Count > 0; behind = page[^1].Key)
        {
            var told = page.Where(r => r.Forgotten || r.Article.Version < present.GetValueOrDefault(r.Article.Id)).ToArray();
            foreach (var (view, revision) in (await views.Of([.. told.Select(r => r.Article)], ct)).Zip(told)) await to.Write("revision", new ExportedArticle(view, revision.Article, revision.Forgotten), ct);
        }
    }

    private async Task Log(JsonLines to, CancellationToken ct)
    {
        (DateTimeOffset, string)? after = null;
        for (List<AuditEntry> page; (page = await audit.List(new LogFilter(After: after), Many, ct)).Count > 0; after = (page[^1].At, page[^1].Id.ToString()))
            foreach (var entry in page) await to.Write("log", ReadLog.View(entry), ct);
    }
}
