using System.Globalization;
using Platform.ServiceDefaults;

namespace Platform.Articles.Features;

/// <summary>Anyone reads the categories; editors keep them.</summary>
public static class ManageCategories
{
    /// <param name="Slug">Lower-case letters of any script, digits, single hyphens; at most 100 characters. Another one than before renames the category: the one before leads to it for ever.</param>
    /// <param name="Names">By language, of 80 characters at most; at least one.</param>
    /// <param name="Parent">Slug of the category above, current or former; absent at the top.</param>
    /// <param name="Position">Order among its siblings, lowest first.</param>
    public sealed record CategoryInput(string? Slug = null, Dictionary<string, string>? Names = null, string? Parent = null, int? Position = null);

    /// <param name="Into">Slug of the category that it becomes a part of.</param>
    public sealed record MergeCategoryRequest(string? Into = null);

    public sealed record CategoryView(string Slug, IReadOnlyDictionary<string, string> Names, string? Parent, int Position);

    /// <summary>A page of the categories, by position.</summary>
    public static async Task<Page<CategoryView>> List(PageRequest page, HttpResponse response, CurrentUser user, CategoryStore store, Cursors cursors, CancellationToken ct)
    {
        var sorted = InOrder(await store.Read(ct));
        if (page.Cursor is [var position, var slug] && int.TryParse(position, CultureInfo.InvariantCulture, out var after)) sorted = sorted.Where(c => c.Position > after || (c.Position == after && string.CompareOrdinal(c.Slug, slug) > 0));
        response.ForReaders(user, CacheTags.Categories);
        return page.Cut([.. sorted.Take(page.Limit + 1)], cursors, c => [c.Position.ToString(CultureInfo.InvariantCulture), c.Slug], View);
    }

    internal static IEnumerable<Category> InOrder(CategoryTree tree) => tree.Categories.OrderBy(c => c.Position).ThenBy(c => c.Slug, StringComparer.Ordinal);

    /// <summary>A category.</summary>
    /// <returns>200; 301 where it has another slug by now, or its slug is spelt otherwise; 304; 404.</returns>
    public static async Task<IResult> Get(string slug, HttpResponse response, CurrentUser user, CategoryStore store, PlatformSettings settings, CancellationToken ct)
    {
        var tree = await store.Read(ct);
        var category = tree.Find(slug) ?? tree.Get(Text.Slug.From(slug));
        if (category.Slug != slug) return response.Moved(settings, "/api/categories/" + category.Slug);
        response.ForReaders(user, CacheTags.Categories);
        return new Versioned<CategoryView>(View(category), category.Version);
    }

    /// <summary>Makes a category.</summary>
    /// <returns>201 with Location and ETag; 400; 409 <c>category.slugTaken</c>; 422 <c>category.unknownLanguage</c>, <c>category.unknownParent</c>.</returns>
    public static async Task<Versioned<CategoryView>> Create(CategoryInput request, NewId id, CategoryStore store, PlatformSettings settings, CancellationToken ct)
    {
        var checkedInput = Check(request, settings);
        var tree = await store.Change(t => t.Add(new Category(id.Value, 1, checkedInput.Slug, checkedInput.Names, checkedInput.Parent, checkedInput.Position)), ct);
        var made = tree.Categories.First(c => c.Id == id.Value);
        return new(View(made), made.Version, StatusCodes.Status201Created, settings.Public("/api/categories/" + made.Slug));
    }

    /// <summary>Renames, moves or reorders a category. What it was called before leads to it for ever.</summary>
    /// <returns>200; 400; 404; 409 <c>category.slugTaken</c>, now or by a former one; 412 stale; 422 <c>category.unknownLanguage</c>, <c>category.unknownParent</c>, <c>category.cycle</c>, <c>category.tooMany</c>.</returns>
    public static async Task<Versioned<CategoryView>> Change(string slug, CategoryInput request, IfMatch expected, CategoryStore store, PlatformSettings settings, CancellationToken ct)
    {
        var (given, names, parent, position) = Check(request, settings);
        var changed = (await store.Change(t => t.Change(slug, expected, given, names, parent, position), ct)).Get(given);
        return new(View(changed), changed.Version);
    }

    /// <summary>
    /// Makes one category of two: the slugs of the one that goes lead to the other for ever, its articles show under the other at once, what lies below it moves there.
    /// If-Match, of the one that goes, is honoured where it is sent.
    /// </summary>
    /// <returns>200 with the other one, also where that has happened already; 400; 404; 412 stale; 422 <c>category.unknownTarget</c>, <c>category.mergeIntoItself</c>.</returns>
    public static async Task<Versioned<CategoryView>> Merge(string slug, MergeCategoryRequest request, HttpContext http, CategoryStore store, CancellationToken ct)
    {
        var expected = IfMatch.Optional(http);
        var errors = new FieldErrors();
        var into = errors.Text(request.Into, Text.Slug.MaxLength);
        errors.ThrowIfAny();
        var whole = (await store.Change(t => t.Merge(slug, expected, into), ct)).Get(into);
        return new(View(whole), whole.Version);
    }

    /// <summary>Deletes a category that is not in use by any of its slugs, and those with it. If-Match is honoured where it is sent.</summary>
    /// <returns>204; 404, also by a former slug; 409 <c>category.inUse</c>; 412 stale.</returns>
    public static async Task<IResult> Delete(string slug, HttpContext http, CategoryStore store, ArticleStore articles, CancellationToken ct)
    {
        var expected = IfMatch.Optional(http);
        var category = (await store.ReadNow(ct)).Get(slug);
        if (category.Slug != slug) throw Problem.NotFound("category");
        // An article that is filed under it in the same moment keeps the slug, which is then shown in place of the name.
        if (await articles.UsesCategory(category.AllSlugs(), ct)) throw CategoryTree.InUse();
        await store.Change(t => t.Remove(slug, expected), ct);
        return TypedResults.NoContent();
    }

    internal static CategoryView View(Category category) => new(category.Slug, category.Names, category.Parent, category.Position);

    private static (string Slug, Dictionary<string, string> Names, string? Parent, int Position) Check(CategoryInput request, PlatformSettings settings)
    {
        var errors = new FieldErrors();
        var slug = Checks.Slug(errors, request.Slug);
        var names = Checks.Names(errors, request.Names);
        var parent = errors.OptionalText(request.Parent, Text.Slug.MaxLength);
        errors.Check(request.Position is not null, "position", "Required.");
        errors.ThrowIfAny();
        Checks.Languages(names, settings, "category");
        return (slug, names, parent, request.Position!.Value);
    }
}
