using System.Globalization;
using Platform.Articles.Revisions;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <param name="Name">As it was when this was done.</param>
public sealed record Person(Guid Id, string Name);

/// <summary>The writer of an article and editors read what it was before.</summary>
public static class ReadRevisions
{
    /// <summary>A version of an article in one line.</summary>
    /// <param name="Action">What made it.</param>
    /// <param name="Note">A correction's note, or why it was returned or withdrawn, or null.</param>
    /// <param name="PublishAt">When it becomes public; only while scheduled.</param>
    /// <param name="RestoredFrom">The version whose content this one brought back, or null.</param>
    public sealed record RevisionView(long Version, RevisionAction Action, DateTimeOffset At, Person By, ArticleStatus Status, string Title, DateTimeOffset? PublishAt, string? Note, long? RestoredFrom);

    /// <summary>A page of an article's versions, newest first; the current one is the first of all.</summary>
    /// <returns>200; 400; 403; 404.</returns>
    public static async Task<Page<RevisionView>> List(Guid id, PageRequest page, HttpResponse response, ArticleStore store, RevisionStore revisions, CurrentUser user, Cursors cursors, CancellationToken ct)
    {
        var article = await Open(id, response, store, user, ct);
        if (page.Cursor is not null and not ["revisions", _, _] || (page.Cursor is [_, var of, _] && of != id.ToString())) throw Cursors.Foreign();
        var before = page.Cursor is [_, _, var version] ? long.Parse(version, CultureInfo.InvariantCulture) : article.Version;
        var lines = await revisions.Before(id, before, page.Limit + 1, ct);
        if (page.Cursor is null) lines.Insert(0, new RevisionLine(article));
        return page.Cut(lines, cursors, l => ["revisions", id.ToString(), l.Version.ToString(CultureInfo.InvariantCulture)], View);
    }

    /// <summary>The whole article as it was at a version. Names of categories and authors, comments and translations are today's.</summary>
    /// <returns>200; 304; 403; 404 <c>article.notFound</c>, <c>revision.notFound</c>.</returns>
    public static async Task<Versioned<ArticleView>> Get(Guid id, long version, HttpResponse response, ArticleStore store, RevisionStore revisions, ArticleViews views, CurrentUser user, CancellationToken ct)
    {
        var then = await Version(await Open(id, response, store, user, ct), version, revisions, ct);
        return new(await views.Of(then, ct), version);
    }

    /// <summary>What differs between two versions: each field's value <c>before</c> (in <c>against</c>, by default the version before) and <c>after</c>; the body by words of its text.</summary>
    /// <returns>200; 400; 403; 404 <c>article.notFound</c>, <c>revision.notFound</c>.</returns>
    public static async Task<IReadOnlyList<FieldChange>> Diff(Guid id, long version, string? against, HttpResponse response, ArticleStore store, RevisionStore revisions, CurrentUser user, CancellationToken ct)
    {
        var article = await Open(id, response, store, user, ct);
        if (against is not null && !long.TryParse(against, NumberStyles.None, CultureInfo.InvariantCulture, out _)) throw Problem.Invalid("against", "The number of a version.");
        var after = await Version(article, version, revisions, ct);
        // Before the first version there was nothing.
        var before = against is not null ? await Version(article, long.Parse(against, CultureInfo.InvariantCulture), revisions, ct) : version > 1 ? await Version(article, version - 1, revisions, ct) : null;
        return ArticleDiff.Between(before, after);
    }

    /// <summary>The article at a version, past or current.</summary>
    /// <exception cref="Problem">404 <c>revision.notFound</c>.</exception>
    internal static async Task<Article> Version(Article article, long version, RevisionStore revisions, CancellationToken ct) =>
        version == article.Version ? article : await revisions.Find(article.Id, version, ct) ?? throw Problem.NotFound("revision");

    internal static string? Note(RevisionLine line) => line.Action switch
    {
        RevisionAction.Corrected => line.Corrections[^1].Note,
        RevisionAction.Returned or RevisionAction.Withdrawn => line.Reason,
        _ => null,
    };

    private static async Task<Article> Open(Guid id, HttpResponse response, ArticleStore store, CurrentUser user, CancellationToken ct)
    {
        var article = await store.Get(id, user, ct);
        Workflow.Demand(article, ArticleAction.ReadRevisions, user);
        response.Headers.CacheControl = "private, no-cache";
        return article;
    }

    private static RevisionView View(RevisionLine line) => new(line.Version, line.Action, line.At, new Person(line.By, line.ByName ?? ""), line.Status, line.Title, line.PublishAt, Note(line), line.RestoredFrom);
}
