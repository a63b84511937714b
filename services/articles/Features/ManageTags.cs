using Platform.ServiceDefaults;
using Platform.Text;

namespace Platform.Articles.Features;

/// <summary>Anyone reads the tags that published articles have; editors rename and merge them.</summary>
public static class ManageTags
{
    /// <param name="Into">The tag that it becomes, as it is written from now on; at most 80 characters.</param>
    public sealed record MergeTagRequest(string? Into = null);

    public sealed record TagView(string Tag);

    /// <summary>A page of the tags in use, in alphabetical order of their comparison forms. A page may be short of the limit before the end.</summary>
    /// <returns>200; 400.</returns>
    public static async Task<Page<TagView>> List(PageRequest page, HttpResponse response, CurrentUser user, TagStore store, Cursors cursors, CancellationToken ct)
    {
        if (page.Cursor is not (null or ["tags", _])) throw Cursors.Foreign();
        var (tags, next) = await store.List(page.Cursor?[1], page.Limit, ct);
        response.ForReaders(user, CacheTags.Articles, CacheTags.Categories);
        return new([.. tags.Select(t => new TagView(t.Name))], next is null ? null : cursors.Encode("tags", next));
    }

    /// <summary>A tag that a published article has, however it is spelt.</summary>
    /// <returns>200; 301 where it has become another; 404.</returns>
    public static async Task<IResult> Get(string tag, HttpResponse response, CurrentUser user, TagStore store, PlatformSettings settings, CancellationToken ct)
    {
        var key = Normaliser.Fold(tag);
        var now = (await store.Merges(ct)).Current(key);
        // Of a tag that drafts alone have nothing is told, nor of what it has become.
        if (key.Length == 0 || !await store.InUse(now, ct)) throw Problem.NotFound("tag");
        var name = await store.Find(now, ct) ?? tag;
        if (now != key) return response.Moved(settings, "/api/tags/" + name);
        response.ForReaders(user, CacheTags.Tag(name), CacheTags.Articles, CacheTags.Categories);
        return TypedResults.Ok(new TagView(name));
    }

    /// <summary>Makes one tag of two, or gives a tag another name: the links of the one that goes lead to the other for ever, its articles show the other at once. To bring a former name back, merge into it.</summary>
    /// <returns>200 with the other one, also where that has happened already; 400; 404 a tag that no article ever had; 422 <c>tag.mergeIntoItself</c>, <c>tag.tooManyMerges</c>.</returns>
    public static async Task<TagView> Merge(string tag, MergeTagRequest request, TagStore store, CancellationToken ct)
    {
        var key = Normaliser.Fold(tag);
        if (key.Length == 0 || await store.Find(key, ct) is null) throw Problem.NotFound("tag");
        var errors = new FieldErrors();
        var into = Normaliser.OneLine(errors.Text(request.Into, 80).TrimStart('#', ' '));
        errors.ThrowIfAny();
        var target = Normaliser.Fold(into);
        if (target.Length is 0 or > ArticleInput.MaxTagKey) throw Problem.Invalid("into", "Not a tag.");
        if (key == target) throw Problem.Rule("tag.mergeIntoItself", "A tag cannot be merged into itself; how an article's tag is written, the article says.");
        return new((await store.Merge(key, into, ct)) ?? into);
    }
}
