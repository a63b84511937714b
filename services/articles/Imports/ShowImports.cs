using Platform.ServiceDefaults;

namespace Platform.Articles.Imports;

/// <summary>Editors watch imports.</summary>
public static class ShowImports
{
    /// <summary>How an import goes.</summary>
    /// <param name="Phase"><c>reading</c>, <c>articles</c>, <c>comments</c>, <c>done</c> or <c>failed</c>.</param>
    /// <param name="Total">Items in the file; grows while it is read.</param>
    /// <param name="Done">Items that the phase is through with.</param>
    /// <param name="Created">Articles that were not there.</param>
    /// <param name="Updated">Articles that had changed in the file.</param>
    /// <param name="Skipped">Items that were there already, that the newsroom has changed since, or that are no posts.</param>
    /// <param name="Failed">Items that could not be taken, with the reason: the first 1,000; where there are more, the last entry says how many. An import that failed as a whole says why here.</param>
    /// <param name="Notes">What was skipped or taken otherwise than it stood there, with the reason: the first 1,000.</param>
    /// <param name="EtaSeconds">Seconds that are left; null while nothing can be said.</param>
    public sealed record ImportView(Guid Id, string Phase, bool DryRun, long Total, long Done, long Created, long Updated, long Skipped, IReadOnlyList<ImportNote> Failed, IReadOnlyList<ImportNote> Notes, long? EtaSeconds);

    /// <returns>200; 404.</returns>
    public static async Task<ImportView> Get(Guid id, HttpResponse response, ImportStore store, CancellationToken ct)
    {
        response.Headers.CacheControl = "private, no-store";
        return await store.Find(id, ct) is { Phase: not ImportPhase.Receiving } import ? await View(import, store, ct) : throw Problem.NotFound("import");
    }

    /// <summary>A page of the imports, newest first.</summary>
    public static async Task<Page<ImportView>> List(PageRequest page, HttpResponse response, ImportStore store, Cursors cursors, CancellationToken ct)
    {
        response.Headers.CacheControl = "private, no-store";
        var found = await store.List(page.Cursor is ["imports", var before] ? Guid.Parse(before) : page.Cursor is null ? null : throw Cursors.Foreign(), page.Limit + 1, ct);
        var views = new List<ImportView>();
        foreach (var import in found.Take(page.Limit)) views.Add(await View(import, store, ct));
        return new(views, found.Count > page.Limit ? cursors.Encode("imports", found[page.Limit - 1].Id.ToString()) : null);
    }

    private static async Task<ImportView> View(Import i, ImportStore store, CancellationToken ct)
    {
        IReadOnlyList<ImportNote> failed = i.Failed > 0 ? await store.Reports(i.Id, failed: true, ct) : [];
        if (i.Failed > failed.Count) failed = [.. failed, new("", $"and {i.Failed - failed.Count} more")];
        if (i.Reason is { } reason) failed = [new("the file", reason), .. failed];
        return new(i.Id, EnumNames<ImportPhase>.Of(i.Phase == ImportPhase.Pictures ? ImportPhase.Reading : i.Phase), i.DryRun, i.Total, i.Done, i.Created, i.Updated, i.Skipped, failed, i.Notes > 0 ? await store.Reports(i.Id, failed: false, ct) : [], i.EtaSeconds);
    }
}
