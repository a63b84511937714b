using Platform.Contracts;
using Platform.ServiceDefaults;

namespace Platform.Articles;

/// <summary>A category. Its slug is for ever: articles, subscriptions and addresses name it by that.</summary>
/// <param name="Version">Counts its changes; the ETag.</param>
/// <param name="Names">By language, at least one.</param>
/// <param name="Parent">Slug of the category above, or null at the top.</param>
/// <param name="Position">Order among its siblings, lowest first.</param>
public sealed record Category(Guid Id, long Version, string Slug, Dictionary<string, string> Names, string? Parent, int Position)
{
    /// <summary>The name in the language, else in the site's own (the first), else any.</summary>
    public string Name(string language, IReadOnlyList<string> languages) => Naming.In(Names, language, languages);
}

/// <summary>
/// All categories: few, read with every article and changed seldom, so they are one document. One versioned write keeps every rule at once:
/// slugs are unique, parents exist, there are no cycles.
/// </summary>
/// <param name="Version">Counts changes of any category.</param>
public sealed record CategoryTree(Guid Id, long Version, IReadOnlyList<Category> Categories) : IDocument
{
    public const int MaxCategories = 1000;

    /// <summary>The one document.</summary>
    public static readonly Guid TheId = new("01900000-0000-7000-8000-000000000001");
    public static readonly CategoryTree Empty = new(TheId, 1, []);

    /// <summary>Made when first asked for: the driver fills the record without its constructor.</summary>
    private Dictionary<string, Category> BySlug => field ??= Categories.ToDictionary(c => c.Slug);

    public Category? Find(string slug) => BySlug.GetValueOrDefault(slug);

    /// <exception cref="Problem">404.</exception>
    public Category Get(string slug) => Find(slug) ?? throw Problem.NotFound("category");

    /// <summary>The category and all below it.</summary>
    public IReadOnlyList<string> WithChildren(string slug)
    {
        var found = new List<string> { slug };
        for (var i = 0; i < found.Count; i++) found.AddRange(Categories.Where(c => c.Parent == found[i]).Select(c => c.Slug));
        return found;
    }

    /// <summary>These categories and all above them, each once.</summary>
    public IReadOnlyList<string> WithParents(IEnumerable<string> slugs) => [.. slugs.SelectMany(s => Up(s)).Distinct()];

    /// <exception cref="Problem">409 <c>category.slugTaken</c>; 422 <c>category.unknownParent</c>, <c>category.tooMany</c>.</exception>
    public (CategoryTree, CategoriesChanged?) Add(Category category)
    {
        if (Categories.Any(c => c.Id == category.Id)) return (this, null);   // a repeat after a crash
        if (Find(category.Slug) is not null) throw Problem.Conflict("category.slugTaken", "Another category has this slug.");
        if (Categories.Count >= MaxCategories) throw Problem.Rule("category.tooMany", $"At most {MaxCategories} categories.");
        return With([.. Categories, category], category);
    }

    /// <exception cref="Problem">404; 412 stale; 422 <c>category.unknownParent</c>, <c>category.cycle</c>.</exception>
    public (CategoryTree, CategoriesChanged?) Change(string slug, IfMatch expected, Dictionary<string, string> names, string? parent, int position)
    {
        var before = Get(slug);
        expected.Check(before.Version, "category");
        var after = before with { Version = before.Version + 1, Names = names, Parent = parent, Position = position };
        return With([.. Categories.Select(c => c.Slug == slug ? after : c)], after);
    }

    /// <exception cref="Problem">404; 412 stale; 409 <c>category.inUse</c> while there are categories below it.</exception>
    public (CategoryTree, CategoriesChanged?) Remove(string slug, IfMatch expected)
    {
        var gone = Get(slug);
        expected.Check(gone.Version, "category");
        if (Categories.Any(c => c.Parent == slug)) throw InUse();
        return With([.. Categories.Where(c => c.Slug != slug)], gone with { Version = gone.Version + 1 }, deleted: true);
    }

    public static Problem InUse() => Problem.Conflict("category.inUse", "Articles or other categories are in it.");

    private (CategoryTree, CategoriesChanged?) With(IReadOnlyList<Category> categories, Category changed, bool deleted = false)
    {
        var next = new CategoryTree(Id, Version + 1, categories);
        if (!deleted && changed.Parent is { } parent)
        {
            if (next.Find(parent) is null) throw Problem.Rule("category.unknownParent", "There is no such parent category.");
            if (next.Up(parent).Contains(changed.Slug)) throw Problem.Rule("category.cycle", "A category cannot lie below itself.");
        }
        return (next, new CategoriesChanged { CategoryId = changed.Id, Version = changed.Version, Slug = changed.Slug, Parent = changed.Parent, Deleted = deleted });
    }

    private List<string> Up(string slug)
    {
        var path = new List<string>();
        for (var at = slug; at is not null && !path.Contains(at); at = Find(at)?.Parent) path.Add(at);
        return path;
    }
}

internal static class Naming
{
    public static string In(IReadOnlyDictionary<string, string> names, string language, IReadOnlyList<string> languages) =>
        names.GetValueOrDefault(language) ?? languages.Select(names.GetValueOrDefault).FirstOrDefault(n => n is not null) ?? names.Values.First();
}
