using Platform.Articles.Revisions;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>What all changes of an article have in common: who may, the version it is based on, the messages that follow from it, one write, and the answer.</summary>
public sealed class ArticleChanges(ArticleStore store, RevisionStore revisions, Taxonomies taxonomies, Announcements announcements, ArticleViews views)
{
    /// <summary>The article that somebody wants to change, under the names of the moment, so that what it was filed under long ago is no difference to what is sent today; whether its status lets them is said by the change itself.</summary>
    /// <exception cref="Problem">404, 410, 403 by <see cref="Workflow"/>; 412 where it is based on another version, with what changed since (<see cref="Stale"/>).</exception>
    public async Task<Article> Open(Guid id, ArticleAction action, IfMatch expected, CurrentUser user, CancellationToken ct)
    {
        var article = await store.Get(id, user, ct);
        Workflow.DemandRights(article, action, user);
        if (expected.Version is { } version && version != article.Version) throw await Stale(await revisions.Find(id, version, ct), article, ct);
        return await taxonomies.Renew(article, ct);
    }

    /// <returns>What was saved.</returns>
    /// <exception cref="Problem">412: somebody else changed the article meanwhile; with what they changed.</exception>
    public async Task<Article> Save(Article before, Article after, CancellationToken ct) =>
        await Guard(before, store.Save(before, after, await announcements.Of(before, after, ct), ct), ct);

    /// <summary>As the other, with a slug to take; see <see cref="Article.SlugFor"/>.</summary>
    /// <exception cref="Problem">409 <c>article.slugTaken</c> for a given slug.</exception>
    public async Task<Article> Save(Article before, (string Slug, bool Given)? slug, Func<string?, Article> change, CancellationToken ct)
    {
        if (slug is not (var wanted, false)) return await Save(before, change(slug?.Slug), ct);
        return await Guard(before, store.SaveNumbered(before, wanted, async free =>
        {
            var after = change(free);
            return (after, await announcements.Of(before, after, ct));
        }, ct), ct);
    }

    /// <summary>Deletes this version for ever.</summary>
    /// <returns>What was deleted.</returns>
    /// <exception cref="Problem">412: somebody else changed it meanwhile.</exception>
    public Task<Article> Delete(Article article, CancellationToken ct) => Guard(article, store.Delete(article, ct), ct);

    public async Task<Versioned<ArticleView>> Show(Article article, CancellationToken ct)
    {
        var view = await views.Of(article, ct);
        return new Versioned<ArticleView>(view, view.Version);
    }

    /// <summary>
    /// 412 <c>article.versionConflict</c> for two at once, so that the second one can merge: <c>currentVersion</c>, and <c>changes</c> from the version that the
    /// caller has read to the current one, in the shape of a diff. Only for callers who may read revisions: <see cref="Open"/> has let them in.
    /// </summary>
    /// <param name="read">The version that the caller has read; null where there is none such: then there are no <c>changes</c>.</param>
    private async Task<Problem> Stale(Article? read, Article current, CancellationToken ct)
    {
        var problem = Problem.Stale("article");
        var more = new Dictionary<string, object?> { ["currentVersion"] = current.Version };
        if (read is not null) more["changes"] = ArticleDiff.Between(await taxonomies.Renew(read, ct), await taxonomies.Renew(current, ct));
        return new Problem(problem.Status, problem.Code, problem.Message) { Extensions = more };
    }

    private async Task<Article> Guard(Article before, Task<Article> write, CancellationToken ct)
    {
        try
        {
            return await write;
        }
        catch (Problem e) when (e.Status == 412)
        {
            throw await store.Find(before.Id, ct) is { } current ? await Stale(before, current, ct) : Problem.NotFound("article");
        }
    }
}
